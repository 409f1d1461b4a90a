package labchat.broker.web.staff;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import labchat.broker.staff.AccountDesk;
import labchat.broker.staff.AccountDesk.Account;
import labchat.broker.staff.AccountDesk.Answer;
import labchat.broker.staff.AccountDesk.Result;
import labchat.broker.web.Json;
import labchat.broker.web.staff.StaffRoutes.Route;

/** The part of the API that is about accounts. */
final class AccountRoutes {

    private static final String ONE = "/api/users/{user}";

    private final Gate gate;
    private final Supplier<Optional<AccountDesk>> office;

    AccountRoutes(Gate gate, Supplier<Optional<AccountDesk>> office) {
        this.gate = gate;
        this.office = office;
    }

    List<Route> api() {
        return List.of(
                new Route(HandlerType.GET, "/api/users", context -> gate.look(context, (c, s) -> list(c))),
                new Route(HandlerType.POST, "/api/users", context -> gate.change(context, (c, s) -> add(c, s.user()))),
                new Route(HandlerType.DELETE, ONE, context -> gate.change(context, (c, s) -> remove(c, s.user()))),
                new Route(
                        HandlerType.POST,
                        ONE + "/password",
                        context -> gate.change(context, (c, s) -> setPassword(c, s.user()))),
                new Route(
                        HandlerType.DELETE,
                        ONE + "/passwords/{name}",
                        context -> gate.change(
                                context,
                                (c, s) -> desk(c).ifPresent(desk -> send(
                                        c, desk.revokePassword(c.pathParam("user"), c.pathParam("name"), s.user()))))),
                new Route(
                        HandlerType.DELETE,
                        ONE + "/certificates/{name}",
                        context -> gate.change(
                                context,
                                (c, s) -> desk(c).ifPresent(desk -> send(
                                        c,
                                        desk.revokeCertificate(c.pathParam("user"), c.pathParam("name"), s.user()))))));
    }

    private Optional<AccountDesk> desk(Context context) {
        Optional<AccountDesk> desk = office.get();
        if (desk.isEmpty()) {
            Json.sendError(context, 409, "not_done", "The accounts of this broker are in no file.");
        }
        return desk;
    }

    private void list(Context context) {
        desk(context).ifPresent(desk -> {
            List<Account> accounts = desk.list();
            Json.send(context, 200, json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("accounts");
                for (Account account : accounts) {
                    write(json, account);
                }
                json.writeEndArray();
                json.writeEndObject();
            });
        });
    }

    private static void write(JsonGenerator json, Account account) throws IOException {
        json.writeStartObject();
        json.writeStringField("user", account.user());
        json.writeBooleanField("staff", account.staff());
        json.writeArrayFieldStart("passwords");
        for (AccountDesk.Password password : account.passwords()) {
            json.writeStartObject();
            json.writeStringField("name", password.name());
            time(json, "lastUsed", password.lastUsed());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("certificates");
        for (AccountDesk.Certificate certificate : account.certificates()) {
            json.writeStartObject();
            json.writeStringField("name", certificate.name());
            json.writeStringField("state", certificate.state());
            json.writeStringField("validUntil", certificate.validUntil().toString());
            time(json, "lastUsed", certificate.lastUsed());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String field, Optional<Instant> time) throws IOException {
        json.writeFieldName(field);
        if (time.isPresent()) {
            json.writeString(time.get().toString());
        } else {
            json.writeNull();
        }
    }

    private void add(Context context, String staff) {
        Optional<Map<String, String>> fields = Json.fields(context.body()).filter(found -> found.containsKey("user"));
        if (fields.isEmpty()) {
            Json.sendError(
                    context,
                    400,
                    "invalid_request",
                    "The request must be a JSON object with user, and password if it is to be a certain one.");
            return;
        }
        Optional<String> password = Optional.ofNullable(fields.get().get("password"));
        desk(context).ifPresent(desk -> send(context, desk.add(fields.get().get("user"), password, staff)));
    }

    private void setPassword(Context context, String staff) {
        String user = context.pathParam("user");
        Optional<Map<String, String>> fields =
                context.body().isBlank() ? Optional.of(Map.of()) : Json.fields(context.body());
        if (fields.isEmpty()) {
            Json.sendError(
                    context, 400, "invalid_request", "The request must be empty, or a JSON object with password.");
            return;
        }
        Optional<String> password = Optional.ofNullable(fields.get().get("password"));
        desk(context).ifPresent(desk -> {
            Answer answer = desk.setPassword(user, password, staff);
            if (answer.result() == Result.DONE) {
                gate.closeAll(user);
            }
            send(context, answer);
        });
    }

    private void remove(Context context, String staff) {
        String user = context.pathParam("user");
        desk(context).ifPresent(desk -> {
            Answer answer = desk.remove(user, staff);
            if (answer.result() == Result.DONE) {
                gate.closeAll(user);
            }
            send(context, answer);
        });
    }

    private static void send(Context context, Answer answer) {
        boolean done = answer.result() == Result.DONE;
        Json.send(context, status(answer.result()), json -> {
            json.writeStartObject();
            json.writeStringField("status", done ? "ok" : "error");
            if (!done) {
                json.writeStringField("code", answer.result().code());
                json.writeStringField("reason", answer.line());
            }
            StaffJson.texts(json, "lines", List.of(answer.line()));
            if (answer.password().isPresent()) {
                json.writeStringField("password", answer.password().get());
            }
            json.writeEndObject();
        });
    }

    private static int status(Result result) {
        return switch (result) {
            case DONE -> 200;
            case UNKNOWN -> 404;
            case INVALID_ID, INVALID_PASSWORD -> 422;
            case ID_TAKEN, YOURSELF, CHANGED_BY_HAND, NOT_WRITTEN -> 409;
        };
    }
}
