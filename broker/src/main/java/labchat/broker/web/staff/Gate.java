package labchat.broker.web.staff;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.Header;
import io.javalin.http.SameSite;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import labchat.broker.staff.LoginThrottle;
import labchat.broker.staff.StaffSessions;
import labchat.broker.staff.StaffSessions.Session;
import labchat.broker.web.Json;

/**
 * Who may come in. A session is a cookie that no script can read and no other site can use; a request that changes
 * something also needs the session's token in a header, which another site could not set.
 */
final class Gate {

    static final String COOKIE = "labchat_staff";
    static final String TOKEN_HEADER = "X-CSRF-Token";

    private static final String PATH = "/api";
    private static final int MAX_PASSWORD_BYTES = 1_024;

    private final StaffDesk desk;
    private final StaffSessions sessions;
    private final LoginThrottle throttle;

    Gate(StaffDesk desk) {
        this.desk = desk;
        this.sessions = new StaffSessions(desk.clock());
        this.throttle = new LoginThrottle(desk.clock());
    }

    /** A handler for those who are signed in. */
    @FunctionalInterface
    interface Signed {
        void handle(Context context, Session session) throws Exception;
    }

    /** For those who are signed in. */
    void look(Context context, Signed handler) throws Exception {
        Optional<Session> session = session(context);
        if (session.isPresent()) {
            handler.handle(context, session.get());
        }
    }

    /** For those who are signed in and whose own page asks. */
    void change(Context context, Signed handler) throws Exception {
        Optional<Session> session = session(context);
        if (session.isEmpty()) {
            return;
        }
        String token = Optional.ofNullable(context.header(TOKEN_HEADER)).orElse("");
        if (!isSameSite(context) || !session.get().hasToken(token)) {
            Json.sendError(
                    context,
                    403,
                    "csrf",
                    "The request did not come from the page that you are signed in on. Load the page again.");
            return;
        }
        handler.handle(context, session.get());
    }

    /** Signs in. */
    void signIn(Context context) {
        String type = Optional.ofNullable(context.contentType()).orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/json") || !isSameSite(context)) {
            Json.sendError(context, 415, "not_json", "Send JSON, with the header Content-Type: application/json.");
            return;
        }
        Optional<Map<String, String>> fields = Json.fields(context.body());
        String user = fields.map(f -> f.get("user")).orElse(null);
        String password = fields.map(f -> f.get("password")).orElse(null);
        if (user == null || password == null) {
            Json.sendError(
                    context, 400, "invalid_request", "The request must be a JSON object with user and password.");
            return;
        }
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_PASSWORD_BYTES) {
            refuseLogin(context);
            return;
        }
        Optional<Duration> wait = throttle.attempt(context.ip(), user);
        if (wait.isPresent()) {
            long seconds = Math.max(1, wait.get().toSeconds() + 1);
            context.header(Header.RETRY_AFTER, String.valueOf(seconds));
            Json.sendError(
                    context,
                    429,
                    "too_many_logins",
                    "Too many tries. Wait %d seconds, then try again.".formatted(seconds));
            return;
        }
        context.future(() -> verify(user, bytes).thenAccept(right -> signedIn(context, user, right)));
    }

    private CompletableFuture<Boolean> verify(String user, byte[] password) {
        try {
            return CompletableFuture.supplyAsync(() -> desk.passwords().verify(user, password), desk.passwordThreads());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void signedIn(Context context, String user, boolean right) {
        if (!right) {
            refuseLogin(context);
            return;
        }
        throttle.succeeded(context.ip(), user);
        if (!desk.staff().get().contains(user)) {
            Json.sendError(
                    context,
                    403,
                    "not_staff",
                    "%s is not one of the accounts that the setting staff names in broker.conf.".formatted(user));
            return;
        }
        String key = sessions.open(user);
        context.cookie(cookie(context, key, (int) StaffSessions.LONGEST.toSeconds()));
        sendSession(context, sessions.use(key).orElseThrow());
    }

    private static void refuseLogin(Context context) {
        Json.sendError(context, 401, "wrong_password", "Wrong name or password.");
    }

    /** Signs out. */
    void signOut(Context context) {
        key(context).ifPresent(sessions::close);
        context.cookie(cookie(context, "", 0));
        context.status(204);
    }

    /** Who is signed in, and the token that changing requests need. */
    void sendSession(Context context, Session session) {
        Json.send(context, 200, json -> {
            json.writeStartObject();
            json.writeStringField("user", session.user());
            json.writeStringField("csrf", session.csrf());
            json.writeStringField("expires", session.expires().toString());
            json.writeBooleanField("seesMessages", desk.seesMessages());
            json.writeEndObject();
        });
    }

    /** The key of the session that a request comes with. */
    Optional<String> key(Context context) {
        return Optional.ofNullable(context.cookie(COOKIE));
    }

    /** Whether a session is still good, without being used by the question. */
    boolean isOpen(String key) {
        return sessions.look(key)
                .filter(session -> desk.staff().get().contains(session.user()))
                .isPresent();
    }

    /** All sessions of a user end. */
    void closeAll(String user) {
        sessions.closeAll(user);
    }

    private Optional<Session> session(Context context) {
        Optional<Session> session = key(context).flatMap(sessions::use);
        if (session.isEmpty()) {
            Json.sendError(context, 401, "signed_out", "You are not signed in, or your session has ended. Sign in.");
        } else if (!desk.staff().get().contains(session.get().user())) {
            Json.sendError(
                    context,
                    403,
                    "not_staff",
                    "%s is not named by the setting staff any more."
                            .formatted(session.get().user()));
            return Optional.empty();
        }
        return session;
    }

    /** Browsers name the page that asks; programs need not. */
    private static boolean isSameSite(Context context) {
        String origin = context.header(Header.ORIGIN);
        String host = context.header(Header.HOST);
        if (origin == null || host == null) {
            return true;
        }
        try {
            return host.equalsIgnoreCase(new URI(origin).getAuthority());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static Cookie cookie(Context context, String value, int maxAge) {
        boolean secure = "https".equals(context.scheme());
        return new Cookie(COOKIE, value, PATH, maxAge, secure, true, null, SameSite.STRICT);
    }
}
