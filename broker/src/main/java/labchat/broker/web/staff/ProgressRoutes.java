package labchat.broker.web.staff;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import labchat.broker.steps.LabPart;
import labchat.broker.steps.LabProgress;
import labchat.broker.steps.LabProgress.Standing;
import labchat.broker.web.Json;
import labchat.broker.web.staff.StaffRoutes.Route;

/** How far everybody is with the lab's steps: for staff to see, and to begin anew with another class. */
final class ProgressRoutes {

    private static final String PATH = "/api/progress";

    private final Gate gate;
    private final Supplier<? extends Collection<String>> users;
    private final LabProgress lab;

    /** @param users all accounts, in the order of the page */
    ProgressRoutes(Gate gate, Supplier<? extends Collection<String>> users, LabProgress lab) {
        this.gate = gate;
        this.users = users;
        this.lab = lab;
    }

    List<Route> api() {
        return List.of(
                new Route(HandlerType.GET, PATH, context -> gate.look(context, (c, session) -> send(c))),
                new Route(
                        HandlerType.DELETE,
                        PATH,
                        context -> gate.change(context, (c, session) -> {
                            lab.forget();
                            send(c);
                        })));
    }

    private void send(Context context) {
        List<Standing> standings = lab.standings(users.get());
        Json.send(context, 200, json -> write(json, standings));
    }

    static void write(JsonGenerator json, List<Standing> standings) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("parts");
        for (LabPart part : LabPart.values()) {
            json.writeStartObject();
            json.writeNumberField("step", part.step());
            json.writeStringField("part", part.word());
            json.writeStringField("title", part.title());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("teams");
        for (Standing standing : standings) {
            json.writeStartObject();
            json.writeStringField("user", standing.user());
            json.writeArrayFieldStart("states");
            for (LabPart part : LabPart.values()) {
                state(json, standing.done().get(part), standing.problems().get(part));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** In the order of the parts: since when it is done, and what is wrong with it. */
    private static void state(JsonGenerator json, Instant done, String problem) throws IOException {
        json.writeStartObject();
        if (done != null) {
            json.writeStringField("done", done.toString());
        } else {
            json.writeNullField("done");
        }
        json.writeBooleanField("wrong", problem != null);
        json.writeStringField("code", problem == null ? "" : problem);
        json.writeEndObject();
    }
}
