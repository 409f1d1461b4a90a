package labchat.broker.event;

/** Publishes in the server's own name. May be used by any thread. */
public interface OutboundPublisher {

    /**
     * Delivers to everybody who is subscribed; returns at once. Nothing is kept for those who are not.
     *
     * @param payload handed over, not copied: nobody may change it afterwards
     * @param qos 0 to 2
     */
    void publish(String topic, byte[] payload, int qos);
}
