package labchat.client.command;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import labchat.client.ui.TextSanitizer;
import labchat.protocol.event.StepPart;
import labchat.protocol.event.StepsAnswer;
import labchat.protocol.identity.ChatId;

/**
 * What {@code check} prints: the whole list at first, then a line for each change, then a summary. Answers in, lines out;
 * it does nothing itself. What was done once stays done, also if the server is started anew and has forgotten it.
 */
final class CheckReport {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final ChatId me;
    private final int step;
    private final boolean json;
    private final ZoneId zone;
    private final Map<String, StepPart> parts = new LinkedHashMap<>();
    private List<ChatId> partners = List.of();
    private String next = "";

    /** @param json one object a line, for programs */
    CheckReport(ChatId me, int step, boolean json, ZoneId zone) {
        this.me = me;
        this.step = step;
        this.json = json;
        this.zone = zone;
    }

    /** The lines that an answer of the server's adds. */
    List<String> take(StepsAnswer answer) {
        List<String> lines = new ArrayList<>();
        boolean first = parts.isEmpty();
        if (first && !json) {
            lines.add("Step %d: %s".formatted(step, answer.title()));
            lines.add("Leave this running, and use your own program as %s in another window.".formatted(me));
            lines.add(otherSide(answer.partners()));
        } else if (!json && partners.isEmpty() && !answer.partners().isEmpty()) {
            lines.add("-- " + otherSide(answer.partners()));
        }
        partners = answer.partners();
        for (StepPart part : answer.parts()) {
            StepPart before = parts.get(part.word());
            if (before != null && before.done().isPresent() && part.done().isEmpty()) {
                continue;
            }
            parts.put(part.word(), part);
            if (isNews(before, part) && isProgress(before, part) && !json) {
                lines.add("         .. " + safe(part.detail()));
            } else if (isNews(before, part)) {
                lines.addAll(json ? List.of(JsonLine.of(step, part)) : words(part, first));
            }
        }
        if (first && !json) {
            lines.add("-- watching; Ctrl-C ends it with a summary");
        }
        next(lines);
        return lines;
    }

    /** The first open part is what to do next. */
    private void next(List<String> lines) {
        String due = parts.values().stream()
                .filter(part -> part.done().isEmpty())
                .findFirst()
                .map(StepPart::todo)
                .orElse("");
        if (!due.equals(next) && !due.isEmpty() && !json) {
            lines.add("-- next: " + safe(due));
        }
        next = due;
    }

    /** Whether it is as open as before, and only what was seen so far is more. */
    private static boolean isProgress(StepPart before, StepPart now) {
        return before != null && now.done().isEmpty() && now.problem().equals(before.problem());
    }

    /** Of a part that is done, other words for it are no news. */
    private static boolean isNews(StepPart before, StepPart now) {
        if (before == null || now.done().isEmpty()) {
            return !now.equals(before);
        }
        return before.done().isEmpty()
                || !now.problem().equals(before.problem()) && now.problem().isPresent();
    }

    private static String otherSide(List<ChatId> partners) {
        if (partners.isEmpty()) {
            return "The other side can be your second client or a neighbour; no practice partner is there.";
        }
        return "The other side can be the practice partner %s, your second client, or a neighbour."
                .formatted(partners.stream().map(ChatId::value).collect(Collectors.joining(" or ")));
    }

    private List<String> words(StepPart part, boolean first) {
        List<String> lines = new ArrayList<>();
        String mark = part.done().isPresent() ? "[x]" : part.problem().isPresent() ? "[!]" : "[ ]";
        String time = first
                ? ""
                : part.problem()
                        .map(StepPart.Problem::at)
                        .or(part::done)
                        .map(this::clock)
                        .orElse("");
        String detail = part.detail().isEmpty() ? "" : ": " + safe(part.detail());
        lines.add(time + mark + " " + safe(part.title()) + detail);
        part.problem().ifPresent(problem -> {
            String code = problem.code().isEmpty() ? "" : " (" + safe(problem.code()) + ")";
            lines.add("    !! " + safe(problem.reason()) + code);
            if (!problem.hint().isEmpty()) {
                lines.add("       " + safe(problem.hint()));
            }
        });
        return lines;
    }

    private String clock(Instant at) {
        return TIME.withZone(zone).format(at) + " ";
    }

    /** Whether all parts are done; not before the first answer. */
    boolean isDone() {
        return !parts.isEmpty()
                && parts.values().stream().allMatch(part -> part.done().isPresent());
    }

    /** What is to be said at the end. */
    List<String> summary() {
        if (json || parts.isEmpty()) {
            return List.of();
        }
        List<StepPart> open =
                parts.values().stream().filter(part -> part.done().isEmpty()).toList();
        List<String> lines = new ArrayList<>();
        lines.add("-- step %d: %d of %d parts work%s"
                .formatted(step, parts.size() - open.size(), parts.size(), open.isEmpty() ? "." : "; not yet:"));
        for (StepPart part : open) {
            lines.addAll(words(part, true));
            if (part.problem().isEmpty()) {
                lines.add("       " + safe(part.todo()));
            }
        }
        return lines;
    }

    private static String safe(String text) {
        return TextSanitizer.oneLine(text, 600);
    }
}
