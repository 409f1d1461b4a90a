package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.weather.Spell;
import labchat.broker.weather.Weather;
import labchat.broker.weather.WeatherStation;
import labchat.broker.weather.WireLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With chances and time of the test's own. */
class WeatherHandlerTest {

    private static final byte PUBLISH_QOS_1 = 0x32;
    private static final byte PUBACK = 0x40;

    /** Stands where the broker begins. */
    private static final class Broker extends ChannelInboundHandlerAdapter {
        private final List<MqttPublishMessage> publishes = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            publishes.add((MqttPublishMessage) msg);
        }

        List<Integer> ids() {
            return publishes.stream()
                    .map(one -> one.variableHeader().packetId())
                    .toList();
        }
    }

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Connection connection = new GuardFixture(new GuardFixture.SwitchedAcl()).connection(channel);
    private final Broker broker = new Broker();
    private final WeatherStation station = new WeatherStation(List::of, Clock.systemUTC(), (after, task) -> {});

    @BeforeEach
    void pipeline_isReady() {
        channel.pipeline().addFirst("connect", broker);
        station.chances(() -> 4_175, Duration.ofMillis(250));
    }

    private void weather(double loss, Duration delay, double duplicate) {
        Weather weather = new Weather(loss, delay, duplicate, Duration.ZERO);
        WeatherHandler.apply(
                connection,
                station,
                new Spell("team2a", weather, Instant.EPOCH, Instant.MAX, Instant.EPOCH, Duration.ofMillis(250)));
    }

    private void publish(int id) {
        channel.writeInbound(MqttMessageBuilders.publish()
                .topicName("t")
                .qos(MqttQoS.AT_LEAST_ONCE)
                .messageId(id)
                .payload(Unpooled.EMPTY_BUFFER)
                .build());
    }

    /** The broker acknowledges a publish as often as it has got it. */
    private void acknowledge(int id) {
        broker.ids().stream()
                .filter(one -> one == id)
                .forEach(one -> connection.delivery().acknowledge(MqttMessageType.PUBACK, one, 0, ""));
        channel.runPendingTasks();
    }

    /** The ids of the PUBACKs that the client has got since this was asked last. */
    private List<Integer> acknowledged() {
        List<Integer> ids = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            while (out.isReadable()) {
                assertThat(out.readByte()).isEqualTo(PUBACK);
                out.skipBytes(1);
                ids.add(out.readUnsignedShort());
            }
            out.release();
        }
        return ids;
    }

    private boolean isInTheWay() {
        return channel.pipeline().get(WeatherHandler.NAME) != null;
    }

    @Test
    void weather_thatIsOver_leavesNoHandler() {
        assertThat(isInTheWay()).isFalse();
        weather(0.3, Duration.ZERO, 0);
        assertThat(isInTheWay()).isTrue();
        WeatherHandler.end(connection);
        assertThat(isInTheWay()).isFalse();
        assertThat(channel.pipeline().names()).first().isEqualTo("connect");
    }

    @Test
    void publishThatComesTwice_isAcknowledgedOnceToItsClient() {
        weather(0, Duration.ZERO, 0.5);
        for (int id = 1; id <= 20; id++) {
            publish(id);
            acknowledge(id);
            assertThat(acknowledged()).containsExactly(id);
        }
        assertThat(broker.publishes).hasSizeBetween(25, 35);
        assertThat(broker.publishes)
                .filteredOn(one -> one.fixedHeader().isDup())
                .hasSize(broker.publishes.size() - 20);
    }

    @Test
    void weather_thatEndsBetweenAPublishAndItsSecondAcknowledgement_goesWhenThatHasCome() {
        weather(0, Duration.ZERO, 0.9);
        int id = 0;
        do {
            publish(++id);
        } while (broker.publishes.size() == id);

        WeatherHandler.end(connection);
        assertThat(isInTheWay()).isTrue();
        for (int each = 1; each <= id; each++) {
            acknowledge(each);
        }
        assertThat(acknowledged()).doesNotHaveDuplicates().hasSize(id);
        channel.runPendingTasks();
        assertThat(isInTheWay()).isFalse();
    }

    @Test
    void lostAcknowledgement_bringsThePublishAgain() {
        weather(0.9, Duration.ZERO, 0);
        publish(1);
        for (int i = 0; i < 400 && channel.outboundMessages().isEmpty(); i++) {
            int got = broker.publishes.size();
            channel.advanceTimeBy(250, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            for (int answer = got; answer < broker.publishes.size(); answer++) {
                connection.delivery().acknowledge(MqttMessageType.PUBACK, 1, 0, "");
            }
            channel.runPendingTasks();
        }
        assertThat(acknowledged()).containsExactly(1);
        assertThat(broker.publishes).hasSizeGreaterThan(1);
        assertThat(broker.publishes.subList(1, broker.publishes.size()))
                .allMatch(one -> one.fixedHeader().isDup());
    }

    @Test
    void lostDelivery_comesAgainWithDup() {
        weather(0.9, Duration.ZERO, 0);
        connection.state(Connection.State.OPEN);
        connection.delivery().opened();
        Delivery delivery = new Delivery("t", new byte[] {1}, 1, PublishProperties.NONE, Optional.empty());
        connection.delivery().deliver(delivery, 1, new int[0]);
        channel.runPendingTasks();
        assertThat(channel.<ByteBuf>readOutbound()).isNull();

        for (int i = 0; i < WireLine.MOST_LOSSES; i++) {
            channel.advanceTimeBy(250, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }

        ByteBuf out = channel.readOutbound();
        assertThat(out.readByte()).isEqualTo((byte) (PUBLISH_QOS_1 | 0x08));
        out.release();
    }

    @Test
    void endOfTheConnection_isBehindWhatIsOnItsWay() {
        weather(0, Duration.ofSeconds(2), 0);
        publish(1);
        publish(2);
        assertThat(broker.publishes).isEmpty();
        channel.close();
        assertThat(broker.ids()).containsExactly(1, 2);
    }
}
