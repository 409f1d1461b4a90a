package labchat.client.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.Notice;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.identity.ChatId;

/** What a session tells its listener. */
public sealed interface SessionEvent {

    /** Does one thing for each kind of event; the compiler reports a forgotten one. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of event. */
    interface Visitor<R> {
        R connected(Connected event);

        R connectionLost(ConnectionLost event);

        R ended(Ended event);

        R arrived(Arrived event);

        R malformed(Malformed event);

        R presence(Presence event);

        R diagnostics(Diagnostics event);

        R unsent(Unsent event);

        R rooms(Rooms event);

        R notice(NoticeCame event);

        R caughtUp(CaughtUp event);
    }

    /**
     * Logged in and subscribed.
     *
     * @param server host and port
     * @param again whether there was a connection before
     */
    record Connected(String server, boolean again) implements SessionEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.connected(this);
        }
    }

    /**
     * The connection is gone, or an attempt to make it again has failed.
     *
     * @param reason a few words
     * @param retryIn when the next attempt is due
     */
    record ConnectionLost(String reason, Duration retryIn) implements SessionEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.connectionLost(this);
        }
    }

    /** The session has ended by itself; the last event. */
    record Ended(SessionFailure failure) implements SessionEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ended(this);
        }
    }

    /**
     * A message, a receipt or a typing hint has come.
     *
     * @param payload the payload as it came, UTF-8 JSON
     * @param qos at which it was delivered
     */
    record Arrived(ChatEvent event, Instant at, String topic, int qos, String payload) implements SessionEvent {
        public Arrived {
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.arrived(this);
        }

        /** Without the payload, which holds the text. */
        @Override
        public String toString() {
            return "Arrived[%s, %s, %s, qos %d]".formatted(event, at, topic, qos);
        }
    }

    /** Something came on one of the chat's topics that is none of the protocol's. */
    record Malformed(String topic, String reason) implements SessionEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.malformed(this);
        }
    }

    /**
     * Somebody is or is not connected.
     *
     * @param since when that began; empty if never connected
     */
    record Presence(ChatId id, boolean online, Optional<Instant> since) implements SessionEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.presence(this);
        }
    }

    /**
     * A publish as it came.
     *
     * @param payload JSON, unchanged
     */
    record Received(Instant at, String topic, int qos, String payload) {}

    /**
     * The server explains what was wrong with something that this user's programs sent, or will not do what it was meant
     * to do.
     *
     * @param topic the topic or filter it is about; empty if none
     * @param code the stable word for the cause
     * @param received the explanation itself
     */
    record Diagnostics(Optional<String> topic, String code, String reason, Optional<String> hint, Received received)
            implements SessionEvent {

        /** Codes of what was passed on all the same, or was no publish; see docs/diagnostics.md. */
        private static final Set<String> NOTHING_REFUSED = Set.of(
                "qos_0",
                "unknown_message",
                "incomplete_subscription",
                "not_subscribed",
                "client_id_in_use",
                "wrong_password",
                "too_fast");

        /** Whether it is about something that was not passed on. */
        public boolean isRefusal() {
            return !NOTHING_REFUSED.contains(code);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.diagnostics(this);
        }
    }

    /** A publish that was refused, or never acknowledged. */
    record Unsent(ChatEvent event, SessionFailure failure) implements SessionEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unsent(this);
        }
    }

    /**
     * The server has told of rooms; those that the user is in are subscribed to by now.
     *
     * @param answer one without a fault
     */
    record Rooms(RoomsAnswer answer) implements SessionEvent {
        public Rooms {
            Objects.requireNonNull(answer, "answer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.rooms(this);
        }
    }

    /** Something has happened in a room that the user is in. */
    record NoticeCame(Notice notice) implements SessionEvent {
        public NoticeCame {
            Objects.requireNonNull(notice, "notice");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.notice(this);
        }
    }

    /**
     * What the server had kept while there was no connection has come; one such event follows each connection.
     *
     * @param serverAnswers whether the server can be asked when all that was sent
     */
    record CaughtUp(boolean serverAnswers) implements SessionEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.caughtUp(this);
        }
    }
}
