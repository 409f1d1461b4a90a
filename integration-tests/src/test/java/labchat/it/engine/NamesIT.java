package labchat.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import labchat.it.support.BareMoquette;
import labchat.it.support.Bytes;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.PacketWriter;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.Statement;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Characters that no topic and no name may have: MQTT 3.1.1 and 5, section 1.5. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamesIT {

    private static final String PREFIX = "ttm4175/other/";

    /** As Latin-1: NUL, a control character, U+FFFD, a byte that UTF-8 never has, half of a surrogate pair. */
    private static final List<String> BAD =
            List.of("a\u0000b", "a\u0007b", "a\u00ef\u00bf\u00bdb", "a\u00ffb", "a\u00ed\u00a0\u0080b");

    /** NUL and what is no UTF-8 is refused by the decoder of the Netty that we use. */
    private static final List<String> BAD_BUT_TAKEN = BAD.subList(1, 3);

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    private static byte[] publish(Wire wire, String name) {
        return Publish.to("", "x")
                .topicBytes(Bytes.latin1(PREFIX + name))
                .qos(1, 9)
                .encode(wire);
    }

    @Tag("engine")
    @Test
    void bare_topicsWithCharactersThatNoneMayHave_areDelivered() throws IOException {
        try (BareMoquette bare = BareMoquette.create().start()) {
            RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "reader");
            reader.subscribe(PREFIX + "#", 1);
            RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "writer");
            for (String bad : BAD_BUT_TAKEN) {
                writer.send(publish(Wire.TCP_V3, bad));
                writer.takeAck(Type.PUBACK, 9);
                assertThat(reader.message().topic()).startsWith(PREFIX + "a");
            }
        }
    }

    @Tag("engine")
    @Test
    void bare_namesWithCharactersThatNoneMayHave_logIn() throws IOException {
        try (BareMoquette bare = BareMoquette.create().start()) {
            for (String bad : BAD_BUT_TAKEN) {
                RawMqtt client = bare.open(Wire.TCP_V3, "any");
                client.send(connect(Wire.TCP_V3, bad, "user" + bad, "x"));
                assertThat(client.expect(Type.CONNACK).code()).isZero();
                client.close();
            }
        }
    }

    private static byte[] connect(Wire wire, String clientId, String user, String password) {
        PacketWriter out =
                new PacketWriter().text("MQTT").u8(wire.pick(4, 5)).u8(0xc2).u16(60);
        if (wire.isV5()) {
            out.u8(0);
        }
        return out.lengthAndBytes(Bytes.latin1(clientId))
                .lengthAndBytes(Bytes.latin1(user))
                .text(password)
                .asPacket(Type.CONNECT, 0);
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-4.7.3-2", "MQTT-1.5.3-2"},
            v5 = {"MQTT-4.7.3-2", "MQTT-1.5.4-2"})
    void guarded_topicsWithSuchCharacters_reachNobody(Wire wire) throws IOException {
        RawMqtt reader = BROKER.login(wire, "staff");
        reader.subscribe("ttm4175/#", 1);
        for (String bad : BAD) {
            RawMqtt writer = BROKER.login(wire, "team1a");
            writer.send(publish(wire, bad));
            assertRefusedOrClosed(writer, Type.PUBACK, wire.pick(0, 0x90));
            RawMqtt subscriber = BROKER.login(wire, "team1a");
            subscriber.send(subscriber.subscribePacket(9, Props.NONE, Bytes.latin1(PREFIX + bad), 1));
            assertRefusedOrClosed(subscriber, Type.SUBACK, wire.pick(0x80, 0x8f));
        }
        BROKER.login(wire, "team1a").publish(PREFIX + "fence", "fence", 1);
        assertThat(reader.message().text()).isEqualTo("fence");
    }

    /** Malformed text may be refused or end the connection: both are right. */
    private static void assertRefusedOrClosed(RawMqtt client, Type type, int code) {
        Packet answer = client.takeWithin(RawMqtt.PATIENCE, packet -> packet.type() == type || client.isClosed())
                .orElse(null);
        if (answer == null || answer.type() == Type.DISCONNECT) {
            client.expectClosed();
        } else {
            assertThat(answer.code()).isEqualTo(code);
        }
    }

    @OnEveryListener
    void guarded_namesWithSuchCharacters_areRefused(Wire wire) throws IOException {
        for (String bad : BAD) {
            RawMqtt byId = BROKER.open(wire);
            byId.send(connect(wire, bad, "team1a", "secret-of-team1a"));
            byId.expectClosed();
            assertThat(byId.kept()).allMatch(packet -> packet.code() != 0);
            RawMqtt byName = BROKER.open(wire);
            byName.send(connect(wire, "id", "team1a" + bad, "secret-of-team1a"));
            byName.expectClosed();
            assertThat(byName.kept()).allMatch(packet -> packet.code() != 0);
        }
    }
}
