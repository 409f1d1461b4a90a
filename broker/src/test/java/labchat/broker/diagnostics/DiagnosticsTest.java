package labchat.broker.diagnostics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import labchat.broker.TestClock;
import labchat.broker.event.Refusal;
import labchat.protocol.codec.DiagnosticCodec;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;

class DiagnosticsTest {

    private static final Optional<String> TEAM1A = Optional.of("team1a");
    private static final String TOPIC = "ttm4175/chat/team2a/message";
    private static final Refusal WHY = Refusal.of("invalid_json", "line 1").withHint("do that");

    private record Published(String topic, Diagnostic diagnostic, int qos) {}

    private final TestClock clock = new TestClock("2026-11-20T10:15:30Z");
    private final List<Published> published = new ArrayList<>();
    private final Diagnostics diagnostics = new Diagnostics(
            ChatTopics.DEFAULT,
            (topic, payload, qos) -> published.add(
                    new Published(topic, DiagnosticCodec.decode(payload).orElseThrow(), qos)),
            clock);

    private void explain(Optional<String> account, String code, String topic) {
        diagnostics.explain(account, topic, Refusal.of(code, "why"), new byte[0]);
    }

    @Test
    void explain_mistake_isPublishedToItsAuthorWithEverythingThatIsKnown() {
        diagnostics.explain(TEAM1A, TOPIC, WHY, "{'å'".getBytes(UTF_8));
        assertThat(published).hasSize(1);
        Published one = published.get(0);
        assertThat(one.topic()).isEqualTo("ttm4175/chat/team1a/diagnostics");
        assertThat(one.qos()).isEqualTo(1);
        assertThat(one.diagnostic().receiver().value()).isEqualTo("team1a");
        assertThat(one.diagnostic().code()).isEqualTo("invalid_json");
        assertThat(one.diagnostic().topic()).isEqualTo(TOPIC);
        assertThat(one.diagnostic().reason()).isEqualTo("line 1");
        assertThat(one.diagnostic().hint()).isEqualTo("do that");
        assertThat(one.diagnostic().payload()).isEqualTo("{'å'");
    }

    @Test
    void explain_hugePayload_isQuotedInItsBeginning() {
        diagnostics.explain(TEAM1A, TOPIC, WHY, "å".repeat(100_000).getBytes(UTF_8));
        assertThat(published.get(0).diagnostic().payload()).isEqualTo("å".repeat(200));
    }

    @Test
    void explain_sameMistakeWithinFiveSeconds_isExplainedOnce() {
        explain(TEAM1A, "invalid_json", TOPIC);
        clock.advance(Diagnostics.QUIET.minusMillis(1));
        explain(TEAM1A, "invalid_json", TOPIC);
        assertThat(published).hasSize(1);
    }

    @Test
    void explain_sameMistakeAfterFiveSeconds_isExplainedAgain() {
        explain(TEAM1A, "invalid_json", TOPIC);
        clock.advance(Diagnostics.QUIET);
        explain(TEAM1A, "invalid_json", TOPIC);
        assertThat(published).hasSize(2);
    }

    @Test
    void explain_mistakeWithoutPause_isExplainedEveryFiveSeconds() {
        for (int second = 0; second < 20; second++) {
            explain(TEAM1A, "invalid_json", TOPIC);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(published).hasSize(4);
    }

    @Test
    void explain_otherAccountCodeOrTopic_isExplainedAtOnce() {
        explain(TEAM1A, "invalid_json", TOPIC);
        explain(Optional.of("team3a"), "invalid_json", TOPIC);
        explain(TEAM1A, "not_utf8", TOPIC);
        explain(TEAM1A, "invalid_json", "ttm4175/chat/team4a/message");
        assertThat(published).hasSize(4);
    }

    @Test
    void explain_accountThatIsNoId_isToldToNobody() {
        explain(Optional.empty(), "invalid_json", TOPIC);
        explain(Optional.of("a/b"), "invalid_json", TOPIC);
        assertThat(published).isEmpty();
    }
}
