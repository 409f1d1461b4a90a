package labchat.broker.config;

/** What a commit of the store waits for: SQLite's {@code synchronous}. */
public enum StoreSync {
    /** For the disk: what is acknowledged survives power loss. */
    FULL,
    /** For the operating system: it survives the end of the process, but the last of it perhaps not power loss. */
    NORMAL
}
