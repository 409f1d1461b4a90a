package labchat.broker.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import labchat.broker.control.ControlSocket;
import labchat.broker.control.ControlSocket.Answer;
import labchat.broker.recording.Lessons;
import labchat.broker.recording.RecordingException;
import labchat.broker.recording.RecordingOrder;
import labchat.broker.recording.RecordingStatus;
import labchat.broker.recording.ReplayOrder;
import labchat.broker.recording.ReplayStatus;

/**
 * What {@code record} and {@code replay} ask the broker that runs. Question and answer are lines of a name, an equals sign
 * and a value; an answer that is no success is lines for people.
 */
final class LessonControl {

    static final String RECORD = "record";
    static final String RECORD_STATUS = "record-status";
    static final String RECORD_END = "record-end";
    static final String REPLAY = "replay";
    static final String REPLAY_STATUS = "replay-status";
    static final String REPLAY_END = "replay-end";

    private LessonControl() {}

    /** Answers to them, by their words. */
    static Map<String, ControlSocket.Handler> handlers(Lessons lessons) {
        return Map.of(
                RECORD,
                text -> record(lessons, fields(text)),
                RECORD_STATUS,
                text -> told(lessons.recording(true).map(LessonControl::lines)),
                RECORD_END,
                text -> told(lessons.endRecording().map(LessonControl::lines)),
                REPLAY,
                text -> replay(lessons, fields(text)),
                REPLAY_STATUS,
                text -> told(lessons.replaying().map(LessonControl::lines)),
                REPLAY_END,
                text -> told(lessons.endReplay().map(LessonControl::lines)));
    }

    private static Answer record(Lessons lessons, Map<String, String> fields) {
        String users = fields.getOrDefault("users", "");
        try {
            return new Answer(
                    ExitCode.GOOD,
                    lines(lessons.record(new RecordingOrder(
                            lessons.resolve(fields.getOrDefault("file", "")),
                            Duration.ofSeconds(Long.parseLong(fields.getOrDefault("seconds", "0"))),
                            users.isEmpty() ? Set.of() : Set.of(users.split(",")),
                            fields.getOrDefault("texts", "").equals("kept"),
                            true))));
        } catch (RecordingException | IllegalArgumentException e) {
            return new Answer(ExitCode.FAILURE, List.of("error: " + e.getMessage()));
        }
    }

    private static Answer replay(Lessons lessons, Map<String, String> fields) {
        String speed = fields.getOrDefault("speed", "1");
        try {
            return new Answer(
                    ExitCode.GOOD,
                    lines(lessons.replay(new ReplayOrder(
                            lessons.resolve(fields.getOrDefault("file", "")),
                            speed.equals("max") ? ReplayOrder.MAX : Double.parseDouble(speed),
                            fields.getOrDefault("prefix", "")))));
        } catch (RecordingException | IllegalArgumentException e) {
            return new Answer(ExitCode.FAILURE, List.of("error: " + e.getMessage()));
        }
    }

    private static Answer told(Optional<List<String>> lines) {
        return lines.map(known -> new Answer(ExitCode.GOOD, known))
                .orElseGet(() ->
                        new Answer(ExitCode.FAILURE, List.of("error: the broker knows of none; was it restarted?")));
    }

    private static List<String> lines(RecordingStatus status) {
        List<String> lines = new ArrayList<>(List.of(
                "file=" + status.file(),
                "running=" + status.running(),
                "elapsed=" + status.elapsed().toSeconds(),
                "length=" + status.length().toSeconds(),
                "publishes=" + status.publishes(),
                "bytes=" + status.bytes(),
                "dropped=" + status.dropped()));
        status.problem().ifPresent(problem -> lines.add("problem=" + oneLine(problem)));
        return lines;
    }

    private static List<String> lines(ReplayStatus status) {
        List<String> lines = new ArrayList<>(List.of(
                "file=" + status.file(),
                "prefix=" + status.prefix(),
                "speed=" + status.speed(),
                "running=" + status.running(),
                "position=" + status.position(),
                "length=" + status.length(),
                "published=" + status.published(),
                "publishes=" + status.publishes()));
        status.problem().ifPresent(problem -> lines.add("problem=" + oneLine(problem)));
        return lines;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\R", " ");
    }

    /** The lines' values by name. */
    static Map<String, String> fields(String text) {
        return fields(text.lines().toList());
    }

    /** The lines' values by name. */
    static Map<String, String> fields(List<String> lines) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return fields;
    }

    /** A question's text. */
    static String text(Map<String, String> fields) {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) ->
                text.append(name).append('=').append(oneLine(value)).append('\n'));
        return text.toString();
    }
}
