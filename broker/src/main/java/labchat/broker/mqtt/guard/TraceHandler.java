package labchat.broker.mqtt.guard;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import labchat.broker.mqtt.guard.WireCounts.What;

/** Shows every packet to the {@link Tracer}: the first handler behind Moquette's decoder. */
final class TraceHandler extends ChannelDuplexHandler {

    private final Connection connection;

    TraceHandler(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        connection.pace().packet();
        if (msg instanceof MqttMessage packet) {
            count(packet);
            connection.tracer().incoming(packet);
            ctx.fireChannelRead(msg);
            connection.tracer().incomingIsSettled();
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    private void count(MqttMessage packet) {
        WireCounts counts = connection.counts();
        counts.one(What.PACKETS_RECEIVED);
        if (packet instanceof MqttPublishMessage publish) {
            counts.one(What.PUBLISHES_RECEIVED);
            counts.add(What.PUBLISH_BYTES_RECEIVED, publish.payload().readableBytes());
        } else if (packet instanceof MqttConnectMessage) {
            counts.one(What.CONNECTS);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof MqttMessage packet) {
            connection.counts().one(What.PACKETS_SENT);
            connection.tracer().outgoing(packet);
            ctx.write(msg, promise);
            connection.tracer().outgoingIsEncoded();
        } else {
            ctx.write(msg, promise);
        }
    }
}
