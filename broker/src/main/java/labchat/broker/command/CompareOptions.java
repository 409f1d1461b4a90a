package labchat.broker.command;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import labchat.broker.diagram.Diagram;
import labchat.broker.diagram.compare.Comparison;
import labchat.broker.diagram.compare.UnreadableDiagramException;
import picocli.CommandLine.Option;

/** What {@code diagram --compare} takes, and what it says. */
final class CompareOptions {

    @Option(
            order = 7,
            names = "--compare",
            paramLabel = "FILE",
            description = {
                "Compare a diagram of your own, in Mermaid or PlantUML, with what passed.",
                "Exit status: 0 the same, 1 different, 2 cannot be read."
            })
    private Path own;

    @Option(
            order = 8,
            names = "--who",
            paramLabel = "PARTICIPANT=NAME",
            description = {
                "With --compare: whom a participant stands for, one of the two or broker,",
                "if their names do not say so. May be repeated."
            })
    private Map<String, String> who = new LinkedHashMap<>();

    /** Whether a diagram is to be compared. */
    boolean isAsked() {
        return own != null;
    }

    /** @throws CommandFailure if it cannot be read, with every line that is not understood */
    int compare(Diagram traffic, boolean everything, boolean quiet) {
        Comparison.Report report;
        try {
            if (Files.size(own) > 4L * Comparison.MAX_LENGTH) {
                throw CommandFailure.usage("%s has %d bytes; a diagram has at most %d characters"
                        .formatted(own, Files.size(own), Comparison.MAX_LENGTH));
            }
            String text = Files.readString(own, StandardCharsets.UTF_8);
            report = Comparison.compare(text, own.getFileName().toString(), traffic, who, everything);
        } catch (UnreadableDiagramException e) {
            throw CommandFailure.usage(e.problems().stream()
                    .map(problem -> "%s: %s".formatted(own, problem))
                    .toList());
        } catch (CharacterCodingException e) {
            throw CommandFailure.usage("%s is not UTF-8".formatted(own));
        } catch (IOException e) {
            throw CommandFailure.usage(Messages.of(e));
        }
        say(report, quiet);
        return report.isSame() ? ExitCode.GOOD : ExitCode.FAILURE;
    }

    private void say(Comparison.Report report, boolean quiet) {
        for (Comparison.Finding finding : report.findings()) {
            String word = finding.difference().name().toLowerCase(Locale.ROOT);
            System.out.println(Messages.printable("%-8s %s: %s".formatted(word, place(finding), finding.words())));
        }
        if (quiet) {
            return;
        }
        for (String remark : report.remarks()) {
            System.out.println(Messages.printable("note: " + remark));
        }
        int count = report.findings().size();
        System.out.println(Messages.printable(
                count == 0
                        ? "%s shows what passed: %s.".formatted(own, arrows(report.matched()))
                        : "%s: %d difference%s; %s as they passed."
                                .formatted(own, count, count == 1 ? "" : "s", arrows(report.matched()))));
    }

    private static String arrows(int count) {
        return count == 1 ? "1 arrow" : count + " arrows";
    }

    private static String place(Comparison.Finding finding) {
        if (finding.line() == 0) {
            return "at the beginning";
        }
        return (finding.difference() == Comparison.Difference.MISSING ? "after line " : "line ") + finding.line();
    }
}
