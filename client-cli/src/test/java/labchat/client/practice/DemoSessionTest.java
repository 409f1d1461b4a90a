package labchat.client.practice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionState;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DemoSessionTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");

    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final DemoSession session = new DemoSession(
            ME, ChatTopics.DEFAULT, Clock.systemUTC(), events::add, (about, call) -> calls.add(call), 0);

    @AfterEach
    void close() {
        session.close();
    }

    private List<ChatKind> arrived() {
        return events.stream()
                .filter(SessionEvent.Arrived.class::isInstance)
                .map(event -> ((SessionEvent.Arrived) event).event())
                .map(ChatEvent::kind)
                .toList();
    }

    @Test
    void script_connects_typesAndWrites_byItself() {
        session.start();

        await().until(() -> arrived().equals(List.of(ChatKind.TYPING, ChatKind.MESSAGE)));
        assertThat(session.state()).isEqualTo(SessionState.CONNECTED);
        assertThat(calls)
                .contains(
                        "would connect to the server and log in as team1a",
                        "would subscribe to ttm4175/chat/team1a/# and ttm4175/chat/+/presence",
                        "would receive on ttm4175/chat/team1a/typing:"
                                + " {\"sender\":\"team2a\",\"receiver\":\"team1a\",\"status\":\"typing\"}");
    }

    @Test
    void message_isAcknowledged_deliveredReadAndAnswered() {
        session.start();
        await().until(() -> arrived().size() == 2);
        session.publish(new ChatMessage(ME, TEAM2A, "Hei!", new MessageUuid("u1")))
                .join();

        await().until(() -> arrived().size() == 6);
        assertThat(arrived().subList(2, 6))
                .containsExactlyInAnyOrder(ChatKind.DELIVERED, ChatKind.READ, ChatKind.TYPING, ChatKind.MESSAGE);
        assertThat(calls)
                .contains("would publish to ttm4175/chat/team2a/message, QoS 1: {\"sender\":\"team1a\","
                        + "\"receiver\":\"team2a\",\"message\":\"Hei!\",\"uuid\":\"u1\"}");
    }

    @Test
    void message_toSomebodyAway_isAcknowledgedOnly() {
        session.publish(new ChatMessage(ME, new ChatId("team3a"), "Hei!", new MessageUuid("u1")))
                .join();

        assertThat(arrived()).isEmpty();
    }

    @Test
    void history_isEmpty_andRoomsAreRefusedInWords() {
        assertThat(session.request(new ServerRequest.History(
                                new HistoryRequest(ME, Optional.of(TEAM2A), Optional.empty(), 20, Optional.empty())))
                        .join()
                        .messages())
                .isEmpty();
        assertThatThrownBy(() -> session.request(new ServerRequest.Rooms(new RoomsRequest(
                                ME,
                                RoomsRequest.Action.CREATE,
                                Optional.of(new ChatId("group_1")),
                                true,
                                Optional.empty())))
                        .join())
                .hasMessageContaining("the demo has no rooms");
        assertThat(calls).anyMatch(call -> call.startsWith("would ask on ttm4175/chat/server/history: "));
    }
}
