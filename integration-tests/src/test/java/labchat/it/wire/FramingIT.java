package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.Statement;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Packets whose lengths contradict each other. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FramingIT {

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    @OnEveryListener
    void publish_whoseTopicIsLongerThanItself_endsTheConnectionAtOnceAndHarmsNobody(Wire wire) throws IOException {
        RawMqtt receiver = BROKER.receiver(wire, "team2a", 1);
        RawMqtt client = BROKER.login(wire, "team1a");
        // PUBLISH, Remaining Length 6, topic length 200, "abcd"
        client.send(new byte[] {0x30, 6, 0, (byte) 200, 'a', 'b', 'c', 'd'});
        client.expectClosed();
        assertThat(BROKER.recorder()
                        .await(client, PacketRefused.class)
                        .refusal()
                        .code())
                .isEqualTo("malformed_packet");

        String text = Chat.message("team3a", "team2a", "Hei!");
        BROKER.login(wire, "team3a").publish(Chat.messageTopic("team2a"), text, 1);
        assertThat(receiver.message().text()).isEqualTo(text);
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-6.0.0-2", v5 = "MQTT-6.0.0-2")
    void packet_inManyPieces_isTakenWhole(Wire wire) throws IOException {
        RawMqtt receiver = BROKER.receiver(wire, "team2a", 1);
        RawMqtt client = BROKER.login(wire, "team1a");
        String text = Chat.message("team1a", "team2a", "x".repeat(300));
        client.sendInPieces(
                Publish.to(Chat.messageTopic("team2a"), text).qos(1, 1).encode(wire), 40);
        assertThat(receiver.message().text()).isEqualTo(text);
    }

    @OnEveryListener
    void publish_toATopicOfSixtyThousandBytes_isExplainedInShortWords(Wire wire) throws IOException {
        // The same mistake of the same account is explained once in five seconds.
        String user = "team" + (4 + wire.ordinal()) + "a";
        RawMqtt watcher = BROKER.receiver(wire, user, 1);
        RawMqtt client = BROKER.login(wire, user);
        String topic = "ttm4175/chat/" + "å".repeat(30_000);
        assertThat(client.publish(topic, "x", 1).code()).isEqualTo(wire.pick(0, 0x90));
        assertThat(watcher.diagnostics().text()).contains("topic_too_long").hasSizeLessThan(5_000);
        assertThat(BROKER.recorder().await(client, PacketRefused.class).topic()).hasSizeLessThan(1_001);
    }
}
