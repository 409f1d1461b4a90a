package labchat.broker.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Keeps durable sessions: those of MQTT 3.1.1 with clean session 0, of MQTT 5 with an expiry. Any thread. */
public interface SessionStore {

    /** All sessions that are kept, expired ones included. Reads from disk. */
    List<KeptSession> sessions();

    /** Keeps a session in place of the one with the same user and client id; done when it is on disk. */
    CompletionStage<Void> save(KeptSession session);

    /** Forgets a session; done when that is on disk. */
    CompletionStage<Void> remove(String user, String clientId);

    /** Notes up to which sequence number a session has got what it subscribes to. Written soon, not at once. */
    void position(String user, String clientId, long upTo);

    /** Keeps nothing. */
    static SessionStore none() {
        return NoFeatureStores.INSTANCE;
    }
}
