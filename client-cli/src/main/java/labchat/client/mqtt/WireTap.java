package labchat.client.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import labchat.client.wire.WireLog;
import labchat.protocol.packet.MqttLevel;
import labchat.protocol.packet.MqttPacket;
import labchat.protocol.packet.PacketField;
import labchat.protocol.packet.PacketStream;

/**
 * Stands in a connection between the bytes and the library, behind TLS where that is used, and writes down each packet
 * that passes, both ways. Changes nothing. The library does not say which connection is whose, but its first packet
 * does: CONNECT names the client id, and each session has one of its own.
 */
final class WireTap extends ChannelDuplexHandler {

    /** The logs of the sessions that have one, by client id. */
    private static final Map<String, WireLog> LOGS = new ConcurrentHashMap<>();

    private final PacketStream sent = new PacketStream();
    private final PacketStream received = new PacketStream();
    private Optional<WireLog> log = Optional.empty();
    private MqttLevel level = MqttLevel.V5;

    /** From now on connections with this client id are written down. */
    static void register(String clientId, WireLog log) {
        LOGS.put(clientId, log);
    }

    static void unregister(String clientId) {
        LOGS.remove(clientId);
    }

    /** Whether anybody wants to know. */
    static boolean isWanted() {
        return !LOGS.isEmpty();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            for (MqttPacket packet : sent.take(ByteBufUtil.getBytes(bytes), level)) {
                level = packet.level();
                if (log.isEmpty()) {
                    log = clientId(packet).map(LOGS::get);
                }
                log.ifPresent(to -> to.add(true, packet));
            }
            leaveIfUnwanted(context);
        }
        context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            received.take(ByteBufUtil.getBytes(bytes), level)
                    .forEach(packet -> log.ifPresent(to -> to.add(false, packet)));
        }
        context.fireChannelRead(message);
    }

    /** CONNECT leaves in one piece; a connection that nobody asked about is left alone from then on. */
    private void leaveIfUnwanted(ChannelHandlerContext context) {
        if (log.isEmpty()) {
            context.pipeline().remove(this);
        }
    }

    private static Optional<String> clientId(MqttPacket packet) {
        return packet.fields().stream()
                .filter(field -> field.name().equals("client id"))
                .map(PacketField::value)
                .map(value -> value.substring(1, value.length() - 1))
                .findFirst();
    }
}
