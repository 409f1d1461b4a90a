package labchat.broker.store.sqlite;

import java.nio.file.Path;

/** What to do about a file that cannot be used. */
final class Damage {

    private Damage() {}

    static String advice(Path file, String reason) {
        return "%s is damaged (%s): restore a backup with broker.jar restore FILE, or move the file away to start empty"
                .formatted(file, reason);
    }

    static String newer(Path file, int version) {
        return "%s was written by a newer broker (version %d of its tables, this broker knows %d): start that broker, or move the file away to start empty"
                .formatted(file, version, Schema.VERSION);
    }

    static String foreign(Path file) {
        return "%s is a database of another program: move it away, or name another data_dir".formatted(file);
    }
}
