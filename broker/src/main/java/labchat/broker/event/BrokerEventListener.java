package labchat.broker.event;

/**
 * Hears what happens. Both methods are called on the connections' own threads: they must return at once, must not throw
 * and must not block; whoever has work to do puts it in a bounded queue.
 */
public interface BrokerEventListener {

    /** Something happened. */
    void onEvent(BrokerEvent event);

    /** A packet came in or went out. Called for every packet: cheap it must be. */
    void onPacket(PacketTrace packet);

    /** What a client waited for. */
    enum Wait {
        /** From CONNECT to CONNACK, of a login that was good. */
        LOGIN,
        /** From a publish of the chat with QoS 1 or 2 to its PUBACK or PUBREC. */
        ACKNOWLEDGEMENT
    }

    /** A client waited for so many nanoseconds; called only if {@link #wantsWaits()}. */
    default void onWait(Wait what, long nanos) {
        // For those who measure.
    }

    /** Whether waits are wanted; false spares the looks at the clock. */
    default boolean wantsWaits() {
        return false;
    }

    /** Whether packets' payloads should be in their traces. */
    default boolean wantsPayload() {
        return false;
    }

    /** Whether packets are wanted at all; false spares the making of their traces. */
    default boolean wantsPackets() {
        return true;
    }

    /** Whether what it wants changes while the broker runs; otherwise it is asked once. */
    default boolean changesItsWants() {
        return false;
    }
}
