package labchat.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Connect;
import labchat.it.support.Packet.Type;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping the packaged broker with the repository's own files. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokerProcessIT {

    private static final Duration STOP = Duration.ofSeconds(3);

    @TempDir
    private Path directory;

    @Test
    void serve_onFreePorts_tellsWhereAndStopsOnSigterm() throws IOException {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            TestProcess process = broker.process();
            assertThat(broker.ready()).contains("\"pid\":" + process.pid());
            assertThat(broker.mqttPort()).isBetween(1, 65_535).isNotEqualTo(broker.webSocketPort());

            Map<Wire, RawMqtt> clients = new EnumMap<>(Wire.class);
            for (Wire wire : Wire.values()) {
                int port = wire.isWebSocket() ? broker.webSocketPort() : broker.mqttPort();
                RawMqtt client = RawMqtt.open(wire, port, "process-" + wire);
                clients.put(wire, client);
                // The demo password is the name itself.
                assertThat(client.connect(Connect.as(wire).clientId("c").login("team1a", "wrong"))
                                .code())
                        .isIn(4, 5, 0x86);
                client.expectClosed();
                RawMqtt good = RawMqtt.open(wire, port, "process-" + wire);
                clients.put(wire, good);
                assertThat(good.connect(Connect.as(wire)
                                        .clientId(wire.toString())
                                        .login("team1a", "team1a"))
                                .code())
                        .isZero();
            }
            String output = String.join("\n", process.stdout()) + String.join("\n", process.stderr());
            assertThat(output)
                    .as("where to connect and the command to paste")
                    .contains(Integer.toString(broker.mqttPort()))
                    .contains("client-cli.jar");

            process.terminate();
            assertThat(process.exitCode(STOP)).as(process.describe("exit code")).isZero();
            clients.forEach((wire, client) -> {
                client.expectClosed();
                if (wire.isV5()) {
                    assertThat(client.expect(Type.DISCONNECT).code()).isEqualTo(0x8b);
                }
            });
            assertThat(String.join("\n", process.stderr()))
                    .doesNotContain("Exception")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void serve_onAPortInUse_exitsWithOneLineThatNamesIt() throws IOException {
        for (String option : List.of("--port", "--ws-port")) {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    TestProcess process = BrokerProcess.run(
                            directory,
                            List.of(
                                    "serve",
                                    "--bind",
                                    "127.0.0.1",
                                    option,
                                    Integer.toString(taken.getLocalPort()),
                                    option.equals("--port") ? "--ws-port" : "--port",
                                    "0",
                                    "--http-port",
                                    "0",
                                    "--users",
                                    BrokerProcess.root().resolve("users.conf").toString(),
                                    "--acl",
                                    BrokerProcess.root().resolve("acl.conf").toString(),
                                    "--ready-file",
                                    directory.resolve("ready.json").toString()))) {
                assertThat(process.exitCode(Duration.ofSeconds(30)))
                        .as(process.describe("exit code"))
                        .isEqualTo(1);
                List<String> errors = process.stderr().stream()
                        .filter(line -> line.contains(Integer.toString(taken.getLocalPort())))
                        .toList();
                assertThat(errors).as(process.describe("one line")).hasSize(1);
                assertThat(errors.get(0)).contains("127.0.0.1:" + taken.getLocalPort());
                assertThat(process.describe("")).doesNotContain("Exception").doesNotContain("\tat ");
                assertThat(directory.resolve("ready.json")).doesNotExist();
            }
        }
    }
}
