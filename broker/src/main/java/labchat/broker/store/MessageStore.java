package labchat.broker.store;

/**
 * Keeps chat publishes. The publisher's acknowledgement waits for it, delivery to receivers that are connected does not.
 */
public interface MessageStore {

    /**
     * Keeps a publish. Returns at once; may be called by any thread.
     *
     * @param durable run when the publish is safe, on any thread, exactly once; never run if it could not be kept
     */
    void append(AcceptedPublish publish, Runnable durable);

    /** A store that keeps nothing: everything counts as safe at once. */
    static MessageStore none() {
        return (publish, durable) -> durable.run();
    }
}
