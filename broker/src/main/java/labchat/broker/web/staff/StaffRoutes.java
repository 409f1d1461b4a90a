package labchat.broker.web.staff;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import labchat.broker.diagram.DiagramBuilder;
import labchat.broker.diagram.DiagramFormat;
import labchat.broker.recording.Lessons;
import labchat.broker.staff.AccountDesk;
import labchat.broker.staff.LiveFeed;
import labchat.broker.staff.StaffActions.Outcome;
import labchat.broker.steps.LabProgress;
import labchat.broker.weather.WeatherStation;
import labchat.broker.web.Json;
import labchat.broker.web.Site;
import labchat.broker.web.WebRoutes;

/** The staff's page and its API; {@code openapi.json} beside the page's files describes it. */
public final class StaffRoutes implements WebRoutes {

    private static final int MAX_ANNOUNCEMENT = 1_000;
    private static final int MAX_ARROWS = 500;
    private static final DateTimeFormatter FILE_TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

    /** One path and what answers there. */
    record Route(HandlerType method, String path, Handler handler) {}

    private final StaffDesk desk;
    private final Gate gate;
    private final FeedStream stream;
    private final List<Route> parts = new ArrayList<>();

    public StaffRoutes(StaffDesk desk) {
        this.desk = desk;
        this.gate = new Gate(desk);
        this.stream = new FeedStream(desk, gate);
    }

    /** With the class's progress with the lab's steps too. */
    public StaffRoutes with(LabProgress lab) {
        parts.addAll(new ProgressRoutes(gate, desk.users(), lab).api());
        return this;
    }

    /** With lab weather too. */
    public StaffRoutes with(WeatherStation station) {
        parts.addAll(new WeatherRoutes(station, gate).api());
        return this;
    }

    /** With recordings and the comparison of diagrams too. */
    public StaffRoutes with(Lessons recordings) {
        parts.addAll(new LessonRoutes(desk, gate, recordings).api());
        return this;
    }

    /**
     * With the accounts too.
     *
     * @param office empty as long as the broker was not started on files
     */
    public StaffRoutes with(Supplier<Optional<AccountDesk>> office) {
        parts.addAll(new AccountRoutes(gate, office).api());
        return this;
    }

    /** Where nobody is staff: says what to do about it. */
    public static WebRoutes none() {
        return (routes, site) -> routes.get("/staff", context -> {
            context.status(404);
            context.result("No account may see this page: name some after staff in broker.conf, then restart.\n");
        });
    }

    @Override
    public void addTo(JavalinDefaultRoutingApi routes, Site site) {
        routes.get("/staff", context -> site.send(context, "staff/staff.html"));
        routes.get("/api/openapi.json", context -> site.send(context, "staff/openapi.json"));
        for (Route route : all()) {
            routes.addHttpHandler(route.method(), route.path(), route.handler());
        }
    }

    /** The API's paths. */
    List<Route> all() {
        List<Route> all = new ArrayList<>(api());
        all.addAll(parts);
        return all;
    }

    private List<Route> api() {
        return List.of(
                new Route(HandlerType.POST, "/api/session", gate::signIn),
                new Route(HandlerType.GET, "/api/session", context -> gate.look(context, gate::sendSession)),
                new Route(
                        HandlerType.DELETE, "/api/session", context -> gate.change(context, (c, s) -> gate.signOut(c))),
                new Route(HandlerType.GET, "/api/class", context -> gate.look(context, (c, s) -> sendClass(c))),
                new Route(
                        HandlerType.GET,
                        "/api/feed",
                        context -> gate.look(
                                context, (c, s) -> stream.open(c, gate.key(c).orElseThrow()))),
                new Route(HandlerType.GET, "/api/diagram", context -> gate.look(context, (c, s) -> sendDiagram(c))),
                new Route(
                        HandlerType.POST,
                        "/api/users/{user}/disconnect",
                        context -> gate.change(context, (c, s) -> disconnect(c, s.user()))),
                new Route(
                        HandlerType.POST,
                        "/api/reload",
                        context -> gate.change(
                                context, (c, s) -> send(c, desk.actions().reload()))),
                new Route(
                        HandlerType.POST,
                        "/api/announcements",
                        context -> gate.change(context, (c, s) -> announce(c))));
    }

