package labchat.broker.store.sqlite;

import java.time.Duration;
import java.util.Objects;

/**
 * How the store writes and what it keeps.
 *
 * @param sync what a commit waits for
 * @param retention how long publishes are kept; zero for ever
 * @param retentionBytes above how many bytes in use in the file the oldest publishes are deleted; 0 for no bound
 * @param maxUnfilled how many publishes may be in the journal only before the store counts as behind
 * @param maxQueuedBytes how many bytes may wait for their commit before it does
 */
public record SqliteSettings(Sync sync, Duration retention, long retentionBytes, int maxUnfilled, long maxQueuedBytes) {

    /** Safe against power loss, a year, any size. */
    public static final SqliteSettings STANDARD = new SqliteSettings(Sync.FULL, Duration.ofDays(365), 0);

    /** What a commit waits for. */
    public enum Sync {
        /** For the disk: what is acknowledged survives power loss. */
        FULL,
        /** For the operating system: it survives the end of the process, but the last of it perhaps not power loss. */
        NORMAL
    }

    public SqliteSettings {
        Objects.requireNonNull(sync, "sync");
        Objects.requireNonNull(retention, "retention");
        if (retention.isNegative() || retentionBytes < 0 || maxUnfilled < 1 || maxQueuedBytes < 1) {
            throw new IllegalArgumentException("negative bounds: %s, %d bytes, %d publishes, %d queued bytes"
                    .formatted(retention, retentionBytes, maxUnfilled, maxQueuedBytes));
        }
    }

    /** With 100,000 publishes that may be in the journal only, and 32 MB that may wait for their commit. */
    public SqliteSettings(Sync sync, Duration retention, long retentionBytes) {
        this(sync, retention, retentionBytes, 100_000, 32L << 20);
    }
}
