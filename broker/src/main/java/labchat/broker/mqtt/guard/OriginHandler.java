package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import labchat.broker.config.WebSocketOrigins;
import labchat.broker.event.Refusal;

/** Answers 403 to the page of another host that opens a WebSocket; stands before the handshake. */
final class OriginHandler extends ChannelInboundHandlerAdapter {

    private static final String NOT_YOURS =
            "This broker takes WebSockets from its own pages; staff let others in with the setting websocket_origins.\n";

    private final Connection connection;
    private final WebSocketOrigins origins;

    OriginHandler(Connection connection, WebSocketOrigins origins) {
        this.connection = connection;
        this.origins = origins;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof HttpRequest request) || isAllowed(request)) {
            ctx.fireChannelRead(msg);
            return;
        }
        ReferenceCountUtil.release(msg);
        ByteBuf text = Unpooled.copiedBuffer(NOT_YOURS, StandardCharsets.UTF_8);
        DefaultFullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FORBIDDEN, text);
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes());
        answer.headers().set(HttpHeaderNames.CONNECTION, "close");
        ctx.writeAndFlush(answer);
        connection.closeFor(
                MqttReasonCodes.Disconnect.NOT_AUTHORIZED,
                "WebSocket",
                Refusal.of(
                        "foreign_origin",
                        "a page of another host may not use this broker; staff allow it with websocket_origins"));
    }

    private boolean isAllowed(HttpRequest request) {
        return origins.allows(
                Optional.ofNullable(request.headers().get(HttpHeaderNames.ORIGIN)),
                Optional.ofNullable(request.headers().get(HttpHeaderNames.HOST)));
    }
}
