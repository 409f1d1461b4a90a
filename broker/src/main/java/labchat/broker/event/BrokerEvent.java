package labchat.broker.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Something that happened, once; one type for each cause. No event holds a password or a message's text. */
public sealed interface BrokerEvent {

    /** When it happened. */
    Instant time();

    /** Whose connection it is about. */
    ClientIdentity client();

    /**
     * A client is logged in and has its CONNACK.
     *
     * @param version {@code 3.1}, {@code 3.1.1} or {@code 5}
     * @param listener {@code tcp}, {@code ws}, {@code tls} or {@code wss}
     * @param keepAliveSeconds the keep-alive in force
     */
    record ClientConnected(Instant time, ClientIdentity client, String version, String listener, int keepAliveSeconds)
            implements BrokerEvent {}

    /** A CONNECT was answered with a refusal, or the connection was closed before it could be. */
    record LoginRefused(Instant time, ClientIdentity client, Refusal refusal) implements BrokerEvent {}

    /** A logged-in client went away. */
    record ClientDisconnected(Instant time, ClientIdentity client, Cause cause, String detail) implements BrokerEvent {

        /** Why a connection ended. */
        public enum Cause {
            /** The client sent DISCONNECT. */
            DISCONNECT,
            /** The connection broke, or the keep-alive ran out. */
            LOST,
            /** The same user connected again with the same client id. */
            TAKEN_OVER,
            /** The broker closed it for something the client did; the detail says what. */
            CLOSED_BY_BROKER,
            /** The broker is shutting down. */
            SHUTDOWN
        }
    }

    /** A subscription was granted. */
    record Subscribed(Instant time, ClientIdentity client, String filter, int qos) implements BrokerEvent {}

    /** A subscription was given up. */
    record Unsubscribed(Instant time, ClientIdentity client, String filter) implements BrokerEvent {}

    /**
     * A publish was passed on.
     *
     * @param chat what it says, if it is one of the four kinds
     * @param receivers to how many connections, or -1 if that is not known
     */
    record MessagePublished(
            Instant time,
            ClientIdentity client,
            String topic,
            int qos,
            boolean retain,
            int payloadBytes,
            Optional<ChatFields> chat,
            int receivers)
            implements BrokerEvent {}

    /**
     * A packet was refused, or passed on with an explanation (validation {@code warn}).
     *
     * @param packet the packet's type as the specification writes it, such as {@code PUBLISH}
     * @param topic the topic or filter it was about; empty if none
     */
    record PacketRefused(Instant time, ClientIdentity client, String packet, String topic, Refusal refusal)
            implements BrokerEvent {
        public PacketRefused {
            Objects.requireNonNull(refusal, "refusal");
        }
    }

    /**
     * Something was passed on that will not do what its author expects, and was explained to them.
     *
     * @param topic the topic or filter it was about; empty if none
     */
    record Advised(Instant time, ClientIdentity client, String topic, Refusal advice) implements BrokerEvent {
        public Advised {
            Objects.requireNonNull(advice, "advice");
        }
    }
}
