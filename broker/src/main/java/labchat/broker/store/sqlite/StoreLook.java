package labchat.broker.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import labchat.broker.store.StoreException;

/**
 * What can be seen of a store's file from outside, while a broker runs or not. Nothing is written.
 *
 * @param version of its tables
 * @param newest the version that this broker makes of them
 * @param bytes its size
 * @param wholeFile whether all of it was read, and found undamaged; a large file is only opened
 */
public record StoreLook(int version, int newest, long bytes, boolean wholeFile) {

    private static final long READ_WHOLE_BYTES = 64L << 20;

    /**
     * Looks; takes up to a second.
     *
     * @throws StoreException in one line if it is not one that this broker can use
     */
    public static StoreLook at(Path file) {
        try {
            long bytes = Files.size(file);
            boolean whole = bytes <= READ_WHOLE_BYTES;
            // With the log beside it somebody else may be writing; without it, none must be made.
            boolean inUse = Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
            try (Connection connection = inUse ? Database.openReader(file) : Database.openReadOnly(file)) {
                Checks.refuseUnknown(file, connection);
                if (whole) {
                    Checks.refuseDamaged(file, connection);
                }
                return new StoreLook(Schema.version(connection), Schema.VERSION, bytes, whole);
            }
        } catch (SQLException e) {
            throw SqliteStore.cannotOpen(file, e);
        } catch (IOException e) {
            throw new StoreException("%s cannot be read (%s)".formatted(file, Database.reason(e)), e);
        }
    }
}
