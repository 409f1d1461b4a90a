package labchat.broker.staff;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/** Events and packets as the broker tells them, and a clock that moves when it is told to. */
final class Happenings {

    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private Happenings() {}

    static final class Hands extends Clock {
        private Instant now = NOON;

        void forward(Duration span) {
            now = now.plus(span);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the test's clock is UTC's");
        }
    }

    static ClientIdentity client(String user, int port) {
        return new ClientIdentity(Optional.of(user), "laptop", "10.0.0.7:" + port);
    }

    static BrokerEvent connected(Instant time, String user, int port) {
        return new BrokerEvent.ClientConnected(time, client(user, port), "3.1.1", "tcp", 60);
    }

    static BrokerEvent gone(Instant time, String user, int port) {
        return new BrokerEvent.ClientDisconnected(
                time, client(user, port), BrokerEvent.ClientDisconnected.Cause.LOST, "");
    }

    static BrokerEvent refused(Instant time, String user, String packet, String topic, String code) {
        return new BrokerEvent.PacketRefused(time, client(user, 1), packet, topic, Refusal.of(code, "why"));
    }

    static BrokerEvent loginRefused(Instant time, String user) {
        return new BrokerEvent.LoginRefused(time, client(user, 1), Refusal.of("bad_password", "why"));
    }

    static BrokerEvent published(Instant time, String user, String topic, String kind) {
        return new BrokerEvent.MessagePublished(
                time, client(user, 1), topic, 1, false, 10, Optional.of(new ChatFields(kind, user, "team2a", "u")), 2);
    }

    static BrokerEvent subscribed(Instant time, String user) {
        return new BrokerEvent.Subscribed(time, client(user, 1), "ttm4175/chat/" + user + "/#", 1);
    }

    static PacketTrace packet(String user, String topic, Optional<Refusal> refusal, Optional<String> payload) {
        return new PacketTrace(
                NOON,
                client(user, 1),
                true,
                "PUBLISH",
                topic,
                1,
                false,
                false,
                1,
                10,
                -1,
                Optional.empty(),
                refusal,
                payload);
    }
}
