package labchat.broker.store.sqlite;

/** What tests may have go wrong. All is well unless they say otherwise. */
final class Faults {

    /** SQLite's own bound when none is set. */
    private static final long NO_BOUND = 4_294_967_294L;

    private volatile boolean fillingStopped;
    private volatile boolean placingStopped;
    private volatile long maxPages = NO_BOUND;

    /** Leaves publishes in the journal, also at the end. */
    void stopFilling(boolean stopped) {
        fillingStopped = stopped;
    }

    boolean isFillingStopped() {
        return fillingStopped;
    }

    /** Leaves publishes in the redo log, as long as nothing else is committed. */
    void stopPlacing(boolean stopped) {
        placingStopped = stopped;
    }

    boolean isPlacingStopped() {
        return placingStopped;
    }

    /** The file may not grow: as on a full disk. */
    void fillDisk() {
        maxPages = 1;
    }

    /** The file may grow again. */
    void freeDisk() {
        maxPages = NO_BOUND;
    }

    boolean isDiskFull() {
        return maxPages != NO_BOUND;
    }

    /** To how many pages the file may grow; one that is larger already stays as it is. */
    long maxPages() {
        return maxPages;
    }
}
