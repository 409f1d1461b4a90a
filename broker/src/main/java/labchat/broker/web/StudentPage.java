package labchat.broker.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.broker.web.SignUps.Answer;
import labchat.broker.web.SignUps.Outcome;

/** The chat in the browser: its files, what it must know of the broker, and the way to a new account. */
final class StudentPage implements WebRoutes {

    /** A class behind one address signs up together; whoever tries codes is soon slow. */
    private static final double SIGN_UPS_PER_SECOND = 0.5;

    private static final int SIGN_UPS_AT_ONCE = 60;

    private final PageInfo page;
    private final SignUps signUps;
    private final RequestRate signUpRate;

    StudentPage(PageInfo page, SignUps signUps, Clock clock) {
        this.page = page;
        this.signUps = signUps;
        this.signUpRate = new RequestRate(SIGN_UPS_PER_SECOND, SIGN_UPS_AT_ONCE, clock);
    }

    @Override
    public void addTo(JavalinDefaultRoutingApi routes, Site site) {
        routes.get("/", context -> site.send(context, "index.html"));
        routes.get("/favicon.ico", context -> site.send(context, "icon.svg"));
        routes.get("/assets/<path>", context -> site.send(context, context.pathParam("path")));
        routes.get("/config.json", context -> Json.send(context, 200, this::write));
        routes.post("/api/signup", this::signUp);
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("version", page.version());
        writePort(json, "ws", page.websocketPort());
        writePort(json, "wss", page.secureWebsocketPort());
        json.writeStringField("root", page.topics().root());
        if (page.lobby().isPresent()) {
            json.writeStringField("lobby", page.lobby().get().value());
        } else {
            json.writeNullField("lobby");
        }
        json.writeStringField("signup", page.signUp().get().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("maxTextLength", page.maxTextLength());
        json.writeNumberField("maxPacketSize", page.maxPacketSize());
        json.writeEndObject();
    }

    private static void writePort(JsonGenerator json, String name, OptionalInt port) throws IOException {
        if (port.isPresent()) {
            json.writeNumberField(name, port.getAsInt());
        } else {
            json.writeNullField(name);
        }
    }

    private void signUp(Context context) {
        if (!signUpRate.allows(context.ip())) {
            context.header("Retry-After", String.valueOf(signUpRate.secondsToWait()));
            Json.sendError(
                    context, 429, "too_many", "Too many attempts from this address. Wait a little, then try again.");
            return;
        }
        // What another site's form can send is never this type, so no page elsewhere signs anybody up.
        String type = Optional.ofNullable(context.contentType()).orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            Json.sendError(context, 415, "not_json", "Send JSON, with the header Content-Type: application/json.");
            return;
        }
        Optional<Map<String, String>> fields = Json.fields(context.body());
        if (fields.isEmpty() || !fields.get().containsKey("id") || !fields.get().containsKey("password")) {
            Json.sendError(
                    context,
                    400,
                    "invalid_request",
                    "The request must be a JSON object with the fields id, password and, where a code is asked for, code.");
            return;
        }
        Map<String, String> asked = fields.get();
        Answer answer = signUps.signUp(new SignUps.Request(
                asked.get("id"), asked.get("password"), asked.getOrDefault("code", ""), context.ip()));
        if (answer.outcome() == Outcome.CREATED) {
            Json.send(context, answer.outcome().status(), json -> {
                json.writeStartObject();
                json.writeStringField("status", "ok");
                json.writeStringField("id", asked.get("id"));
                json.writeEndObject();
            });
        } else {
            Json.sendError(context, answer.outcome().status(), answer.outcome().code(), answer.reason());
        }
    }
}
