package labchat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import labchat.protocol.event.StepPart;
import labchat.protocol.event.StepsAnswer;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;

class CheckReportTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final StepPart.Problem MISSING = new StepPart.Problem(
            NOON, "missing_field", "the field \"uuid\" is missing", "A message looks like this: {…}");

    private final CheckReport report = new CheckReport(ME, 3, false, ZoneOffset.UTC);

    private static StepPart open(String detail, Optional<StepPart.Problem> problem) {
        return new StepPart("message_sent", "it has sent a message", Optional.empty(), detail, "Send one.", problem);
    }

    private static StepPart done(String detail) {
        return new StepPart("message_sent", "it has sent a message", Optional.of(NOON), detail, "", Optional.empty());
    }

    private static StepsAnswer answer(StepPart part, ChatId... partners) {
        return new StepsAnswer(ME, 3, "your own program", "run", "v", List.of(partners), List.of(part));
    }

    @Test
    void firstAnswer_tellsWhatToDoInWhichWindow() {
        assertThat(report.take(answer(open("", Optional.empty()))))
                .containsExactly(
                        "Step 3: your own program",
                        "Leave this running, and use your own program as team1a in another window.",
                        "The other side can be your second client or a neighbour; no practice partner is there.",
                        "[ ] it has sent a message",
                        "-- watching; Ctrl-C ends it with a summary",
                        "-- next: Send one.");
        assertThat(report.isDone()).isFalse();
    }

    @Test
    void partner_whoComes_isTold() {
        report.take(answer(open("", Optional.empty())));

        assertThat(report.take(answer(open("", Optional.empty()), new ChatId("x1"))))
                .containsExactly(
                        "-- The other side can be the practice partner x1, your second client, or a neighbour.");
    }

    @Test
    void problem_isToldOnce_withItsCodeAndWhatToDo() {
        report.take(answer(open("", Optional.empty())));

        assertThat(report.take(answer(open("", Optional.of(MISSING)))))
                .containsExactly(
                        "12:00:00 [!] it has sent a message",
                        "    !! the field \"uuid\" is missing (missing_field)",
                        "       A message looks like this: {…}");
        assertThat(report.take(answer(open("", Optional.of(MISSING))))).isEmpty();
    }

    @Test
    void whatWasSeenSoFar_isALineOfItsOwn() {
        report.take(answer(open("", Optional.empty())));

        assertThat(report.take(answer(open("2 hints in 3.0 s", Optional.empty()))))
                .containsExactly("         .. 2 hints in 3.0 s");
    }

    @Test
    void done_isToldOnce_andStaysSo() {
        report.take(answer(open("", Optional.empty())));

        assertThat(report.take(answer(done("to x1, QoS 1"))))
                .containsExactly("12:00:00 [x] it has sent a message: to x1, QoS 1");
        assertThat(report.take(answer(done("to x2, QoS 1")))).isEmpty();
        assertThat(report.take(answer(open("", Optional.empty())))).isEmpty();
        assertThat(report.isDone()).isTrue();
        assertThat(report.summary()).containsExactly("-- step 3: 1 of 1 parts work.");
    }

    @Test
    void summary_listsWhatIsOpen_andWhatToDo() {
        report.take(answer(open("", Optional.empty())));

        assertThat(report.summary())
                .containsExactly(
                        "-- step 3: 0 of 1 parts work; not yet:", "[ ] it has sent a message", "       Send one.");
    }

    @Test
    void wordsFromElsewhere_cannotMoveTheCursor() {
        assertThat(String.join("", report.take(answer(open("\u001b[2J", Optional.empty())))))
                .doesNotContain("\u001b");
    }

    @Test
    void json_isOneObjectALine() {
        CheckReport json = new CheckReport(ME, 3, true, ZoneOffset.UTC);

        assertThat(json.take(answer(open("", Optional.of(MISSING)))))
                .containsExactly("{\"step\":3,\"part\":\"message_sent\",\"state\":\"wrong\","
                        + "\"at\":\"2026-11-20T12:00:00.000Z\",\"detail\":\"\",\"code\":\"missing_field\","
                        + "\"reason\":\"the field \\\"uuid\\\" is missing\","
                        + "\"hint\":\"A message looks like this: {…}\"}");
        assertThat(json.summary()).isEmpty();
    }
}
