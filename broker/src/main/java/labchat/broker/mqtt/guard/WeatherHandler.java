package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;
import labchat.broker.weather.Spell;
import labchat.broker.weather.WeatherStation;
import labchat.broker.weather.WireLine;
import labchat.broker.weather.WireLine.Sort;

/**
 * Lab weather on one connection: docs/decisions/0009-weather.md. Stands before {@link ConnectHandler} as long as there is
 * any, and sees decoded packets on their way in, and on their way out what the guard has encoded and what Moquette has not
 * yet.
 */
final class WeatherHandler extends ChannelDuplexHandler {

    static final String NAME = "weather";

    private static final Refusal LOST = Refusal.of("weather_lost", "lost by the lab weather");

    private static final int DUP = 0x08;

    /** About what a packet without a payload takes. */
    private static final int SMALL = 64;

    /** More copies of what is not acknowledged are not held; answers to the others are then not lost. */
    private static final int MOST_COPIED_BYTES = 4 << 20;

    /**
     * Something on its way out.
     *
     * @param bytes of one packet; null if it is a message that Moquette's encoder is still to see
     * @param message null if there are bytes
     * @param promise of the message
     * @param trace what the log is told of the bytes; null if there is no log
     */
    private record Out(ByteBuf bytes, Object message, ChannelPromise promise, PacketTrace trace) {

        MqttMessageType type() {
            return MqttMessageType.valueOf(bytes.getUnsignedByte(bytes.readerIndex()) >> 4);
        }

        int qos() {
            return bytes.getByte(bytes.readerIndex()) >> 1 & 3;
        }

        /** Only of packets that have one. */
        int packetId() {
            int at = bytes.readerIndex() + 1;
            while (bytes.getByte(at++) < 0) {
                // The remaining length goes on.
            }
            return type() == MqttMessageType.PUBLISH
                    ? bytes.getUnsignedShort(at + 2 + bytes.getUnsignedShort(at))
                    : bytes.getUnsignedShort(at);
        }

        Out copied() {
            return new Out(Unpooled.copiedBuffer(bytes), null, null, trace);
        }

        void markAsRepeated() {
            if (type() == MqttMessageType.PUBLISH && qos() > 0) {
                bytes.setByte(bytes.readerIndex(), bytes.getByte(bytes.readerIndex()) | DUP);
            }
        }
    }

    private final Connection connection;
    private final WireLine<MqttMessage> inbound;
    private final WireLine<Out> outbound;

    /** What has no acknowledgement yet, to be sent again if that is lost, by packet id. */
    private final IntObjectMap<MqttPublishMessage> publishedByClient = new IntObjectHashMap<>();

    private final IntObjectMap<Out> publishedByBroker = new IntObjectHashMap<>();

    /** How many acknowledgements are to be kept from the client, which has sent its publish only once, by packet id. */
    private final IntObjectMap<Integer> surplus = new IntObjectHashMap<>();

    private final Queue<PacketTrace> traces = new ArrayDeque<>();
    private ChannelHandlerContext ctx;
    private long copiedBytes;
    private boolean reading;
    private boolean isOver;
    private boolean isTold = true;

    private WeatherHandler(Connection connection, WeatherStation station) {
        this.connection = connection;
        this.inbound = new WireLine<>(new In(), this::later, station.newChance());
        this.outbound = new WireLine<>(new Outward(), this::later, station.newChance());
    }

    /** Puts it into the connection's way, or changes the weather that it has. On its event loop. */
    static void apply(Connection connection, WeatherStation station, Spell spell) {
        WeatherHandler handler =
                (WeatherHandler) connection.channel().pipeline().get(NAME);
        if (handler == null || handler.isOver) {
            if (!connection.channel().isActive() || connection.state() == Connection.State.CLOSING) {
                return;
            }
            if (handler != null) {
                handler.remove();
            }
            // What the log has heard of already must have left.
            connection.delivery().flushNow();
            handler = new WeatherHandler(connection, station);
            handler.isTold = connection.state() == Connection.State.OPEN;
            connection.channel().pipeline().addBefore("connect", NAME, handler);
            connection.tracer().sentTo(handler.traces::add);
        }
        handler.inbound.weather(spell);
        handler.outbound.weather(spell);
    }

