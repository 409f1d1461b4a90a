package labchat.broker.config;

import java.time.Duration;
import java.util.Objects;

/**
 * What is kept on disk.
 *
 * @param isOn whether anything is
 * @param sync what an acknowledgement waits for
 * @param retention how long messages and receipts are kept; zero for ever
 * @param retentionBytes above which size of the file the oldest are deleted, in bytes; 0 for no bound
 */
public record StoreConfig(boolean isOn, StoreSync sync, Duration retention, long retentionBytes) {

    public StoreConfig {
        Objects.requireNonNull(sync, "sync");
        Objects.requireNonNull(retention, "retention");
    }
}
