package labchat.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import labchat.it.support.Packet.Type;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The test client itself, against a broker that is known to be right. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledIf("labchat.it.support.Mosquitto#isInstalled")
class RawMqttIT {

    private static TestProcess mosquitto;
    private static int port;
    private static int webSocketPort;

    @BeforeAll
    static void startMosquitto(@TempDir Path directory) throws IOException {
        port = Mosquitto.freePort();
        webSocketPort = Mosquitto.freePort();
        mosquitto = Mosquitto.startBroker(directory, port, webSocketPort);
    }

    @AfterAll
    static void stopMosquitto() {
        mosquitto.close();
    }

    @OnEveryListener
    void client_everyQosToItself_goesThroughTheWholeHandshake(Wire wire) throws IOException {
        try (RawMqtt client = open(wire)) {
            Packet connack = client.connect(Connect.as(wire).clientId("raw-" + wire));
            assertThat(connack.code()).isZero();
            assertThat(client.subscribe("raw/" + wire + "/#", 2)).isEqualTo(2);

            for (int qos = 0; qos <= 2; qos++) {
                client.publish("raw/" + wire + "/qos", "q" + qos + " æøå", qos);
                Packet message = client.message();
                assertThat(message.qos()).isEqualTo(qos);
                assertThat(message.text()).isEqualTo("q" + qos + " æøå");
            }
            assertThat(client.unsubscribe("raw/" + wire + "/#").type()).isEqualTo(Type.UNSUBACK);
            client.ping();
            client.disconnect();
            client.expectClosed();
            assertThat(client.kept()).isEmpty();
        }
    }

    @OnEveryListener
    void client_packetInPieces_arrives(Wire wire) throws IOException {
        try (RawMqtt client = open(wire)) {
            client.sendInPieces(Connect.as(wire).clientId("pieces").encode(), 3);
            assertThat(client.expect(Type.CONNACK).code()).isZero();
            client.subscribe("pieces", 0);
            String text = "x".repeat(70_000);
            client.send(Publish.to("pieces", text).encode(wire));
            assertThat(client.message().text()).isEqualTo(text);
        }
    }

    @OnVersion5
    void client_properties_areWrittenAndRead(Wire wire) throws IOException {
        try (RawMqtt client = open(wire)) {
            client.connect(Connect.as(wire).clientId("props").props(Props.NONE.with(Prop.SESSION_EXPIRY, 10)));
            client.subscribe(Props.NONE.with(Prop.SUBSCRIPTION_ID, 200), "props", 0);
            Props sent = Props.NONE
                    .with(Prop.CONTENT_TYPE, "text/plain")
                    .with(Prop.CORRELATION_DATA, "\u0000\u00ff")
                    .withUser("key", "value");
            client.send(Publish.to("props", "p").props(sent).encode(wire));
            Packet message = client.message();
            assertThat(message.props().entries()).containsAll(sent.entries());
            assertThat(message.props().number(Prop.SUBSCRIPTION_ID)).contains(200L);
        }
    }

    @OnEveryListener
    void client_invalidPacket_seesTheConnectionEnd(Wire wire) throws IOException {
        try (RawMqtt client = open(wire)) {
            client.connect(Connect.as(wire).clientId("broken"));
            client.send(new PacketWriter().asPacket(Type.RESERVED, 0));
            client.expectClosed();
        }
    }

    private static RawMqtt open(Wire wire) throws IOException {
        return RawMqtt.open(wire, wire.isWebSocket() ? webSocketPort : port, "raw");
    }
}
