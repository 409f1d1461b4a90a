package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Notes how many bytes the encoder made of a packet, for the trace and the counts. What the guard encodes itself takes a
 * shorter way, and is counted by {@link DeliveryHandler}.
 */
final class WireSizeHandler extends ChannelOutboundHandlerAdapter {

    private final Connection connection;

    WireSizeHandler(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof ByteBuf bytes) {
            connection.counts().add(WireCounts.What.BYTES_SENT, bytes.readableBytes());
            connection.tracer().encoded(bytes.readableBytes());
        }
        ctx.write(msg, promise);
    }
}
