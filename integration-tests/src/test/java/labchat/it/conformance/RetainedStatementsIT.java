package labchat.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.RawMqtt;
import labchat.it.support.Statement;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Retained messages, which there are beside the chat only. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetainedStatementsIT {

    private static final int AS_PUBLISHED = 8;
    private static final int ONLY_IF_NEW = 0x10;
    private static final int NEVER = 0x20;

    @RegisterExtension
    static final TestBroker BROKER = People.broker();

    private final Way way = Way.other(BROKER);

    private void retain(Wire wire, String text, int qos) throws IOException {
        RawMqtt writer = way.writes(wire);
        writer.publish(way.says(text).retain(), qos);
        writer.disconnect();
    }

    private Packet given(Wire wire, int options) throws IOException {
        Packet message = way.reads(wire, options).message();
        assertThat(message.isRetain()).isTrue();
        return message;
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-7", "MQTT-3.3.1-8", "MQTT-3.1.2-7"},
            v5 = {"MQTT-3.3.1-5", "MQTT-3.3.1-9", "MQTT-3.8.4-8"})
    void retained_ofEveryQos_isGivenToLaterSubscribers(Wire wire) throws IOException {
        for (int qos = 0; qos <= 2; qos++) {
            // Each takes the place of the one before, and outlives the connection that published it.
            retain(wire, "at " + qos, qos);
            for (int granted = 0; granted <= 2; granted++) {
                Packet message = given(wire, granted);
                assertThat(message.text()).isEqualTo("at " + qos);
                assertThat(message.qos()).isEqualTo(Math.min(granted, qos));
            }
        }
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.3.1-12", v5 = "MQTT-3.3.1-8")
    void publishWithoutTheFlag_changesNothing(Wire wire) throws IOException {
        retain(wire, "kept", 1);
        RawMqtt writer = way.writes(wire);
        writer.publish(way.says("passing"), 1);
        writer.publish(way.says(""), 1);
        assertThat(given(wire, 1).text()).isEqualTo("kept");
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11"},
            v5 = {"MQTT-3.3.1-12", "MQTT-3.3.1-6", "MQTT-3.3.1-7"})
    void emptyRetained_removesAndIsDeliveredLikeAnyOther(Wire wire) throws IOException {
        retain(wire, "kept", 1);
        RawMqtt reader = way.reads(wire, 1);
        assertThat(reader.message().text()).isEqualTo("kept");
        retain(wire, "live", 1);
        Packet live = reader.message();
        assertThat(live.text()).isEqualTo("live");
        assertThat(live.isRetain()).isFalse();
        retain(wire, "", 1);
        Packet empty = reader.message();
        assertThat(empty.text()).isEmpty();
        assertThat(empty.isRetain()).isFalse();
        way.expectNothingButAFence(way.reads(wire, 1), wire);
    }

    @OnVersion5
    @Statement(v5 = "MQTT-3.3.1-13")
    void retainAsPublished_showsTheFlag(Wire wire) throws IOException {
        RawMqtt reader = way.reads(wire, 1 | AS_PUBLISHED);
        retain(wire, "with", 1);
        assertThat(reader.message().isRetain()).isTrue();
        way.writes(wire).publish(way.says("without"), 1);
        assertThat(reader.message().isRetain()).isFalse();
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11", "MQTT-3.8.4-4"})
    void retainHandling_saysWhoGetsThem(Wire wire) throws IOException {
        retain(wire, "kept", 1);
        RawMqtt always = way.reads(wire, 1);
        assertThat(always.message().text()).isEqualTo("kept");
        way.subscribe(always, 1);
        assertThat(always.message().text()).isEqualTo("kept");
        way.expectNothingButAFence(always, wire);

        RawMqtt once = way.reads(wire, 1 | ONLY_IF_NEW);
        assertThat(once.message().text()).isEqualTo("kept");
        way.subscribe(once, 1 | ONLY_IF_NEW);
        way.expectNothingButAFence(once, wire);

        way.expectNothingButAFence(way.reads(wire, 1 | NEVER), wire);
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.8.4-3")
    void subscriptionRepeated_bringsThemAgain(Wire wire) throws IOException {
        retain(wire, "kept", 1);
        RawMqtt reader = way.reads(wire, 0);
        assertThat(reader.message().text()).isEqualTo("kept");
        reader.subscribe(way.wildcard(), 1);
        assertThat(reader.message().text()).isEqualTo("kept");
        way.subscribe(reader, 0);
        assertThat(reader.message().text()).isEqualTo("kept");
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.3.2-5", "MQTT-3.3.2-6", "MQTT-3.3.2-20", "MQTT-3.3.4-3"})
    void properties_areKept_andWhatHasExpiredIsGone(Wire wire) throws IOException {
        RawMqtt writer = way.writes(wire);
        Props props = Props.NONE.with(Prop.CONTENT_TYPE, "text/plain").withUser("a", "1");
        writer.publish(way.says("long").retain().props(props.with(Prop.MESSAGE_EXPIRY, 1_000)), 0);
        RawMqtt reader = People.login(BROKER, wire, way.reader());
        reader.subscribe(Props.NONE.with(Prop.SUBSCRIPTION_ID, 3), way.topic(), 0);
        Props got = reader.message().props();
        assertThat(got.entries()).containsAll(props.entries());
        assertThat(got.number(Prop.MESSAGE_EXPIRY).orElseThrow()).isBetween(1L, 1_000L);
        assertThat(got.number(Prop.SUBSCRIPTION_ID)).contains(3L);

        writer.publish(way.says("short").retain().props(props.with(Prop.MESSAGE_EXPIRY, 1)), 0);
        Awaitility.await().until(() -> isNothingGiven(wire));
    }

    private boolean isNothingGiven(Wire wire) throws IOException {
        RawMqtt reader = way.reads(wire, 0);
        reader.ping();
        boolean nothing = reader.kept().isEmpty();
        reader.disconnect();
        return nothing;
    }
}
