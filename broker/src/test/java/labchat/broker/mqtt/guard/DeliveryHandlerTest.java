package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeliveryHandlerTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Connection connection = new GuardFixture(new GuardFixture.SwitchedAcl()).connection(channel);
    private final DeliveryHandler delivery = connection.delivery();
    private final List<String> seenByPackets = new ArrayList<>();

    /** Stands where the handlers are that look at packets. */
    private final class Packets extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            seenByPackets.add(msg instanceof ByteBuf ? "bytes" : "packet");
            ctx.write(msg, promise);
        }
    }

    private static final class Passing extends ChannelDuplexHandler {}

    DeliveryHandlerTest() {
        Passing framing = new Passing();
        channel.pipeline().addFirst("packets", new Packets()).addFirst("framing", framing);
        delivery.shortcut(channel.pipeline().context(framing));
        connection.state(Connection.State.OPEN);
        delivery.opened();
    }

    private void deliver(String text) {
        delivery.deliver(
                new Delivery(
                        "lab/topic",
                        text.getBytes(StandardCharsets.UTF_8),
                        1,
                        PublishProperties.NONE,
                        Optional.empty()),
                1,
                new int[0]);
    }

    private List<String> sent() {
        channel.runPendingTasks();
        List<String> out = new ArrayList<>();
        for (Object next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            if (next instanceof ByteBuf bytes) {
                String text = bytes.toString(StandardCharsets.ISO_8859_1);
                out.add(text.substring(text.length() - 1));
                bytes.release();
            } else {
                out.add(String.valueOf(next));
            }
        }
        return out;
    }

    @Test
    void whatIsEncoded_passesTheHandlersOfPackets_andIsCounted() {
        deliver("a");
        long before = connection.counts().get(WireCounts.What.BYTES_SENT);
        assertThat(sent()).containsExactly("a");
        assertThat(seenByPackets).isEmpty();
        assertThat(connection.counts().get(WireCounts.What.BYTES_SENT) - before).isPositive();
    }

    @Test
    void packetBehindWhatIsEncoded_staysBehindIt() {
        deliver("a");
        channel.writeOutbound("packet");
        deliver("b");
        assertThat(sent()).containsExactly("a", "packet", "b");
        assertThat(seenByPackets).containsExactly("packet");
    }

    @Test
    void whatIsEncoded_underWeather_goesTheWholeWay() {
        delivery.weather(true);
        deliver("a");
        assertThat(sent()).containsExactly("a");
        assertThat(seenByPackets).containsExactly("bytes");
        delivery.weather(false);
        acknowledge(1);
        deliver("b");
        assertThat(sent()).containsExactly("b");
        assertThat(seenByPackets).containsExactly("bytes");
    }

    /** More than may be under way to one client. */
    private void deliverMuch() {
        for (int i = 0; i < 500; i++) {
            deliver("x".repeat(1_000));
        }
    }

    @Test
    void receiver_ofMuch_whileTooMuchWaitsForAll_isDisconnected() {
        connection.counts().add(WireCounts.What.WAITING_BYTES, 3 * Crowd.MOST_BYTES);
        deliver("a");
        assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
        deliverMuch();
        assertThat(connection.state()).isEqualTo(Connection.State.CLOSING);
    }

    @Test
    void receiver_ofMuch_whileLittleWaitsForOthers_isNot() {
        deliverMuch();
        assertThat(connection.counts().get(WireCounts.What.WAITING_BYTES)).isGreaterThan(64 << 10);
        assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
    }

    /** Beside what waits for this one. */
    private void aLittleTooMuchWaitsForAll() {
        connection.counts().add(WireCounts.What.WAITING_BYTES, Crowd.MOST_BYTES);
    }

    private void secondsPass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void receiver_ofMuch_whoTakesNothing_whileTooMuchWaitsForAll_isDisconnected_andCountsNoMore() {
        aLittleTooMuchWaitsForAll();
        deliverMuch();
        secondsPass(4);
        assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
        secondsPass(2);
        assertThat(connection.state()).isEqualTo(Connection.State.CLOSING);
        assertThat(connection.counts().get(WireCounts.What.WAITING_BYTES)).isEqualTo(Crowd.MOST_BYTES);
    }

    @Test
    void receiver_ofMuch_whoTakesNothing_whileLittleWaitsForOthers_isWaitedFor() {
        deliverMuch();
        secondsPass(6);
        assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
    }

    @Test
    void receiver_ofLittle_whoTakesNothing_whileTooMuchWaitsForAll_isWaitedFor() {
        aLittleTooMuchWaitsForAll();
        for (int i = 0; i < 10; i++) {
            deliver("x".repeat(1_000));
        }
        secondsPass(6);
        assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
    }

    @Test
    void receiver_whoTakesMostOfMuch_whileTooMuchWaitsForAll_isWaitedFor() {
        aLittleTooMuchWaitsForAll();
        deliverMuch();
        for (int packetId = 1; packetId <= 300; packetId++) {
            sent();
            acknowledge(packetId);
        }
        secondsPass(6);
        assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
        assertThat(connection.counts().get(WireCounts.What.WAITING_BYTES))
                .isGreaterThan(Crowd.MOST_BYTES + Crowd.FAIR_BYTES);
    }

    private boolean acknowledge(int packetId) {
        return delivery.take(new MqttMessage(
                new MqttFixedHeader(MqttMessageType.PUBACK, false, MqttQoS.AT_MOST_ONCE, false, 2),
                MqttMessageIdVariableHeader.from(packetId)));
    }

    @Test
    void take_acknowledgementsOnly() {
        assertThat(acknowledge(1)).isTrue();
        assertThat(delivery.take(new MqttMessage(
                        new MqttFixedHeader(MqttMessageType.PINGREQ, false, MqttQoS.AT_MOST_ONCE, false, 0))))
                .isFalse();
    }

    @Test
    void packets_whileNothingIsHeldBack_areTakenAtOnce() {
        assertThat(connection.takesAtOnce()).isTrue();
        delivery.weather(true);
        assertThat(connection.takesAtOnce()).isFalse();
        delivery.weather(false);
        connection.saidGoodbye();
        assertThat(connection.takesAtOnce()).isFalse();
    }

    @Test
    void packets_beforeTheConnectionIsOpen_areNotTakenAtOnce() {
        for (Connection.State state : Connection.State.values()) {
            connection.state(state);
            assertThat(connection.takesAtOnce()).isEqualTo(state == Connection.State.OPEN);
        }
    }
}
