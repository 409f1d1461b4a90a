package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import labchat.it.support.TestBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose page may open a WebSocket: RFC 6455, section 10.2. */
class OriginIT {

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    /** Asks for a WebSocket; gives the first line of the answer, and all of it if that is a refusal. */
    private static String answer(String originLine) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), BROKER.port(true))) {
            socket.setSoTimeout(30_000);
            String request = "GET /mqtt HTTP/1.1\r\nHost: lab.example.org:8083\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Version: 13\r\n" + originLine + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String first = in.readLine();
            return first.contains(" 101 ") ? first : first + in.lines().collect(Collectors.joining("\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Origin: http://lab.example.org:8080\r\n",
                "Origin: https://lab.example.org\r\n",
                "Origin: file://\r\n"
            })
    void webSocket_ofTheBrokersOwnPageOrAProgram_isOpened(String originLine) throws IOException {
        assertThat(answer(originLine)).startsWith("HTTP/1.1 101 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://elsewhere.example.org", "null", "http://lab.example.org.evil.example", "x"})
    void webSocket_ofAnotherHostsPage_isRefusedInWords(String origin) throws IOException {
        assertThat(answer("Origin: " + origin + "\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("websocket_origins");
    }

    @Test
    void refusal_isTold() throws IOException {
        answer("Origin: http://elsewhere.example.org\r\n");

        await().untilAsserted(() -> assertThat(BROKER.recorder().events())
                .anyMatch(event -> event.toString().contains("foreign_origin")));
    }

    /** A person who has mistaken this port for the page's. */
    @Test
    void browser_thatAsksForAPage_isToldWhatThePortIsFor() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/".formatted(BROKER.port(true))))
                .build();

        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("MQTT over WebSocket");
    }
}
