package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import labchat.broker.event.Refusal;

/**
 * Closes a connection whose client begins a packet and does not end it in time. Stands before the decoder and follows
 * the packets' lengths: MQTT 3.1.1 and 5, sections 2.1.1 and 2.1.4.
 */
final class PacketTimeoutHandler extends ChannelInboundHandlerAdapter {

    private enum Expecting {
        FIRST_BYTE,
        LENGTH,
        BODY
    }

    private final Connection connection;
    private Expecting expecting = Expecting.FIRST_BYTE;
    private int shift;
    private int remaining;
    private long packets;
    private Future<?> timer;

    PacketTimeoutHandler(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof ByteBuf bytes) {
            connection.counts().add(WireCounts.What.BYTES_RECEIVED, bytes.readableBytes());
            follow(bytes);
            boolean within = expecting != Expecting.FIRST_BYTE;
            if (within && timer == null) {
                startTimer(ctx);
            }
        }
        ctx.fireChannelRead(msg);
    }

    /** How many packets have come whole, by their Remaining Length. */
    long wholePackets() {
        return packets;
    }

    private void startTimer(ChannelHandlerContext ctx) {
        long packet = packets;
        timer = ctx.executor().schedule(() -> timeIsUp(ctx, packet), timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration timeout() {
        return connection.services().settings().limits().packetTimeout();
    }

    private void timeIsUp(ChannelHandlerContext ctx, long packet) {
        timer = null;
        if (expecting == Expecting.FIRST_BYTE) {
            return;
        }
        if (packet != packets) {
            // That one came; this is a later one.
            startTimer(ctx);
            return;
        }
        connection.closeFor(
                MqttReasonCodes.Disconnect.MALFORMED_PACKET,
                "unfinished packet",
                Refusal.of(
                                "packet_timeout",
                                "a packet was not complete after %d s"
                                        .formatted(timeout().toSeconds()))
                        .withHint("Write whole packets: the length in the header must be that of what follows."));
    }

    private void follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            switch (expecting) {
                case FIRST_BYTE -> {
                    at++;
                    shift = 0;
                    remaining = 0;
                    expecting = Expecting.LENGTH;
                }
                case LENGTH -> {
                    int digit = bytes.getByte(at++);
                    remaining |= (digit & 0x7f) << shift;
                    shift += 7;
                    // A fifth digit is malformed; the decoder says so and the connection ends.
                    if (digit >= 0 || shift > 21) {
                        expecting = Expecting.BODY;
                        endIfComplete();
                    }
                }
                case BODY -> {
                    int step = Math.min(remaining, end - at);
                    at += step;
                    remaining -= step;
                    endIfComplete();
                }
            }
        }
    }

    private void endIfComplete() {
        if (remaining == 0) {
            expecting = Expecting.FIRST_BYTE;
            packets++;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        ctx.fireChannelInactive();
    }
}