    /** The weather is over: what is held goes its way now. On the connection's event loop. */
    static void end(Connection connection) {
        if (connection.channel().pipeline().get(NAME) instanceof WeatherHandler handler) {
            handler.end();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        connection.delivery().weather(true);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        connection.delivery().weather(false);
    }

    private void later(Duration after, Runnable task) {
        ctx.executor().schedule(task, after.toNanos(), TimeUnit.NANOSECONDS);
    }

    private boolean isClosing() {
        return connection.state() == Connection.State.CLOSING;
    }

    private void end() {
        if (isOver) {
            return;
        }
        connection.delivery().flushNow();
        isOver = true;
        outbound.close();
        inbound.close();
        connection.delivery().flushNow();
        ctx.flush();
        connection.tracer().sentTo(null);
        publishedByClient.clear();
        publishedByBroker.clear();
        if (surplus.isEmpty()) {
            remove();
        }
    }

    private void remove() {
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        if (isOver && inbound.isEmpty()
                || !(msg instanceof MqttMessage packet)
                || packet.fixedHeader().messageType() == MqttMessageType.PINGREQ) {
            context.fireChannelRead(msg);
            return;
        }
        // Told again when it arrives, or is lost.
        connection.tracer().held();
        reading = true;
        try {
            send(packet, false);
        } finally {
            reading = false;
        }
    }

    /** @param again whether the client would send it again now */
    private void send(MqttMessage packet, boolean again) {
        Sort sort = sort(packet);
        int id = idOf(packet);
        int weight = SMALL;
        if (packet instanceof MqttPublishMessage publish) {
            weight += publish.payload().readableBytes();
            if (sort == Sort.QOS_1 && !again && copiedBytes + weight <= MOST_COPIED_BYTES) {
                forgetClients(id);
                publishedByClient.put(id, copyOf(publish));
                copiedBytes += weight;
            }
        }
        if (again) {
            inbound.sendAgain(packet, sort, weight);
        } else {
            inbound.send(packet, sort, weight);
        }
    }

    private Sort sort(MqttMessage packet) {
        return switch (packet.fixedHeader().messageType()) {
            case PUBLISH -> sortOf(packet.fixedHeader().qosLevel().value());
            case PUBACK -> publishedByBroker.containsKey(idOf(packet)) ? Sort.ANSWER : Sort.SAFE;
            case PUBREC, PUBREL, PUBCOMP -> Sort.SENT_AGAIN;
            default -> Sort.SAFE;
        };
    }

    private static Sort sortOf(int qos) {
        return qos == 0 ? Sort.QOS_0 : qos == 1 ? Sort.QOS_1 : Sort.SENT_AGAIN;
    }

    private static int idOf(MqttMessage packet) {
        if (packet instanceof MqttPublishMessage publish) {
            return publish.variableHeader().packetId();
        }
        return packet.variableHeader() instanceof MqttMessageIdVariableHeader id ? id.messageId() : 0;
    }

    private static MqttPublishMessage copyOf(MqttPublishMessage publish) {
        return new MqttPublishMessage(
                publish.fixedHeader(), publish.variableHeader(), Unpooled.copiedBuffer(publish.payload()));
    }

    private static MqttMessage repeated(MqttMessage packet) {
        if (packet instanceof MqttPublishMessage publish
                && publish.fixedHeader().qosLevel() != MqttQoS.AT_MOST_ONCE
                && !publish.fixedHeader().isDup()) {
            MqttFixedHeader header = publish.fixedHeader();
            return new MqttPublishMessage(
                    new MqttFixedHeader(
                            MqttMessageType.PUBLISH,
                            true,
                            header.qosLevel(),
                            header.isRetain(),
                            header.remainingLength()),
                    publish.variableHeader(),
                    publish.payload());
        }
        return packet;
    }

    private void forgetClients(int id) {
        MqttPublishMessage forgotten = publishedByClient.remove(id);
        if (forgotten != null) {
            copiedBytes -= SMALL + forgotten.payload().readableBytes();
        }
    }

    private void forgetBrokers(int id) {
        Out forgotten = publishedByBroker.remove(id);
        if (forgotten != null) {
            copiedBytes -= forgotten.bytes().readableBytes();
        }
    }

    /** The broker sends a publish once more, since it has heard of no answer, or for no reason. */
    private void repeat(Out publish) {
        outbound.sendAgain(publish.copied(), Sort.SENT_AGAIN, publish.bytes().readableBytes());
    }

    /** Where packets from the client arrive. */
    private final class In implements WireLine.End<MqttMessage> {
        @Override
        public void sent(MqttMessage packet, boolean again) {
            // The broker sees it when it arrives.
        }

        @Override
        public void lost(MqttMessage packet, boolean again) {
            connection.tracer().incomingIsSettled();
            connection.tracer().incoming(again ? repeated(packet) : packet);
            connection.tracer().refused(LOST);
            connection.tracer().incomingIsSettled();
        }

        @Override
        public void gone(MqttMessage packet) {
            if (sort(packet) == Sort.ANSWER) {
                repeat(publishedByBroker.get(idOf(packet)));
            }
            ReferenceCountUtil.release(packet);
        }

        @Override
        public void arrive(MqttMessage packet, boolean again) {
            if (isClosing()) {
                ReferenceCountUtil.release(packet);
                return;
            }
            if (packet.fixedHeader().messageType() == MqttMessageType.PUBACK) {
                Out publish = publishedByBroker.get(idOf(packet));
                // Not before: libraries take a second one for a mistake as long as they have not answered the first.
                if (publish != null && outbound.repeats()) {
                    repeat(publish);
                }
                forgetBrokers(idOf(packet));
            }
            MqttMessage arrived = again ? repeated(packet) : packet;
            connection.tracer().incomingIsSettled();
            connection.tracer().incoming(arrived);
            ctx.fireChannelRead(arrived);
            connection.tracer().incomingIsSettled();
            if (!reading) {
                ctx.fireChannelReadComplete();
            }
        }

        @Override
        public MqttMessage copy(MqttMessage packet) {
            MqttPublishMessage publish = (MqttPublishMessage) packet;
            if (publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                surplus.merge(idOf(publish), 1, Integer::sum);
            }
            return copyOf(publish);
        }

        @Override
        public void discard(MqttMessage packet) {
            ReferenceCountUtil.release(packet);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object msg, ChannelPromise promise) {
        if (isClosing() || !context.channel().isActive()) {
            outbound.close();
            if (msg instanceof ByteBuf && !context.channel().isActive()) {
                ReferenceCountUtil.release(msg);
                promise.tryFailure(new ClosedChannelException());
            } else {
                context.write(msg, promise);
            }
            return;
        }
        if (msg instanceof ByteBuf batch) {
            split(batch);
            promise.trySuccess();
        } else if (msg instanceof MqttMessage packet
                && mayOvertake(packet.fixedHeader().messageType())) {
            context.write(msg, promise);
        } else {
            outbound.send(new Out(null, msg, promise, null), Sort.SAFE, SMALL);
            if (!isTold && msg instanceof MqttSubAckMessage) {
                context.executor().execute(this::tell);
            }
        }
    }

    private void tell() {
        if (!isTold && !isOver) {
            isTold = connection
                    .guard()
                    .weather()
                    .filter(weather -> weather.tellNew(connection))
                    .isPresent();
        }
    }

    /** PINGRESP, so that no short keep-alive runs out, and CONNACK, before which nothing leaves. */
    private static boolean mayOvertake(MqttMessageType type) {
        return type == MqttMessageType.PINGRESP || type == MqttMessageType.CONNACK;
    }

    /** A batch is of whole packets: {@link DeliveryHandler}. */
    private void split(ByteBuf batch) {
        try {
            while (batch.isReadable()) {
                int start = batch.readerIndex();
                int length = 0;
                int shift = 0;
                int at = start + 1;
                int digit;
                do {
                    digit = batch.getByte(at++);
                    length |= (digit & 0x7f) << shift;
                    shift += 7;
                } while (digit < 0);
                send(new Out(batch.readRetainedSlice(at - start + length), null, null, traces.poll()));
            }
        } finally {
            batch.release();
        }
    }

    private void send(Out packet) {
        MqttMessageType type = packet.type();
        int weight = packet.bytes().readableBytes();
        int id = type == MqttMessageType.PUBLISH && packet.qos() == 0 ? 0 : packet.packetId();
        Sort sort = Sort.SAFE;
        switch (type) {
            case PUBLISH -> {
                sort = packet.qos() == 0 ? Sort.QOS_0 : Sort.SENT_AGAIN;
                if (packet.qos() == 1 && !isOver && copiedBytes + weight <= MOST_COPIED_BYTES) {
                    forgetBrokers(id);
                    publishedByBroker.put(id, packet.copied());
                    copiedBytes += weight;
                }
            }
            case PUBACK -> {
                if (isSurplus(id)) {
                    packet.bytes().release();
                    return;
                }
                sort = publishedByClient.containsKey(id) ? Sort.ANSWER : Sort.SAFE;
            }
            case PUBREC, PUBREL, PUBCOMP -> sort = Sort.SENT_AGAIN;
            default -> {
                // Nothing else is encoded by the guard.
            }
        }
        outbound.send(packet, sort, weight);
    }

    /** The client has published once what arrived twice, so only the last acknowledgement is for it. */
    private boolean isSurplus(int id) {
        Integer count = surplus.remove(id);
        if (count == null) {
            return false;
        }
        if (count > 1) {
            surplus.put(id, Integer.valueOf(count - 1));
        } else if (isOver && surplus.isEmpty()) {
            ctx.executor().execute(this::remove);
        }
        return true;
    }

    /** Where packets to the client arrive. */
    private final class Outward implements WireLine.End<Out> {
        @Override
        public void sent(Out packet, boolean again) {
            if (packet.trace() != null) {
                connection
                        .tracer()
                        .sent(
                                again
                                        ? packet.trace().again(now())
                                        : packet.trace().at(now()));
            }
        }

        private Instant now() {
            return connection.now();
        }

        @Override
        public void lost(Out packet, boolean again) {
            if (packet.trace() != null) {
                PacketTrace trace =
                        again ? packet.trace().again(now()) : packet.trace().at(now());
                connection.tracer().sent(trace.refused(LOST));
            }
        }

        @Override
        public void gone(Out packet) {
            MqttMessageType type = packet.type();
            MqttPublishMessage publish =
                    type == MqttMessageType.PUBLISH ? null : publishedByClient.get(packet.packetId());
            if (publish != null) {
                send(copyOf(publish), true);
            }
            packet.bytes().release();
        }

        @Override
        public void arrive(Out packet, boolean again) {
            if (packet.bytes() == null) {
                ctx.write(packet.message(), packet.promise());
            } else {
                if (packet.type() == MqttMessageType.PUBACK) {
                    forgetClients(packet.packetId());
                }
                if (again) {
                    packet.markAsRepeated();
                }
                ctx.write(packet.bytes());
            }
            if (!isOver) {
                ctx.flush();
            }
        }

        @Override
        public Out copy(Out packet) {
            return packet.copied();
        }

        @Override
        public void discard(Out packet) {
            if (packet.bytes() == null) {
                ReferenceCountUtil.release(packet.message());
                packet.promise().tryFailure(new ClosedChannelException());
            } else {
                packet.bytes().release();
            }
        }
    }

    /** What is on its way arrives before the end; after it the pipeline takes nothing any more. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        outbound.discard();
        if (isClosing()) {
            inbound.discard();
        } else {
            inbound.leave();
        }
        publishedByClient.clear();
        publishedByBroker.clear();
        context.fireChannelInactive();
    }
}
