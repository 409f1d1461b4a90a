package labchat.broker.steps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.Refusal;
import labchat.protocol.codec.StepsCodec;
import labchat.protocol.event.StepsAnswer;
import labchat.protocol.event.StepsRequest;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StepsRequestsTest {

    private static final ChatId ME = new ChatId("team1a");

    private final LabProgress progress =
            new LabProgress(List.of("team1a", "team2a")::contains, ChatTopics.DEFAULT, Clock.systemUTC());
    private final StepsRequests requests = new StepsRequests(progress);

    @AfterEach
    void close() {
        requests.close();
    }

    private CompletableFuture<StepsAnswer> ask(int step, String seen) {
        CompletableFuture<StepsAnswer> answer = new CompletableFuture<>();
        Optional<Refusal> refusal = requests.handle(
                Optional.of("team1a"),
                StepsCodec.encode(new StepsRequest(ME, step, "run", seen)),
                (asker, payload) ->
                        answer.complete(StepsCodec.decodeAnswer(payload).orElseThrow()));
        assertThat(refusal).isEmpty();
        return answer;
    }

    private Optional<Refusal> refused(Optional<String> user, String payload) {
        return requests.handle(user, payload.getBytes(UTF_8), (asker, answer) -> {});
    }

    @Test
    void request_first_isAnsweredWithAllParts() throws Exception {
        StepsAnswer answer = ask(3, "").get(30, TimeUnit.SECONDS);

        assertThat(answer.receiver()).isEqualTo(ME);
        assertThat(answer.parts()).hasSize(LabPart.of(3).size());
        assertThat(answer.parts())
                .allMatch(part -> part.done().isEmpty() && !part.todo().isEmpty());
    }

    @Test
    void request_withNothingNew_waitsForNews() throws Exception {
        String version = ask(3, "").get(30, TimeUnit.SECONDS).version();
        CompletableFuture<StepsAnswer> next = ask(3, version);
        progress.onEvent(new BrokerEvent.ClientConnected(
                Instant.now(), new ClientIdentity(Optional.of("team1a"), "mine", "10.0.0.7:1"), "5", "tcp", 60));

        assertThat(next.get(30, TimeUnit.SECONDS).parts().get(0).done()).isPresent();
    }

    @Test
    void request_aboutNothingThatComes_isAnsweredAllTheSame() throws Exception {
        String version = ask(2, "").get(30, TimeUnit.SECONDS).version();

        assertThat(ask(2, version).get(30, TimeUnit.SECONDS).version()).isEqualTo(version);
    }

    @Test
    void request_inAnothersName_isRefused() {
        assertThat(refused(Optional.of("team2a"), "{\"sender\":\"team1a\",\"step\":3,\"run\":\"r\",\"seen\":\"\"}"))
                .map(Refusal::code)
                .contains("sender_mismatch");
        assertThat(refused(Optional.empty(), "{\"sender\":\"team1a\",\"step\":3,\"run\":\"r\"}"))
                .map(Refusal::code)
                .contains("no_user_name");
    }

    @Test
    void request_thatIsNone_isRefused() {
        assertThat(refused(Optional.of("team1a"), "{\"sender\":\"team1a\",\"step\":5,\"run\":\"r\"}"))
                .map(Refusal::reason)
                .contains("there is no step 5; the steps are 2, 3, 4");
        assertThat(refused(Optional.of("team1a"), "{\"sender\":\"team1a\",\"run\":\"r\"}"))
                .map(Refusal::code)
                .contains("missing_field");
        assertThat(refused(Optional.of("team1a"), "{\"sender\":\"team1a\",\"step\":3}"))
                .map(Refusal::code)
                .contains("invalid_request");
        assertThat(refused(Optional.of("team1a"), "hei")).map(Refusal::code).contains("invalid_json");
    }
}
