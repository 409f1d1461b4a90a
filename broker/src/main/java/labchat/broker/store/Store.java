package labchat.broker.store;

/** All that the broker keeps on disk. */
public interface Store extends AutoCloseable {

    MessageStore messages();

    HistoryStore history();

    SessionStore sessions();

    RoomStore rooms();

    AccountStore accounts();

    /** Writes what is not written yet and closes the files. */
    @Override
    void close();

    /** Keeps nothing. */
    static Store none() {
        return new Store() {
            @Override
            public MessageStore messages() {
                return MessageStore.none();
            }

            @Override
            public HistoryStore history() {
                return HistoryStore.none();
            }

            @Override
            public SessionStore sessions() {
                return SessionStore.none();
            }

            @Override
            public RoomStore rooms() {
                return RoomStore.none();
            }

            @Override
            public AccountStore accounts() {
                return AccountStore.none();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }
}
