package labchat.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import labchat.broker.event.LateClientGateway;
import labchat.broker.event.Refusal;
import labchat.broker.event.RequestHandler;
import labchat.broker.event.SenderCheck;
import labchat.broker.event.ServerAccount;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Test;

class ChatServerTest {

    private static final byte[] PAYLOAD = {'{', '}'};
    private static final Optional<String> TEAM1A = Optional.of("team1a");

    private final List<String> answered = new ArrayList<>();
    private final ServerAccount.Answers answers = (asker, payload) -> answered.add(asker + " " + payload.length);
    private final RequestHandler rooms = (user, payload, to) -> {
        Optional<Refusal> foreign = SenderCheck.problem(user, new ChatId("team1a"));
        if (foreign.isEmpty()) {
            to.answer(new ChatId("team1a"), payload);
        }
        return foreign;
    };
    private final ChatServer server = new ChatServer(
            Map.of("rooms", rooms),
            new HelpDesk(
                    ChatTopics.DEFAULT,
                    Set.of("rooms"),
                    new LateClientGateway(),
                    MessageUuid::random,
                    Clock.systemUTC()),
            (filter, to) -> to.accept(filter.value(), PAYLOAD));

    @Test
    void request_ofAKindThatIsServed_goesToItsHandler() {
        assertThat(server.serves("rooms")).isTrue();
        assertThat(server.request(TEAM1A, "rooms", PAYLOAD, answers)).isEmpty();
        assertThat(answered).containsExactly("team1a 2");
    }

    @Test
    void request_ofAnotherKind_isRefused() {
        assertThat(server.serves("history")).isFalse();
        assertThat(server.request(TEAM1A, "history", PAYLOAD, answers)).get().satisfies(refusal -> {
            assertThat(refusal.code()).isEqualTo("unknown_request");
            assertThat(refusal.reason()).contains("\"history\"");
        });
        assertThat(answered).isEmpty();
    }

    @Test
    void request_inAnothersName_isRefusedInTheWordsOfChat() {
        assertThat(server.request(Optional.of("team2a"), "rooms", PAYLOAD, answers))
                .get()
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo("sender_mismatch");
                    assertThat(refusal.reason())
                            .isEqualTo("\"sender\" is \"team1a\", but you are logged in as \"team2a\"");
                });
        assertThat(answered).isEmpty();
    }

    @Test
    void request_ofAClientWithoutAName_isTakenAtItsWord() {
        assertThat(server.request(Optional.empty(), "rooms", PAYLOAD, answers)).isEmpty();
        assertThat(answered).hasSize(1);
    }

    @Test
    void retained_isAskedOfWhoHasIt() {
        List<String> topics = new ArrayList<>();
        server.retained(new TopicFilter("a/+"), (topic, payload) -> topics.add(topic));
        assertThat(topics).containsExactly("a/+");
    }
}
