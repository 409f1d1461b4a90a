package labchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import labchat.cli.Finding.Level;
import org.junit.jupiter.api.Test;

class FindingReportTest {

    private static final Finding GOOD = Finding.ok("port 1883", "free");
    private static final Finding SKIPPED = Finding.skipped("login", "not looked at");
    private static final Finding WARNING = Finding.warning("memory", "100 MB", "End other programs.");
    private static final Finding PROBLEM = Finding.problem("clock", "says 1970", "Set it.");

    @Test
    void lines_withAdvice_areTwo() {
        assertThat(FindingReport.lines(PROBLEM, false))
                .containsExactly("problem  clock: says 1970.", "         > Set it.");
        assertThat(FindingReport.lines(GOOD, false)).containsExactly("ok       port 1883: free.");
    }

    @Test
    void lines_inColor_haveTheSameWords() {
        assertThat(FindingReport.lines(WARNING, true).get(0))
                .contains("\u001b[")
                .contains("warning")
                .endsWith("memory: 100 MB.");
    }

    @Test
    void lines_withControlCharacters_doNotPassThemOn() {
        assertThat(FindingReport.lines(Finding.ok("a\u001b[2J", "b\nc"), false))
                .containsExactly("ok       a\\u001b[2J: b\\u000ac.");
    }

    @Test
    void summary_countsWhatIsWrong() {
        assertThat(FindingReport.summary(List.of(GOOD))).isEqualTo("Everything is all right.");
        assertThat(FindingReport.summary(List.of(GOOD, SKIPPED)))
                .isEqualTo("Everything that was looked at is all right.");
        assertThat(FindingReport.summary(List.of(WARNING, WARNING))).isEqualTo("No problems, 2 warnings.");
        assertThat(FindingReport.summary(List.of(GOOD, PROBLEM))).isEqualTo("1 problem, no warnings.");
    }

    @Test
    void worst_ofSeveral_isTheWorst() {
        assertThat(FindingReport.worst(List.of())).isEqualTo(Level.OK);
        assertThat(FindingReport.worst(List.of(GOOD, PROBLEM, WARNING))).isEqualTo(Level.PROBLEM);
        assertThat(FindingReport.worst(List.of(SKIPPED, WARNING))).isEqualTo(Level.WARNING);
        assertThat(FindingReport.worst(List.of(SKIPPED))).isEqualTo(Level.OK);
    }

    @Test
    void json_isOneObjectWithEscapes() {
        assertThat(FindingReport.json(List.of(Finding.warning("a\"b", "c\\d\n", ""))))
                .isEqualTo(
                        "{\"status\":\"warning\",\"findings\":[{\"level\":\"warning\",\"subject\":\"a\\\"b\",\"found\":\"c\\\\d\\u000a\",\"advice\":\"\"}]}");
        assertThat(FindingReport.json(List.of())).isEqualTo("{\"status\":\"ok\",\"findings\":[]}");
    }
}
