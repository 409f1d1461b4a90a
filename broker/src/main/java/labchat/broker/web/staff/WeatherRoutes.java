package labchat.broker.web.staff;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import labchat.broker.weather.Spell;
import labchat.broker.weather.WeatherOrder;
import labchat.broker.weather.WeatherStation;
import labchat.broker.web.Json;

/** Lab weather in the staff's API. */
final class WeatherRoutes {

    private final WeatherStation station;
    private final Gate gate;

    WeatherRoutes(WeatherStation station, Gate gate) {
        this.station = station;
        this.gate = gate;
    }

    /** Its paths. */
    List<StaffRoutes.Route> api() {
        return List.of(
                new StaffRoutes.Route(
                        HandlerType.GET, "/api/weather", context -> gate.look(context, (c, s) -> send(c, List.of()))),
                new StaffRoutes.Route(
                        HandlerType.DELETE,
                        "/api/weather",
                        context -> gate.change(context, (c, s) -> sendCleared(c, station.clearAll()))),
                new StaffRoutes.Route(
                        HandlerType.PUT,
                        "/api/users/{user}/weather",
                        context -> gate.change(context, (c, s) -> begin(c, s.user()))),
                new StaffRoutes.Route(
                        HandlerType.DELETE,
                        "/api/users/{user}/weather",
                        context -> gate.change(context, (c, s) -> clear(c))));
    }

    private void begin(Context context, String staff) {
        Optional<List<String>> users = users(context);
        if (users.isEmpty()) {
            return;
        }
        Optional<Map<String, String>> fields = Json.fields(context.body());
        if (fields.isEmpty()) {
            Json.sendError(
                    context,
                    400,
                    "invalid_request",
                    "The request must be a JSON object with some of %s."
                            .formatted(String.join(", ", WeatherOrder.NAMES)));
            return;
        }
        WeatherOrder order = WeatherOrder.read(fields.get(), UnaryOperator.identity());
        if (order instanceof WeatherOrder.Bad bad) {
            Json.sendError(context, 422, "invalid_weather", String.join("; ", bad.problems()) + ".");
            return;
        }
        List<Spell> begun = station.begin(users.get(), (WeatherOrder.Good) order, staff);
        send(
                context,
                begun.stream()
                        .map(spell -> "%s: %s.".formatted(spell.user(), station.words(spell)))
                        .toList());
    }

    private void clear(Context context) {
        users(context).ifPresent(users -> sendCleared(context, station.clear(users)));
    }

    private Optional<List<String>> users(Context context) {
        WeatherStation.Team team = station.team(List.of(context.pathParam("user")));
        if (team.problems().isEmpty()) {
            return Optional.of(team.users());
        }
        Json.sendError(context, 404, "unknown_user", String.join("; ", team.problems()) + ".");
        return Optional.empty();
    }

    private void sendCleared(Context context, List<String> users) {
        send(
                context,
                List.of(
                        users.isEmpty()
                                ? "There was no lab weather to clear."
                                : "The lab weather is over for %s.".formatted(String.join(", ", users))));
    }

    private void send(Context context, List<String> lines) {
        Json.send(context, 200, json -> {
            json.writeStartObject();
            json.writeStringField("status", "ok");
            StaffJson.texts(json, "lines", lines);
            json.writeArrayFieldStart("weather");
            for (Spell spell : station.all()) {
                spell(json, spell);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void spell(JsonGenerator json, Spell spell) throws IOException {
        json.writeStartObject();
        json.writeStringField("user", spell.user());
        json.writeStringField("words", spell.wordsNow(station.now()));
        json.writeNumberField("loss", spell.weather().loss());
        json.writeNumberField("delayMs", spell.weather().delay().toMillis());
        json.writeNumberField("duplicate", spell.weather().duplicate());
        json.writeStringField("since", spell.since().toString());
        json.writeStringField("until", spell.until().toString());
        json.writeNumberField("secondsLeft", spell.left(station.now()).toSeconds());
        json.writeNumberField(
                "outageSecondsLeft", spell.outageLeft(station.now()).toSeconds());
        json.writeEndObject();
    }
}
