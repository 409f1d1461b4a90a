package labchat.broker.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import labchat.broker.config.SignUp;
import labchat.broker.web.SignUps.Answer;
import labchat.broker.web.SignUps.Outcome;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {

    private static final List<SignUps.Request> ASKED = new CopyOnWriteArrayList<>();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Outcome outcome = Outcome.CREATED;
    private static WebServer server;

    private static WebSettings settings(int port) {
        PageInfo page = new PageInfo(
                OptionalInt.of(8083),
                OptionalInt.empty(),
                ChatTopics.DEFAULT,
                Optional.of(new ChatId("lobby")),
                () -> SignUp.OPEN,
                4_096,
                262_144,
                "0.1.0");
        return new WebSettings("127.0.0.1", port, Optional.empty(), page);
    }

    @BeforeAll
    static void start() throws IOException {
        SignUps signUps = request -> {
            ASKED.add(request);
            return new Answer(outcome, "because");
        };
        WebRoutes feature = (routes, site) -> {
            routes.get("/feature", context -> context.result("there"));
            routes.get("/broken", context -> {
                throw new IllegalStateException("secret detail");
            });
        };
        server = WebServer.start(settings(0), signUps, List.of(feature), Clock.systemUTC());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(to(path));
    }

    private static HttpResponse<String> signUp(String type, String body) throws Exception {
        return send(to("/api/signup").header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    @Test
    void port_isTakenAtOnceAndAnsweredWhenTheServerIsUp() throws Exception {
        try (WebServer fresh = WebServer.start(settings(0), SignUps.NONE, List.of(), Clock.systemUTC())) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:%d/config.json".formatted(fresh.port())))
                    .build();

            assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void server_thatIsClosedAtOnce_givesThePortBack() throws Exception {
        WebServer fresh = WebServer.start(settings(0), SignUps.NONE, List.of(), Clock.systemUTC());
        fresh.close();
        fresh.close();

        new ServerSocket(fresh.port(), 1, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void port_thatIsTaken_isNamedInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            WebServer.start(settings(taken.getLocalPort()), SignUps.NONE, List.of(), Clock.systemUTC()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "cannot listen on 127.0.0.1:%d (http_port): the port is in use by another program; stop that,"
                                            .formatted(taken.getLocalPort())
                                    + " choose another port, or set http_port off");
        }
    }

    @Test
    void config_tellsWhatThePageMustKnow() throws Exception {
        HttpResponse<String> answer = get("/config.json");

        assertThat(answer.body())
                .isEqualTo(
                        "{\"version\":\"0.1.0\",\"ws\":8083,\"wss\":null,\"root\":\"ttm4175/chat\",\"lobby\":\"lobby\","
                                + "\"signup\":\"open\",\"maxTextLength\":4096,\"maxPacketSize\":262144}");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/config.json", "/assets/js/main.js", "/feature", "/nothing", "/broken"})
    void everyAnswer_hasTheSecurityHeaders(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("connect-src 'self' ws://127.0.0.1:8083;", "frame-ancestors 'none'", "trusted-types 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void file_isCompressedAndKnownAgain() throws Exception {
        HttpResponse<byte[]> first = CLIENT.send(
                to("/assets/style.css").header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
        String tag = first.headers().firstValue("ETag").orElseThrow();

        assertThat(first.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(first.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/css");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(first.body())).readAllBytes();
        assertThat(new String(plain, StandardCharsets.UTF_8))
                .isEqualTo(get("/assets/style.css").body());
        HttpResponse<String> again = send(to("/assets/style.css").header("If-None-Match", tag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(send(to("/assets/style.css").header("If-None-Match", "\"other\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/../WebServer.class",
                "/assets/%2e%2e/WebServer.class",
                "/assets/js/..%2findex.html",
                "/assets/.hidden",
                "/assets/js",
                "/assets/",
                "/nothing"
            })
    void file_thatIsNotOfThePage_isNotFound(String path) throws Exception {
        assertThat(get(path).statusCode()).isBetween(400, 404);
    }

    @Test
    void feature_hasItsPath() throws Exception {
        assertThat(get("/feature").body()).isEqualTo("there");
        assertThat(send(to("/feature").DELETE()).statusCode()).isEqualTo(405);
    }

    @Test
    void failure_tellsNoDetails() throws Exception {
        HttpResponse<String> answer = get("/broken");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("This broke on the broker's side; its log says more.\n");
    }

    @Test
    void signUp_isHandedOn() throws Exception {
        outcome = Outcome.CREATED;
        ASKED.clear();
        HttpResponse<String> answer =
                signUp("application/json; charset=utf-8", "{\"id\":\"åse\",\"password\":\"p\",\"code\":\"c\"}");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("{\"status\":\"ok\",\"id\":\"åse\"}");
        assertThat(ASKED).containsExactly(new SignUps.Request("åse", "p", "c", "127.0.0.1"));
        assertThat(ASKED.get(0).toString()).isEqualTo("Request[id=åse, address=127.0.0.1]");
    }

    @ParameterizedTest
    @EnumSource(value = Outcome.class, names = "CREATED", mode = EnumSource.Mode.EXCLUDE)
    void signUp_thatIsRefused_saysWhy(Outcome refused) throws Exception {
        outcome = refused;
        HttpResponse<String> answer = signUp("application/json", "{\"id\":\"a\",\"password\":\"p\"}");

        assertThat(answer.statusCode()).isEqualTo(refused.status());
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"error\",\"code\":\"%s\",\"reason\":\"because\"}".formatted(refused.code()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "text/plain~{\"id\":\"a\",\"password\":\"p\"}~415",
                "application/json~{~400",
                "application/json~[]~400",
                "application/json~{\"id\":\"a\"}~400",
                "application/json~{\"id\":\"a\",\"id\":\"b\",\"password\":\"p\"}~400",
                "application/json~{\"id\":{},\"password\":\"p\"}~400",
                "application/json~{\"id\":\"a\",\"password\":\"p\"} x~400"
            })
    void signUp_thatIsNoRequest_isRefused(String type, String body, int status) throws Exception {
        ASKED.clear();

        assertThat(signUp(type, body).statusCode()).isEqualTo(status);
        assertThat(ASKED).isEmpty();
    }

    @Test
    void signUp_thatIsTooLarge_isRefused() throws Exception {
        ASKED.clear();

        assertThat(signUp("application/json", "{\"id\":\"" + "a".repeat(100_000) + "\",\"password\":\"p\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(ASKED).isEmpty();
    }

    @Test
    void pages_areSmall() throws Exception {
        long sum = 0;
        List<String> files = new ArrayList<>(List.of("/", "/assets/style.css", "/assets/icon.svg"));
        get("/").body()
                .lines()
                .filter(line -> line.contains("modulepreload"))
                .forEach(line -> files.add(line.replaceAll(".*href=\"([^\"]+)\".*", "$1")));
        for (String file : files) {
            HttpResponse<byte[]> answer =
                    CLIENT.send(to(file).header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            sum += answer.body().length;
        }

        assertThat(files).hasSizeGreaterThan(10);
        assertThat(sum).isLessThan(100_000);
    }
}
