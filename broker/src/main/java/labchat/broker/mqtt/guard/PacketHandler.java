package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets nothing through that is no packet a client may send, and nothing at all once the connection is being closed. */
final class PacketHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(PacketHandler.class);

    /** What Netty's decoder says of a wildcard in a PUBLISH, which it does not let through [MQTT-3.3.2-2]. */
    private static final Pattern WILDCARD_TOPIC =
            Pattern.compile("invalid publish topic name: (.*) \\(contains wildcards\\)");

    private static final String NOT_A_PAGE =
            "This port speaks MQTT over WebSocket at the path /mqtt; it is no web page.\n";

    private final Connection connection;
    private final PacketTimeoutHandler framing;
    private long decoded;

    PacketHandler(Connection connection, PacketTimeoutHandler framing) {
        this.connection = connection;
        this.framing = framing;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (connection.state() == Connection.State.CLOSING) {
            ReferenceCountUtil.release(msg);
            return;
        }
        if (!(msg instanceof MqttMessage packet)) {
            ReferenceCountUtil.release(msg);
            notMqtt(ctx, msg);
            return;
        }
        decoded++;
        if (packet.decoderResult().isFailure()) {
            ReferenceCountUtil.release(msg);
            malformed(packet, packet.decoderResult().cause());
            return;
        }
        MqttMessageType type = packet.fixedHeader().messageType();
        if (!isSentByClients(type)) {
            ReferenceCountUtil.release(msg);
            String name = PacketNames.of(packet);
            connection.closeFor(
                    MqttReasonCodes.Disconnect.PROTOCOL_ERROR,
                    name,
                    Refusal.of("protocol_error", "a client does not send " + name + " here"));
            return;
        }
        if (!takenAtOnce(type, packet)) {
            ctx.fireChannelRead(msg);
        }
    }

    /**
     * What makes up nearly all of the traffic is handed to the handler that it is for, past those that would only pass it
     * on: with many clients each of them costs what it takes to fetch it from memory.
     */
    private boolean takenAtOnce(MqttMessageType type, MqttMessage packet) {
        return switch (type) {
            case PUBLISH, PUBREL ->
                connection.takesAtOnce() && connection.publisher().take(packet);
            case PUBACK, PUBREC, PUBCOMP ->
                connection.takesAtOnce() && connection.delivery().take(packet);
            default -> false;
        };
    }

    /** A browser at the WebSocket port, or a WebSocket frame that is not binary [MQTT-6.0.0-1]. */
    private void notMqtt(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpRequest request) {
            ByteBuf text = Unpooled.copiedBuffer(NOT_A_PAGE, StandardCharsets.UTF_8);
            DefaultFullHttpResponse answer =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND, text);
            answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes());
            answer.headers().set(HttpHeaderNames.CONNECTION, "close");
            // From behind the codec, so that it passes the codec on its way out.
            ctx.pipeline().context("aggregator").writeAndFlush(answer);
            LOG.debug("{} asked for {}", connection, request.uri());
        }
        connection.closeFor(
                MqttReasonCodes.Disconnect.PROTOCOL_ERROR,
                "WebSocket",
                Refusal.of("not_mqtt", "this port takes MQTT in binary WebSocket frames, at the path /mqtt"));
    }

    /** The decoder waits for more of a packet that is whole: a field in it claims to be longer than the packet. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (connection.state() != Connection.State.CLOSING && framing.wholePackets() > decoded) {
            connection.closeFor(
                    MqttReasonCodes.Disconnect.MALFORMED_PACKET,
                    "malformed packet",
                    Refusal.of("malformed_packet", "a field of the packet is longer than the packet itself"));
        }
        if (connection.delivery().hasPassedOn()) {
            ctx.fireChannelReadComplete();
        }
    }

    private static boolean isSentByClients(MqttMessageType type) {
        return switch (type) {
            case CONNECT, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT -> true;
            case CONNACK, SUBACK, UNSUBACK, PINGRESP, AUTH -> false;
        };
    }

    private void malformed(MqttMessage packet, Throwable problem) {
        String name = PacketNames.of(packet);
        if (problem instanceof MqttUnacceptableProtocolVersionException) {
            // [MQTT-3.1.2-2]
            answerAndClose(
                    MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
                    Refusal.of("protocol_version", "the broker speaks MQTT 3.1, 3.1.1 and 5"));
        } else if (problem instanceof MqttIdentifierRejectedException) {
            answerAndClose(
                    MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                    Refusal.of("client_id", "the client id is not valid"));
        } else if (problem instanceof TooLongFrameException) {
            connection.closeFor(
                    MqttReasonCodes.Disconnect.PACKET_TOO_LARGE,
                    name,
                    Refusal.of(
                                    "packet_too_large",
                                    "a packet has at most %d bytes"
                                            .formatted(connection
                                                    .services()
                                                    .settings()
                                                    .maxPacketSize()))
                            .withHint("Send less at once; a message has room for a few thousand characters."));
        } else {
            String text = oneLine(problem.getMessage());
            Matcher topic = WILDCARD_TOPIC.matcher(text);
            if (topic.matches()) {
                Refusal refusal = Refusal.of(
                        "invalid_topic",
                        "topic \"%s\": a topic to publish to has no wildcard".formatted(topic.group(1)));
                connection.closeFor(
                        MqttReasonCodes.Disconnect.TOPIC_NAME_INVALID,
                        name,
                        topic.group(1),
                        connection
                                .services()
                                .explainer()
                                .publish(connection.subject().user(), topic.group(1), refusal));
                return;
            }
            connection.closeFor(
                    MqttReasonCodes.Disconnect.MALFORMED_PACKET, name, Refusal.of("malformed_packet", text));
        }
    }

    private void answerAndClose(MqttConnectReturnCode code, Refusal refusal) {
        if (connection.state() == Connection.State.NEW) {
            connection.channel().writeAndFlush(Replies.connAck(code, "")).addListener(ChannelFutureListener.CLOSE);
        }
        connection.closeFor(MqttReasonCodes.Disconnect.PROTOCOL_ERROR, "CONNECT", refusal);
    }

    private static String oneLine(String message) {
        return message == null
                ? "the packet is malformed"
                : message.lines().findFirst().orElse("");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            // The peer is gone; that it is will be reported as the end of the connection.
            connection.channel().close();
            return;
        }
        LOG.debug("closing {}", connection, cause);
        connection.closeWith(
                MqttReasonCodes.Disconnect.UNSPECIFIED_ERROR, Cause.CLOSED_BY_BROKER, oneLine(cause.getMessage()));
    }
}
