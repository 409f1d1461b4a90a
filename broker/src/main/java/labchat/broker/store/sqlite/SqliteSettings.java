package labchat.broker.store.sqlite;

import java.time.Duration;
import java.util.Objects;

/**
 * How the store writes and what it keeps.
 *
 * @param sync what a commit waits for
 * @param retention how long publishes are kept; zero for ever
 * @param retentionBytes above how many bytes in use in the file the oldest publishes are deleted; 0 for no bound
 * @param maxUnfilled how many publishes may be in the journal only before the store counts as behind; of large ones
 *     fewer, see {@link #maxUnfilledBytes}
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

    private static final int MOST_UNFILLED = 2_000_000;
    private static final int HEAP_FOR_EACH = 128;

    /** What is more is made up for by less: a gigabyte for two million. */
    private static final int BYTES_OF_EACH = 512;

    public SqliteSettings {
        Objects.requireNonNull(sync, "sync");
        Objects.requireNonNull(retention, "retention");
        if (retention.isNegative() || retentionBytes < 0 || maxUnfilled < 1 || maxQueuedBytes < 1) {
            throw new IllegalArgumentException("negative bounds: %s, %d bytes, %d publishes, %d queued bytes"
                    .formatted(retention, retentionBytes, maxUnfilled, maxQueuedBytes));
        }
    }

    /**
     * With 32 MB that may wait for their commit, and two million publishes that may be in the journal only, in a heap of
     * less than 256 MB fewer: each takes some 16 to 24 bytes of it, and up to 20 in each thread that reads.
     */
    public SqliteSettings(Sync sync, Duration retention, long retentionBytes) {
        this(
                sync,
                retention,
                retentionBytes,
                (int) Math.min(MOST_UNFILLED, Runtime.getRuntime().maxMemory() / HEAP_FOR_EACH),
                32L << 20);
    }

    /** How many bytes of the journal may be in it only. */
    long maxUnfilledBytes() {
        return (long) maxUnfilled * BYTES_OF_EACH;
    }
}
