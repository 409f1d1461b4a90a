package labchat.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.PythonPeer;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A message to {@code server} is answered, so that nobody who is alone here gets no answer. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HelpIT {

    private static final String TO_SERVER = Chat.ROOT + "server/message";

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    /** Sends until there is an answer: sooner than a second after the last one there is none. */
    private static Packet answer(RawMqtt client, String user, String text) {
        return Awaitility.await()
                .atMost(RawMqtt.PATIENCE)
                .until(
                        () -> {
                            String message = Chat.message(user, "server", text);
                            assertThat(client.publish(TO_SERVER, message, 1).code())
                                    .isZero();
                            return client.takeWithin(
                                    Duration.ofMillis(200),
                                    packet -> packet.type() == Packet.Type.PUBLISH
                                            && packet.topic().equals(Chat.messageTopic(user)));
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    @OnEveryListener
    void help_isAnsweredByAMessageFromTheServer(Wire wire) throws IOException {
        RawMqtt client = BROKER.receiver(wire, "team1a", 1);

        Packet answer = answer(client, "team1a", "  HELP ");
        assertThat(answer.isRetain()).isFalse();
        assertThat(answer.qos()).isEqualTo(1);
        assertThat(answer.text())
                .startsWith("{\"sender\":\"server\",\"receiver\":\"team1a\",\"message\":\"")
                .contains("ttm4175/chat/+/presence", "ttm4175/chat/team1a/diagnostics")
                .containsPattern("\"uuid\":\"[!-~]{1,64}\"}$");
        client.acknowledge(answer);
    }

    @OnEveryListener
    void anyOtherText_isAnsweredWithOneLine_andReceiptsForItAreTaken(Wire wire) throws IOException {
        RawMqtt client = BROKER.receiver(wire, "team2a", 1);

        Packet answer = answer(client, "team2a", "Hei, er det noen her?");
        assertThat(answer.text()).contains("send me help").doesNotContain("\\n");
        client.acknowledge(answer);
        String uuid = answer.text().replaceAll(".*\"uuid\":\"(.*)\"}", "$1");
        for (String kind : new String[] {"delivered", "read"}) {
            String receipt = Chat.receipt(kind, "team2a", "server", uuid);
            assertThat(client.publish(Chat.ROOT + "server/" + kind, receipt, 1).code())
                    .isZero();
        }
        client.ping();

        assertThat(client.kept())
                .as("a word about the receipts, which are right")
                .noneMatch(packet -> packet.topic().endsWith("/diagnostics"));
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void pythonProgram_isHelped(@TempDir Path directory) throws IOException {
        try (PythonPeer python =
                PythonPeer.start(directory, BROKER.port(false), "team3a", Optional.of("secret-of-team3a"))) {
            python.type("say server " + Chat.freshUuid() + " help");
            python.process()
                    .awaitLine(
                            "the server's answer",
                            line -> line.startsWith("message server ") && line.contains("I am the server"));
        }
    }
}
