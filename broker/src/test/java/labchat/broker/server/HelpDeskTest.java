package labchat.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import labchat.broker.TestClock;
import labchat.broker.event.ClientGateway;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpDeskTest {

    private static final ChatId TEAM1A = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");

    /** Keeps what is said. */
    private static final class Said implements ClientGateway {
        private final List<ChatMessage> messages = new ArrayList<>();

        @Override
        public void say(ChatEvent event) {
            messages.add((ChatMessage) event);
        }

        @Override
        public void endSubscriptions(ChatId user, ChatId room) {
            throw new AssertionError("no business of the help desk's");
        }

        @Override
        public void publish(String topic, byte[] payload, int qos) {
            throw new AssertionError("an answer is a chat message");
        }
    }

    private final Said said = new Said();
    private final TestClock clock = new TestClock("2026-11-20T10:15:30Z");

    private HelpDesk desk(String... requests) {
        return new HelpDesk(ChatTopics.DEFAULT, Set.of(requests), said, MessageUuid::random, clock);
    }

    private static ChatMessage from(ChatId sender, String text) {
        return new ChatMessage(sender, ChatId.SERVER, text, MessageUuid.random());
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "HELP", "Help", "  help\n", "\thElP "})
    void help_inAnyCaseAndWithSpaces_isAnsweredWithWhatOneCanDo(String text) {
        desk("rooms", "history").answer(from(TEAM1A, text));

        assertThat(said.messages).singleElement().satisfies(answer -> {
            assertThat(answer.sender()).isEqualTo(ChatId.SERVER);
            assertThat(answer.receiver()).isEqualTo(TEAM1A);
            assertThat(answer.text())
                    .contains("ttm4175/chat/team1a/#")
                    .contains("ttm4175/chat/+/presence")
                    .contains(
                            "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"Hei!\",\"uuid\":\"16fd2706\"}")
                    .contains("{\"sender\":\"team1a\",\"action\":\"list\"} to ttm4175/chat/server/rooms")
                    .contains("{\"sender\":\"team1a\",\"with\":\"team2a\",\"limit\":20} to ttm4175/chat/server/history")
                    .contains("ttm4175/chat/team1a/diagnostics")
                    .hasSizeLessThan(1600);
        });
    }

    @Test
    void help_whereTheServerTakesNoRequests_speaksOfNone() {
        desk().answer(from(TEAM1A, "help"));

        assertThat(said.messages.get(0).text()).doesNotContain("/server/").contains("+/presence");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hei!", "help me", "?", "  "})
    void anotherText_isAnsweredWithOneLineThatSaysToSendHelp(String text) {
        desk().answer(from(TEAM1A, text));

        assertThat(said.messages)
                .singleElement()
                .satisfies(answer ->
                        assertThat(answer.text()).contains("send me help").doesNotContain("\n"));
    }

    @Test
    void secondMessageWithinASecond_isNotAnswered_theNextOneAfterItIs() {
        HelpDesk desk = desk();
        desk.answer(from(TEAM1A, "help"));
        clock.set(clock.instant().plusMillis(999));
        desk.answer(from(TEAM1A, "help"));
        assertThat(said.messages).hasSize(1);

        clock.set(clock.instant().plusMillis(1));
        desk.answer(from(TEAM1A, "help"));
        assertThat(said.messages).hasSize(2);
        assertThat(said.messages).extracting(ChatMessage::uuid).doesNotHaveDuplicates();
    }

    @Test
    void pause_isEachUsersOwn() {
        HelpDesk desk = desk();
        desk.answer(from(TEAM1A, "help"));
        clock.set(clock.instant().plus(Duration.ofMillis(500)));
        desk.answer(from(TEAM2A, "help"));
        desk.answer(from(TEAM2A, "help"));
        clock.set(clock.instant().plus(Duration.ofMillis(500)));
        desk.answer(from(TEAM1A, "help"));
        desk.answer(from(TEAM2A, "help"));

        assertThat(said.messages).extracting(ChatMessage::receiver).containsExactly(TEAM1A, TEAM2A, TEAM1A);
    }

    @Test
    void messageFromTheServerItself_isNotAnswered() {
        desk().answer(from(ChatId.SERVER, "help"));

        assertThat(said.messages).isEmpty();
    }
}
