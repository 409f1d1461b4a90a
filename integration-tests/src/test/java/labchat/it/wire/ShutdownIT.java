package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.it.support.Chat;
import labchat.it.support.Packet.Type;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stopping the broker, from its clients' side; two brokers in one process, one of them stopped. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShutdownIT {

    @Test
    void stop_tellsEveryClientGoodbyeAndLeavesAnotherBrokerAlone() throws IOException {
        try (TestBroker stopped = TestBroker.ofTheClass().start();
                TestBroker other = TestBroker.ofTheClass().start()) {
            Map<Wire, RawMqtt> clients = new EnumMap<>(Wire.class);
            for (Wire wire : Wire.values()) {
                clients.put(wire, stopped.receiver(wire, "team2a", 1));
            }
            RawMqtt elsewhere = other.receiver(Wire.TCP_V3, "team2a", 1);
            String payload = Chat.message("team1a", "team2a", "the last one");
            stopped.login(Wire.TCP_V3, "team1a").publish(Chat.messageTopic("team2a"), payload, 1);

            stopped.stop();

            clients.forEach((wire, client) -> {
                client.expectClosed();
                assertThat(client.expect(Type.PUBLISH).text()).isEqualTo(payload);
                if (wire.isV5()) {
                    assertThat(client.expect(Type.DISCONNECT).code())
                            .as("server shutting down")
                            .isEqualTo(0x8b);
                }
                assertThat(client.kept()).isEmpty();
                assertThat(stopped.recorder()
                                .await(client, ClientDisconnected.class)
                                .cause())
                        .isEqualTo(Cause.SHUTDOWN);
            });
            for (Wire wire : Wire.values()) {
                Assertions.assertThatThrownBy(() -> stopped.open(wire)).isInstanceOf(ConnectException.class);
            }

            RawMqtt sender = other.login(Wire.WS_V5, "team1a");
            sender.publish(Chat.messageTopic("team2a"), payload, 1);
            assertThat(elsewhere.message().text()).isEqualTo(payload);
        }
    }

    @Test
    void stop_withAClientThatReadsNothing_ends() throws IOException {
        try (TestBroker broker = TestBroker.ofTheClass().start()) {
            for (Wire wire : Wire.values()) {
                RawMqtt deaf = broker.openNarrow(wire);
                deaf.connect(TestBroker.loginOf(deaf, "team2a"));
                deaf.subscribe(Chat.ROOT + "team2a/#", 0);
                deaf.stopReading();
            }
            RawMqtt sender = broker.login(Wire.TCP_V3, "team1a");
            String text = "x".repeat(4_000);
            for (int i = 0; i < 1_500; i++) {
                sender.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", text), 1);
            }
            long start = System.nanoTime();
            broker.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }
}
