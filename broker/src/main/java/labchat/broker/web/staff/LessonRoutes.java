package labchat.broker.web.staff;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import labchat.broker.diagram.Diagram;
import labchat.broker.diagram.DiagramBuilder;
import labchat.broker.diagram.DiagramFormat;
import labchat.broker.diagram.compare.Comparison;
import labchat.broker.diagram.compare.UnreadableDiagramException;
import labchat.broker.recording.Lessons;
import labchat.broker.recording.Recording;
import labchat.broker.recording.RecordingException;
import labchat.broker.recording.RecordingOrder;
import labchat.broker.recording.RecordingStatus;
import labchat.broker.recording.ReplayOrder;
import labchat.broker.recording.ReplayPrefix;
import labchat.broker.recording.ReplayStatus;
import labchat.broker.staff.LiveFeed;
import labchat.broker.web.Json;
import labchat.broker.web.staff.StaffRoutes.Route;
import labchat.protocol.topic.ChatTopics;

/** The part of the API that is about recordings, and about diagrams that a team has drawn itself. */
final class LessonRoutes {

    private static final int MAX_ARROWS = 500;
    private static final int COMPARED = 2_000;
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,59}";

    private final StaffDesk desk;
    private final Gate gate;
    private final Lessons lessons;

    LessonRoutes(StaffDesk desk, Gate gate, Lessons lessons) {
        this.desk = desk;
        this.gate = gate;
        this.lessons = lessons;
    }

    List<Route> api() {
        return List.of(
                new Route(HandlerType.GET, "/api/recordings", context -> gate.look(context, (c, s) -> list(c))),
                new Route(HandlerType.POST, "/api/recordings", context -> gate.change(context, (c, s) -> record(c))),
                new Route(
                        HandlerType.POST,
                        "/api/recordings/end",
                        context -> gate.change(context, (c, s) -> {
                            lessons.endRecording();
                            list(c);
                        })),
                new Route(
                        HandlerType.GET,
                        "/api/recordings/{recording}/diagram",
                        context -> gate.look(context, (c, s) -> diagram(c))),
                new Route(HandlerType.POST, "/api/replay", context -> gate.change(context, (c, s) -> replay(c))),
                new Route(
                        HandlerType.POST,
                        "/api/replay/end",
                        context -> gate.change(context, (c, s) -> {
                            lessons.endReplay();
                            list(c);
                        })),
                new Route(HandlerType.POST, "/api/comparison", context -> gate.change(context, (c, s) -> compare(c))));
    }

    private void list(Context context) {
        List<Lessons.Listed> all = lessons.list();
        Optional<RecordingStatus> recording = lessons.recording(false);
        Optional<ReplayStatus> replay = lessons.replaying();
        Json.send(context, 200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("recordings");
            for (Lessons.Listed one : all) {
                listed(json, one);
            }
            json.writeEndArray();
            json.writeFieldName("recording");
            if (recording.isPresent()) {
                status(json, recording.get());
            } else {
                json.writeNull();
            }
            json.writeFieldName("replay");
            if (replay.isPresent()) {
                status(json, replay.get());
            } else {
                json.writeNull();
            }
            json.writeEndObject();
        });
    }

    private static void listed(JsonGenerator json, Lessons.Listed one) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", one.name());
        json.writeStringField("start", one.start().toString());
        json.writeNumberField("bytes", one.bytes());
        json.writeNumberField("length", one.millis());
        json.writeNumberField("publishes", one.publishes());
        StaffJson.texts(json, "users", one.users());
        json.writeStringField("problem", one.problem().orElse(""));
        json.writeEndObject();
    }

    private static void status(JsonGenerator json, RecordingStatus status) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", Path.of(status.file()).getFileName().toString());
        json.writeBooleanField("running", status.running());
        json.writeNumberField("elapsed", status.elapsed().toMillis());
        json.writeNumberField("length", status.length().toMillis());
        json.writeNumberField("publishes", status.publishes());
        json.writeNumberField("dropped", status.dropped());
        json.writeStringField("problem", status.problem().orElse(""));
        json.writeEndObject();
    }

    private static void status(JsonGenerator json, ReplayStatus status) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", Path.of(status.file()).getFileName().toString());
        json.writeStringField("prefix", status.prefix());
        json.writeStringField("speed", status.speed());
        json.writeBooleanField("running", status.running());
        json.writeNumberField("position", status.position());
        json.writeNumberField("length", status.length());
        json.writeNumberField("published", status.published());
        json.writeNumberField("publishes", status.publishes());
        json.writeStringField("problem", status.problem().orElse(""));
        json.writeEndObject();
    }

    private void record(Context context) {
        Map<String, String> fields = Json.fields(context.body()).orElse(Map.of());
        String name = fields.getOrDefault("name", "");
        String minutes = fields.getOrDefault("minutes", "");
        if (!name.matches(NAME) || !minutes.matches("[1-9]\\d{0,2}") || Integer.parseInt(minutes) > 720) {
            Json.sendError(
                    context,
                    422,
                    "invalid_request",
                    "Expected a name out of letters, digits, - and _, and 1 to 720 minutes.");
            return;
        }
        try {
            lessons.record(new RecordingOrder(
                    lessons.resolve(name + Lessons.EXTENSION),
                    Duration.ofMinutes(Integer.parseInt(minutes)),
                    Set.of(),
                    false,
                    false));
            list(context);
        } catch (RecordingException e) {
            Json.sendError(context, 409, "not_done", e.getMessage());
        }
    }

    private void replay(Context context) {
        Map<String, String> fields = Json.fields(context.body()).orElse(Map.of());
        String name = fields.getOrDefault("name", "");
        String speed = fields.getOrDefault("speed", "1");
        try {
            double times = speed.equals("max") ? ReplayOrder.MAX : Double.parseDouble(speed);
            lessons.replay(
                    new ReplayOrder(lessons.listed(name), times, fields.getOrDefault("prefix", ReplayPrefix.of(name))));
            list(context);
        } catch (RecordingException e) {
            Json.sendError(context, 409, "not_done", e.getMessage());
        } catch (IllegalArgumentException e) {
            Json.sendError(context, 422, "invalid_request", "speed: expected 0.01 to 1000, or max.");
        }
    }

    private void diagram(Context context) {
        String left = parameter(context, "left");
        String right = parameter(context, "right");
        Optional<DiagramFormat> format = DiagramFormat.ofWord(
                Optional.ofNullable(context.queryParam("format")).orElse("svg"));
        if (!isPair(context, left, right) || format.isEmpty()) {
            if (format.isEmpty()) {
                Json.sendError(context, 400, "invalid_request", "format: expected svg, mermaid, plantuml or text.");
            }
            return;
        }
        String until = parameter(context, "until");
        boolean acknowledgements = "true".equals(context.queryParam("acks"));
        try {
            Diagram drawn = recorded(
                    lessons.listed(context.pathParam("recording")),
                    left,
                    right,
                    new DiagramBuilder.Options(acknowledgements, false, MAX_ARROWS),
                    until.matches("\\d{1,12}") ? Long.parseLong(until) : Long.MAX_VALUE);
            context.header(Header.CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox");
            context.contentType(format.get().mediaType() + "; charset=utf-8");
            context.result(format.get().render(drawn).getBytes(StandardCharsets.UTF_8));
        } catch (RecordingException e) {
            Json.sendError(context, 404, "no_recording", e.getMessage());
        }
    }

    private void compare(Context context) {
        Map<String, String> fields = Json.fields(context.body()).orElse(Map.of());
        String left = fields.getOrDefault("left", "");
        String right = fields.getOrDefault("right", "");
        String recording = fields.getOrDefault("recording", "");
        String text = fields.getOrDefault("text", "");
        boolean everything = "true".equals(fields.get("acks"));
        if (!isPair(context, left, right)) {
            return;
        }
        DiagramBuilder.Options options = new DiagramBuilder.Options(true, false, COMPARED);
        try {
            Diagram traffic = recording.isEmpty()
                    ? newest(left, right, options)
                    : recorded(lessons.listed(recording), left, right, options, Long.MAX_VALUE);
            Comparison.Report report = Comparison.compare(text, "", traffic, Map.of(), everything);
            Json.send(context, 200, json -> write(json, report));
        } catch (RecordingException e) {
            Json.sendError(context, 404, "no_recording", e.getMessage());
        } catch (UnreadableDiagramException e) {
            Json.sendError(context, 422, "unreadable_diagram", String.join("\n", e.problems()));
        }
    }

    private static void write(JsonGenerator json, Comparison.Report report) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("same", report.isSame());
        json.writeNumberField("matched", report.matched());
        json.writeArrayFieldStart("findings");
        for (Comparison.Finding finding : report.findings()) {
            json.writeStartObject();
            json.writeStringField("difference", finding.difference().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("line", finding.line());
            json.writeStringField("words", finding.words());
            json.writeEndObject();
        }
        json.writeEndArray();
        StaffJson.texts(json, "remarks", report.remarks());
        json.writeEndObject();
    }

    private Diagram newest(String left, String right, DiagramBuilder.Options options) {
        DiagramBuilder builder = new DiagramBuilder(left, right, desk.topics(), options);
        for (LiveFeed.Entry entry : desk.feed().read(0, LiveFeed.CAPACITY).entries()) {
            builder.add(entry.packet(), "");
        }
        return builder.build();
    }

    private static Diagram recorded(Path file, String left, String right, DiagramBuilder.Options options, long until)
            throws RecordingException {
        try (Recording recording = Recording.open(file)) {
            DiagramBuilder builder = new DiagramBuilder(
                    left, right, new ChatTopics(recording.header().root()), options);
            for (Optional<Recording.Entry> next = recording.next();
                    next.isPresent() && next.get().millis() <= until;
                    next = recording.next()) {
                builder.add(
                        next.get().packet(), recording.name() + ":" + next.get().line());
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new RecordingException("%s:1: %s".formatted(file.getFileName(), e.getMessage()), e);
        }
    }

    private static String parameter(Context context, String name) {
        return Optional.ofNullable(context.queryParam(name)).orElse("");
    }

    private static boolean isPair(Context context, String left, String right) {
        boolean good = !left.isEmpty() && !right.isEmpty() && !left.equals(right);
        if (!good) {
            Json.sendError(context, 400, "invalid_request", "Expected left and right, two different users.");
        }
        return good;
    }
}
