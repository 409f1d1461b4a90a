package labchat.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import labchat.client.doctor.Outside.Reach;
import labchat.client.doctor.Outside.Speaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

    /** Answers every connection with the same, once something has been said. */
    private static void serve(ServerSocket server, byte[] answer) {
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    client.getInputStream().read(new byte[1024]);
                    client.getOutputStream().write(answer);
                } catch (IOException e) {
                    // Closed by the test, or the client has left.
                    continue;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static Speaks answering(byte[] answer) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            serve(server, answer);
            return Network.plain("127.0.0.1", server.getLocalPort());
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 400 Bad Request, HTTP", "<html>, HTTP", "SSH-2.0-OpenSSH_9.2, OTHER", "'', CLOSES"})
    void plain_ofText_tellsWhoItIs(String answer, Speaks speaks) throws IOException {
        assertThat(answering(answer.getBytes(StandardCharsets.US_ASCII))).isEqualTo(speaks);
    }

    @Test
    void plain_ofPackets_tellsMqttFromTls() throws IOException {
        assertThat(answering(new byte[] {0x20, 2, 0, 1})).isEqualTo(Speaks.MQTT);
        assertThat(answering(new byte[] {0x15, 3, 3, 0, 2, 2, 40})).isEqualTo(Speaks.TLS);
    }

    @Test
    void reach_ofAPortThatIsClosed_isRefused() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(Network.reach("127.0.0.1", port)).isEqualTo(Reach.CONNECTED);
        }
        assertThat(Network.reach("127.0.0.1", port)).isEqualTo(Reach.REFUSED);
    }

    @Test
    void addresses_ofAnAddress_areItself() {
        assertThat(Network.addresses("127.0.0.1")).containsExactly("127.0.0.1");
    }
}
