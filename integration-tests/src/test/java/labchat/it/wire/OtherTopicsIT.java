package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import labchat.broker.event.BrokerEvent.MessagePublished;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.Statement;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics beside the four kinds, which the broker inside serves; on one connection with chat. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherTopicsIT {

    private static final String TO_TEAM2A = Chat.messageTopic("team2a");

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    @OnEveryListener
    void otherTopic_everyQos_isDeliveredAndReported(Wire wire) throws IOException {
        RawMqtt reader = BROKER.login(wire, "team2a");
        assertThat(reader.subscribe("ttm4175/other/+", 2)).isEqualTo(2);
        RawMqtt writer = BROKER.login(wire, "team1a");
        for (int qos = 0; qos <= 2; qos++) {
            // No JSON is asked for here.
            assertThat(writer.publish("ttm4175/other/x", "anything " + qos, qos).codes())
                    .allMatch(code -> code < 0x80);
            Packet message = reader.message();
            assertThat(message.text()).isEqualTo("anything " + qos);
            assertThat(message.qos()).isEqualTo(qos);
            int expected = qos;
            MessagePublished event =
                    BROKER.recorder().await(writer, MessagePublished.class, published -> published.qos() == expected);
            assertThat(event.topic()).isEqualTo("ttm4175/other/x");
            assertThat(event.chat()).isEmpty();
        }
        assertThat(reader.unsubscribe("ttm4175/other/+").type()).isEqualTo(Type.UNSUBACK);
        writer.publish("ttm4175/other/x", "not any more", 1);
        reader.subscribe("ttm4175/other/fence", 1);
        writer.publish("ttm4175/other/fence", "fence", 1);
        assertThat(reader.message().text()).isEqualTo("fence");
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.3.1-8", "MQTT-3.3.1-10"},
            v5 = {"MQTT-3.3.1-9", "MQTT-3.3.1-6"})
    void retained_isGivenToALaterSubscriberAndCleared(Wire wire) throws IOException {
        String topic = "ttm4175/other/retained-" + wire;
        RawMqtt writer = BROKER.login(wire, "team1a");
        writer.publish(Publish.to(topic, "kept").retain(), 1);

        RawMqtt reader = BROKER.login(wire, "team2a");
        reader.subscribe(topic, 1);
        Packet kept = reader.message();
        assertThat(kept.text()).isEqualTo("kept");
        assertThat(kept.isRetain()).isTrue();

        // An empty retained publish removes it [MQTT-3.3.1-10].
        writer.publish(Publish.to(topic, "").retain(), 1);
        RawMqtt later = BROKER.login(wire, "team2a");
        later.subscribe(topic, 1);
        writer.publish(topic, "live", 1);
        Packet live = later.message();
        assertThat(live.text()).isEqualTo("live");
        assertThat(live.isRetain()).isFalse();
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-2.3.1-4", v5 = "MQTT-2.2.1-4")
    void packetIds_ofBothWaysToOneReceiver_neverCollide(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        team2a.subscribe("ttm4175/other/#", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        // Two rounds: what is acknowledged wrongly in the first is missed in the second.
        for (int round = 0; round < 2; round++) {
            Set<String> sent = new HashSet<>();
            for (int i = 0; i < 8; i++) {
                String chat = Chat.message("team1a", "team2a", "chat " + i);
                String other = "other %d-%d".formatted(round, i);
                sent.addAll(List.of(chat, other));
                team1a.publish(TO_TEAM2A, chat, 1 + i % 2);
                team1a.publish("ttm4175/other/ids", other, 1 + i % 2);
            }
            List<Packet> inFlight = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                inFlight.add(team2a.take(Type.PUBLISH));
            }
            assertThat(inFlight).extracting(Packet::text).containsExactlyInAnyOrderElementsOf(sent);
            assertThat(inFlight).extracting(Packet::id).doesNotHaveDuplicates().doesNotContain(0);
            for (Packet message : inFlight) {
                team2a.acknowledge(message);
            }
            team2a.ping();
            assertThat(team2a.kept()).isEmpty();
        }
    }

    @OnEveryListener
    void manyOtherMessages_areAllAcknowledgedAndDelivered(Wire wire) throws IOException {
        RawMqtt reader = BROKER.login(wire, "team2a");
        reader.subscribe("ttm4175/other/many", 1);
        RawMqtt writer = BROKER.login(wire, "team1a");
        for (int i = 0; i < 200; i++) {
            writer.send(Publish.to("ttm4175/other/many", "m" + i).qos(1, i + 1).encode(wire));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(reader.message().text()).isEqualTo("m" + i);
        }
        for (int i = 0; i < 200; i++) {
            writer.takeAck(Type.PUBACK, i + 1);
        }
    }

    @OnVersion5
    void properties_areCarriedHereToo(Wire wire) throws IOException {
        RawMqtt reader = BROKER.login(wire, "team2a");
        reader.subscribe("ttm4175/other/props", 1);
        Props props = Props.NONE.with(Prop.CONTENT_TYPE, "text/plain").withUser("a", "1");
        BROKER.login(wire, "team1a")
                .publish(Publish.to("ttm4175/other/props", "x").props(props), 1);
        assertThat(reader.message().props().entries()).containsAll(props.entries());
    }
}
