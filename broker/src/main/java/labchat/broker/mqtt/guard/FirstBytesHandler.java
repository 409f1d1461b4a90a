package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import labchat.broker.event.Refusal;

/**
 * Looks at the first bytes of a connection and says it in words if they belong to another port, which otherwise only
 * looks like a malformed packet. Leaves the pipeline then.
 */
final class FirstBytesHandler extends ChannelInboundHandlerAdapter {

    /** What a client may begin with. */
    enum Expected {
        MQTT,
        HTTP,
        TLS
    }

    private static final Set<String> HTTP_METHODS = Set.of("GET ", "POST", "HEAD", "PUT ", "OPTI", "PRI ");
    private static final int ENOUGH = 4;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR = 3;
    private static final int CONNECT = 0x10;

    private final Connection connection;
    private final Expected expected;

    FirstBytesHandler(Connection connection, Expected expected) {
        this.connection = connection;
        this.expected = expected;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ctx.pipeline().remove(this);
        connection.spoke();
        if (msg instanceof ByteBuf bytes && bytes.readableBytes() >= ENOUGH) {
            int at = bytes.readerIndex();
            boolean tls = bytes.getByte(at) == TLS_HANDSHAKE && bytes.getByte(at + 1) == TLS_MAJOR;
            boolean http = HTTP_METHODS.contains(bytes.toString(at, ENOUGH, StandardCharsets.US_ASCII));
            boolean mqtt = bytes.getByte(at) == CONNECT;
            Refusal refusal = refusal(tls, http, mqtt);
            if (refusal != null) {
                bytes.release();
                if (http) {
                    answer(ctx, refusal);
                }
                connection.closeFor(MqttReasonCodes.Disconnect.PROTOCOL_ERROR, "first bytes", refusal);
                return;
            }
        }
        ctx.fireChannelRead(msg);
    }

    /** Null if it is what may come. */
    private Refusal refusal(boolean tls, boolean http, boolean mqtt) {
        String port = "%s port".formatted(connection.listener());
        return switch (expected) {
            case MQTT -> {
                if (tls) {
                    yield wrongPort("TLS came to the %s, which takes plain MQTT".formatted(port))
                            .withHint("Use the port for TLS (tls_port), or switch TLS off in the client.");
                }
                yield http
                        ? wrongPort("a web browser came to the %s, which takes MQTT".formatted(port))
                                .withHint("The pages have a port of their own (http_port).")
                        : null;
            }
            case HTTP -> {
                if (tls) {
                    yield wrongPort("TLS came to the %s, which takes plain WebSocket".formatted(port))
                            .withHint("Use ws:// at this port, or wss:// at the one of wss_port.");
                }
                yield mqtt
                        ? wrongPort("MQTT over TCP came to the %s, which takes WebSocket".formatted(port))
                                .withHint("Use the port for MQTT over TCP (port), or WebSocket in the client.")
                        : null;
            }
            case TLS -> {
                if (mqtt) {
                    yield wrongPort("plain MQTT came to the %s, which takes TLS".formatted(port))
                            .withHint(
                                    "Switch TLS on in the client (--cafile, tls_set), or use the port for plain MQTT.");
                }
                if (http) {
                    yield wrongPort("plain HTTP came to the %s, which takes TLS".formatted(port))
                            .withHint("Use wss:// instead of ws://.");
                }
                yield tls
                        ? null
                        : Refusal.of("tls_handshake", "what came first to the %s is no TLS".formatted(port))
                                .withHint("Switch TLS on in the client.");
            }
        };
    }

    private static Refusal wrongPort(String reason) {
        return Refusal.of("wrong_port", reason);
    }

    private static void answer(ChannelHandlerContext ctx, Refusal refusal) {
        String text = refusal.words() + "\n";
        ctx.writeAndFlush(Unpooled.copiedBuffer(
                "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                        .formatted(text.length(), text),
                StandardCharsets.US_ASCII));
    }
}