    private void sendClass(Context context) {
        Json.send(
                context,
                200,
                json -> StaffJson.classNow(
                        json, desk.view().teams(desk.users().get()), desk.view().troubles()));
    }

    private void sendDiagram(Context context) {
        String left = Optional.ofNullable(context.queryParam("left")).orElse("");
        String right = Optional.ofNullable(context.queryParam("right")).orElse("");
        Optional<DiagramFormat> format = DiagramFormat.ofWord(
                Optional.ofNullable(context.queryParam("format")).orElse("svg"));
        if (left.isEmpty() || right.isEmpty() || left.equals(right) || format.isEmpty()) {
            Json.sendError(
                    context,
                    400,
                    "invalid_request",
                    "Expected left and right, two different users, and format: svg, mermaid, plantuml or text.");
            return;
        }
        boolean acknowledgements = "true".equals(context.queryParam("acks"));
        boolean everything = "true".equals(context.queryParam("all"));
        DiagramBuilder builder = new DiagramBuilder(
                left, right, desk.topics(), new DiagramBuilder.Options(acknowledgements, everything, MAX_ARROWS));
        for (LiveFeed.Entry entry :
                desk.feed().read(number(context, "after"), LiveFeed.CAPACITY).entries()) {
            builder.add(entry.packet(), "");
        }
        // The picture has its own style and nothing else; it is shown by <img> or saved.
        context.header(Header.CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        if ("true".equals(context.queryParam("save"))) {
            String now = FILE_TIME.format(desk.clock().instant().atOffset(ZoneOffset.UTC));
            context.header(
                    Header.CONTENT_DISPOSITION,
                    "attachment; filename=\"diagram-%s.%s\""
                            .formatted(now, format.get().extension()));
        }
        context.contentType(format.get().mediaType() + "; charset=utf-8");
        context.result(format.get().render(builder.build()).getBytes(StandardCharsets.UTF_8));
    }

    private static long number(Context context, String parameter) {
        String text = Optional.ofNullable(context.queryParam(parameter)).orElse("");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private void disconnect(Context context, String staff) {
        String user = context.pathParam("user");
        if (isKnown(context, user)) {
            send(context, desk.actions().disconnect(user, staff));
        }
    }

    private void announce(Context context) {
        Optional<Map<String, String>> fields = fields(context, "text");
        if (fields.isEmpty()) {
            return;
        }
        String text = fields.get().get("text").strip();
        if (text.isEmpty() || text.length() > MAX_ANNOUNCEMENT) {
            Json.sendError(
                    context, 422, "invalid_text", "The text must have 1 to %d characters.".formatted(MAX_ANNOUNCEMENT));
            return;
        }
        send(context, desk.actions().announce(text));
    }

    private boolean isKnown(Context context, String user) {
        boolean known = desk.users().get().contains(user);
        if (!known) {
            Json.sendError(context, 404, "unknown_user", "There is no account \"%s\".".formatted(user));
        }
        return known;
    }

    private static Optional<Map<String, String>> fields(Context context, String needed) {
        Optional<Map<String, String>> fields = Json.fields(context.body()).filter(found -> found.containsKey(needed));
        if (fields.isEmpty()) {
            Json.sendError(
                    context, 400, "invalid_request", "The request must be a JSON object with %s.".formatted(needed));
        }
        return fields;
    }

    private static void send(Context context, Outcome outcome) {
        Json.send(context, outcome.done() ? 200 : 409, json -> {
            json.writeStartObject();
            json.writeStringField("status", outcome.done() ? "ok" : "error");
            if (!outcome.done()) {
                json.writeStringField("code", "not_done");
                json.writeStringField("reason", String.join(" ", outcome.lines()));
            }
            StaffJson.texts(json, "lines", outcome.lines());
            json.writeEndObject();
        });
    }
}
