package labchat.client.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.MqttVersion;
import labchat.client.session.Password;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.client.session.SessionState;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The session with a server and a time that the test makes. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HiveMqChatSessionTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final ConnectSettings SETTINGS = new ConnectSettings(
            "localhost",
            1883,
            ME,
            new Password("secret"),
            MqttVersion.V5,
            OptionalInt.empty(),
            Duration.ofSeconds(60),
            ChatTopics.DEFAULT);

    private final List<FakeLink> links = new CopyOnWriteArrayList<>();
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    private final ManualLoop loop = new ManualLoop();
    private final HiveMqChatSession session = new HiveMqChatSession(
            SETTINGS,
            Interest.CHAT,
            events::add,
            listener -> {
                FakeLink link = new FakeLink(listener);
                links.add(link);
                return link;
            },
            Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC),
            loop,
            new Random(1));

    @AfterEach
    void stop() {
        loop.shutdownNow();
    }

    private FakeLink link(int number) {
        await().until(() -> links.size() > number);
        return links.get(number);
    }

    private FakeLink connected() {
        session.start();
        link(0).connected.complete(null);
        await().until(() -> session.state() == SessionState.CONNECTED);
        return link(0);
    }

    private static ChatMessage message(String uuid) {
        return new ChatMessage(ME, TEAM2A, "text " + uuid, new MessageUuid(uuid));
    }

    private <E extends SessionEvent> E event(Class<E> type) {
        await().until(() -> events.stream().anyMatch(type::isInstance));
        return type.cast(events.stream().filter(type::isInstance).findFirst().orElseThrow());
    }

    private static LinkException failure(SessionFailure.Kind kind) {
        return new LinkException(kind, "because " + kind, null);
    }

    @Test
    void start_subscribesToTheOwnTreeAndToPresence() {
        FakeLink link = connected();

        assertThat(link.subscribed).containsExactly("ttm4175/chat/team1a/#", "ttm4175/chat/+/presence");
        assertThat(events).containsExactly(new SessionEvent.Connected("localhost:1883", false));
    }

    @Test
    void whatComesBeforeAllSubscriptionsAreAnswered_isToldBehindTheConnection() {
        session.start();
        FakeLink link = link(0);
        link.heldFilter = "ttm4175/chat/+/presence";
        link.connected.complete(null);
        await().until(() -> link.subscribed.size() == 2);
        String message = "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"message\":\"Hei!\",\"uuid\":\"m1\"}";
        link.listener.arrived("ttm4175/chat/team1a/message", 1, message.getBytes(UTF_8), Optional.empty());
        link.heldAnswer.complete(null);
        await().until(() -> events.size() == 2);

        assertThat(events.get(0)).isInstanceOf(SessionEvent.Connected.class);
        assertThat(events.get(1)).isInstanceOf(SessionEvent.Arrived.class);
    }

    @Test
    void presenceRefused_isNoError() {
        session.start();
        link(0).refusedFilter = "ttm4175/chat/+/presence";
        link(0).connected.complete(null);

        assertThat(event(SessionEvent.Connected.class).again()).isFalse();
    }

    @Test
    void ownTreeRefused_endsTheSessionAsNotAuthorised() {
        session.start();
        link(0).refusedFilter = "ttm4175/chat/team1a/#";
        link(0).connected.complete(null);

        assertThat(event(SessionEvent.Ended.class).failure().kind()).isEqualTo(SessionFailure.Kind.NOT_AUTHORISED);
    }

    @Test
    void firstConnection_thatFails_endsTheSession() {
        session.start();
        link(0).connected.completeExceptionally(failure(SessionFailure.Kind.UNAVAILABLE));

        assertThat(event(SessionEvent.Ended.class).failure().kind()).isEqualTo(SessionFailure.Kind.UNAVAILABLE);
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        assertThatThrownBy(session.publish(message("m1"))::join).hasMessageContaining("the session has ended");
    }

    @Test
    void laterConnection_thatFails_isTriedAgainWithLongerPauses() {
        connected().listener.lost("cable");
        await().until(() -> loop.delays().size() == 1);
        loop.passTime();
        link(1).connected.completeExceptionally(failure(SessionFailure.Kind.UNAVAILABLE));
        await().until(() -> loop.delays().size() == 2);
        loop.passTime();
        link(2).connected.complete(null);
        await().until(() -> events.contains(new SessionEvent.Connected("localhost:1883", true)));

        assertThat(loop.delays().get(0)).isBetween(800L, 1_200L);
        assertThat(loop.delays().get(1)).isBetween(1_600L, 2_400L);
        assertThat(event(SessionEvent.ConnectionLost.class).reason()).isEqualTo("cable");
    }

    @Test
    void laterLogin_thatIsRefused_endsTheSession() {
        connected().listener.lost("cable");
        await().until(() -> loop.delays().size() == 1);
        loop.passTime();
        link(1).connected.completeExceptionally(failure(SessionFailure.Kind.LOGIN_REFUSED));

        assertThat(event(SessionEvent.Ended.class).failure().kind()).isEqualTo(SessionFailure.Kind.LOGIN_REFUSED);
    }

    @Test
    void publishes_goOutInOrderAndCompleteWithTheirAcknowledgement() {
        FakeLink link = connected();
        CompletableFuture<Void> first = session.publish(message("m1"));
        CompletableFuture<Void> second = session.publish(message("m2"));
        await().until(() -> link.published.size() == 2);

        assertThat(link.uuids()).containsExactly("m1", "m2");
        assertThat(link.published.get(0).topic()).isEqualTo("ttm4175/chat/team2a/message");
        assertThat(link.published.get(0).qos()).isEqualTo(1);
        assertThat(first).isNotDone();
        link.published.get(0).answer().complete(null);
        assertThat(first.join()).isNull();
        assertThat(second).isNotDone();
    }

    @Test
    void publishes_withoutAConnection_waitForTheNextInOrder() {
        connected().listener.lost("cable");
        await().until(() -> session.state() == SessionState.WAITING);
        session.publish(message("m1"));
        session.publish(message("m2"));
        session.publish(new Typing(ME, TEAM2A)).join();
        loop.passTime();
        link(1).connected.complete(null);
        await().until(() -> link(1).published.size() == 2);

        assertThat(link(1).uuids()).containsExactly("m1", "m2");
    }

    @Test
    void unacknowledgedPublishes_areSentAgainWithTheSameUuid_acknowledgedOnesAreNot() {
        FakeLink first = connected();
        session.publish(message("m1"));
        CompletableFuture<Void> second = session.publish(message("m2"));
        await().until(() -> first.published.size() == 2);
        first.published.get(0).answer().complete(null);
        first.published.get(1).answer().completeExceptionally(LinkException.connectionLost(null));
        first.listener.lost("cable");
        await().until(() -> loop.delays().size() == 1);
        loop.passTime();
        link(1).connected.complete(null);
        await().until(() -> !link(1).published.isEmpty());
        link(1).published.get(0).answer().complete(null);
        second.join();

        assertThat(link(1).uuids()).containsExactly("m2");
    }

    @Test
    void refusedPublish_isToldAndNotSentAgain() {
        FakeLink link = connected();
        CompletableFuture<Void> answer = session.publish(message("m1"));
        await().until(() -> link.published.size() == 1);
        link.published.get(0).answer().completeExceptionally(failure(SessionFailure.Kind.NOT_AUTHORISED));

        assertThatThrownBy(answer::join).cause().isInstanceOf(SessionException.class);
        assertThat(event(SessionEvent.Unsent.class).failure().kind()).isEqualTo(SessionFailure.Kind.NOT_AUTHORISED);
    }

    @Test
    void publishWithoutAcknowledgement_timesOut() {
        FakeLink link = connected();
        CompletableFuture<Void> answer = session.publish(message("m1"));
        await().until(() -> link.published.size() == 1);
        loop.passTime();

        assertThatThrownBy(answer::join).hasMessageContaining("not acknowledged it within 10 s");
        assertThat(event(SessionEvent.Unsent.class).failure().kind()).isEqualTo(SessionFailure.Kind.TIMED_OUT);
    }

    @Test
    void drain_waitsForAcknowledgementsAndTellsWhatIsLeft() throws InterruptedException {
        FakeLink link = connected();
        session.publish(message("m1"));
        await().until(() -> link.published.size() == 1);

        assertThat(session.drain(Duration.ofMillis(1))).isEqualTo(1);
        link.published.get(0).answer().complete(null);
        assertThat(session.drain(Duration.ofSeconds(10))).isZero();
        assertThat(link.roundTrips).hasSize(1);
    }

    @Test
    void incoming_isDecodedOrCalledMalformed() {
        FakeLink link = connected();
        String good = "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"message\":\"Hei!\",\"uuid\":\"m1\"}";
        link.listener.arrived("ttm4175/chat/team1a/message", 1, good.getBytes(UTF_8), Optional.empty());
        link.listener.arrived("ttm4175/chat/team1a/message", 1, "{broken".getBytes(UTF_8), Optional.empty());
        link.listener.arrived(
                "ttm4175/chat/team1a/delivered", 1, good.replace("team1a", "x1").getBytes(UTF_8), Optional.empty());
        await().until(() -> events.size() == 4);

        assertThat(events.get(1)).isInstanceOf(SessionEvent.Arrived.class);
        assertThat(events.get(2)).isInstanceOf(SessionEvent.Malformed.class);
        assertThat(events.get(3)).isInstanceOf(SessionEvent.Malformed.class);
        assertThat(((SessionEvent.Malformed) events.get(3)).reason()).contains("\"receiver\" is \"x1\"");
    }

    @Test
    void presenceAndDiagnostics_areRead_andOtherTopicsIgnored() {
        FakeLink link = connected();
        link.listener.arrived("ttm4175/chat/team1a/history", 1, "{}".getBytes(UTF_8), Optional.empty());
        link.listener.arrived("elsewhere/x", 1, "{}".getBytes(UTF_8), Optional.empty());
        link.listener.arrived(
                "ttm4175/chat/team2a/presence",
                1,
                "{\"sender\":\"team2a\",\"status\":\"online\",\"since\":\"2026-11-20T10:15:30.123Z\"}".getBytes(UTF_8),
                Optional.empty());
        link.listener.arrived(
                "ttm4175/chat/team1a/diagnostics",
                1,
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"code\":\"qos_0\"}".getBytes(UTF_8),
                Optional.empty());
        link.listener.arrived(
                "ttm4175/chat/team1a/diagnostics",
                1,
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"code\":\"invalid_json\",\"reason\":\"why\",\"topic\":\"t\",\"hint\":null}"
                        .getBytes(UTF_8),
                Optional.empty());
        await().until(() -> events.size() == 4);

        assertThat(events.get(1))
                .isEqualTo(new SessionEvent.Presence(
                        TEAM2A, true, Optional.of(Instant.parse("2026-11-20T10:15:30.123Z"))));
        assertThat(events.get(2)).isInstanceOfSatisfying(SessionEvent.Diagnostics.class, advice -> {
            assertThat(advice.code()).isEqualTo("qos_0");
            assertThat(advice.isRefusal()).isFalse();
        });
        assertThat(events.get(3)).isInstanceOfSatisfying(SessionEvent.Diagnostics.class, explanation -> {
            assertThat(explanation.topic()).contains("t");
            assertThat(explanation.code()).isEqualTo("invalid_json");
            assertThat(explanation.reason()).isEqualTo("why");
            assertThat(explanation.hint()).isEmpty();
            assertThat(explanation.isRefusal()).isTrue();
            assertThat(explanation.received().topic()).isEqualTo("ttm4175/chat/team1a/diagnostics");
            assertThat(explanation.received().payload()).contains("\"hint\":null");
        });
    }

    @Test
    void oldConnection_isNotHeardAnyMore() {
        FakeLink old = connected();
        old.listener.lost("cable");
        await().until(() -> loop.delays().size() == 1);
        loop.passTime();
        link(1).connected.complete(null);
        await().until(() -> session.state() == SessionState.CONNECTED);
        old.listener.lost("again");
        old.listener.arrived("ttm4175/chat/team1a/message", 1, "{broken".getBytes(UTF_8), Optional.empty());
        session.publish(message("m1"));
        await().until(() -> !link(1).published.isEmpty());

        assertThat(events).hasSize(3);
    }

    @Test
    void close_saysGoodbyeOnce() {
        FakeLink link = connected();
        session.close();
        session.close();

        assertThat(link.goodbyes).hasSize(1);
        assertThatThrownBy(session.publish(message("m1"))::join).hasMessageContaining("the session has ended");
    }
}
