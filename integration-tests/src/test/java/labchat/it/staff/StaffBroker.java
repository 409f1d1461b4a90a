package labchat.it.staff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.UsersConf;
import labchat.it.support.Wire;

/** A packaged broker whose page for staff is on, and somebody at the other end of HTTP who is signed in or not. */
final class StaffBroker implements AutoCloseable {

    static final String PASSWORD = "a-good-password";
    static final String STAFF = "kashish";

    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final BrokerProcess broker;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();
    private String cookie = "";
    private String token = "";

    private StaffBroker(BrokerProcess broker) {
        this.broker = broker;
    }

    /** @param settings more lines for broker.conf */
    static StaffBroker start(Path directory, String settings) throws IOException {
        Path users = Files.writeString(
                directory.resolve("users.conf"),
                UsersConf.of(List.of("team1a", "team2a", "team3a", "x6", STAFF), PASSWORD));
        Path conf = Files.writeString(directory.resolve("broker.conf"), "staff " + STAFF + "\n" + settings);
        return new StaffBroker(BrokerProcess.start(directory, "-c", conf.toString(), "--users", users.toString()));
    }

    /** Somebody else at the same broker, not signed in; closing is not theirs. */
    StaffBroker stranger() {
        return new StaffBroker(broker);
    }

    BrokerProcess process() {
        return broker;
    }

    URI page(String path) {
        return URI.create("http://127.0.0.1:" + broker.httpPort() + path);
    }

    RawMqtt login(String user, String clientId) throws IOException {
        return login(user, clientId, PASSWORD);
    }

    RawMqtt login(String user, String clientId, String password) throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), clientId);
        assertThat(client.connect(Connect.as(Wire.TCP_V5).clientId(clientId).login(user, password))
                        .code())
                .isZero();
        return client;
    }

    /** Signs in; what follows is asked by that session. */
    HttpResponse<String> signIn(String user, String password) throws Exception {
        HttpResponse<String> answer = send(
                "POST", "/api/session", "{\"user\":\"%s\",\"password\":\"%s\"}".formatted(user, password), Map.of());
        if (answer.statusCode() == 200) {
            cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
            token = field(answer.body(), "csrf");
        }
        return answer;
    }

    void signedIn() throws Exception {
        HttpResponse<String> answer = signIn(STAFF, PASSWORD);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "", Map.of());
    }

    /** With the session's token. */
    HttpResponse<String> change(String method, String path, String body) throws Exception {
        return send(method, path, body, Map.of("X-CSRF-Token", token));
    }

    HttpResponse<String> send(String method, String path, String body, Map<String, String> headers) throws Exception {
        return http.send(
                request(method, path, body, headers), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** The lines of a stream of events, as they come. */
    HttpResponse<Stream<String>> stream(String path) throws Exception {
        return http.send(
                request("GET", path, "", Map.of("Accept", "text/event-stream")), HttpResponse.BodyHandlers.ofLines());
    }

    private HttpRequest request(String method, String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(page(path))
                .timeout(ANSWER)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        headers.forEach(request::header);
        return request.build();
    }

    /** A text field of a JSON object that has it once. */
    static String field(String json, String name) {
        Matcher field = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        assertThat(field.find()).as("%s in %s", name, json).isTrue();
        return field.group(1);
    }

    @Override
    public void close() {
        broker.close();
    }
}
