package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import labchat.broker.event.Refusal;
import labchat.broker.mqtt.guard.WireCounts.What;
import labchat.broker.store.MessageStore;

/**
 * Sends to one client. Chat deliveries and acknowledgements are encoded into one buffer, which leaves in one flush when
 * the event loop's {@link LoopPace} says so. All packet ids on the wire are given here, and all of the receiver's
 * acknowledgements end here. What does not fit into the client's window or the socket's buffer waits, in order, up to a
 * bound.
 */
final class DeliveryHandler extends ChannelDuplexHandler {

    /** How far a publish is that was sent and is not yet done with. */
    private enum Progress {
        QOS_1,
        QOS_2,
        QOS_2_RELEASED
    }

    /**
     * A publish that was sent and is not yet done with.
     *
     * @param delivery what it was, for the session's next connection; null if the session ends with this one
     * @param inbox whose it is; null if it is nobody's
     */
    private record Sent(Progress progress, long sequence, Delivery delivery, int[] subscriptionIds, Inbox inbox) {
        Sent released() {
            return new Sent(Progress.QOS_2_RELEASED, sequence, delivery, subscriptionIds, inbox);
        }

        int weight() {
            return delivery == null ? 0 : delivery.weight();
        }

        void isHandedOver() {
            if (inbox != null) {
                inbox.handedOver(sequence);
            }
        }
    }

    /** A delivery that waits for its turn. */
    private record Waiting(Delivery delivery, int qos, int[] subscriptionIds, Inbox inbox, long aclEpoch) {}

    /** How often it is looked at how much of what waits has been taken. */
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int MAX_PACKET_ID = 65_535;
    private static final int PACKET_ID_NOT_FOUND = 0x92;
    private static final int FIRST_REASON_OF_FAILURE = 0x80;
    private static final int BATCH_BYTES = 32 * 1024;
    private static final byte[] NO_TEXT = {};
    private static final int DUP = 0x08;

    /** So much of what a durable session's client has not acknowledged is kept to be sent again; more waits its turn. */
    private static final int MOST_SENT_BYTES = 1 << 20;

    /** So much may wait before what is read from the store goes on waiting there. */
    private static final int ROOM = 64;

    private static final int ROOM_BYTES = 256 * 1024;

    private final Connection connection;
    private final GuardSettings settings;
    private final IntObjectMap<Sent> sent = new IntObjectHashMap<>();

    /** The ids in {@link #sent} that are ours, in the order of sending; kept for durable sessions only. */
    private final Set<Integer> order = new LinkedHashSet<>();

    private final Queue<Waiting> waiting = new ArrayDeque<>();

    /** What of the batch is handed over as soon as it is written: that of QoS 0. */
    private List<Sent> written = new ArrayList<>();

    private final Runnable flush = this::flushNow;
    private final ChannelFutureListener drain = written -> drain();
    private ChannelHandlerContext ctx;

    /** Where what is encoded goes in; null for the whole way, past all handlers. */
    private ChannelHandlerContext shortcut;

    private boolean isUnderWeather;
    private ByteBuf batch;
    private boolean flushIsScheduled;
    private boolean passedOn;
    private long waitingBytes;
    private long waitingSince;

    /** How much has been taken since the last look. */
    private long takenBytes;

    private Future<?> clock;
    private int lastId;
    private int window = 1;
    private boolean isOpened;
    private long sentBytes;

    /** What a durable session's client has acknowledged while the store was still being read for it. */
    private final Sequences done = new Sequences();

    private Session.Parked parked = Session.Parked.NOTHING;
    private long resumeFrom;
    private long settledUpTo;

    DeliveryHandler(Connection connection) {
        this.connection = connection;
        this.settings = connection.services().settings();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    /**
     * What is encoded need not pass the handlers that look at packets only, and most of those who send are so many that
     * none of their handlers is in the processor's cache.
     *
     * @param behind the context of a handler that has only those before it that take bytes
     */
    void shortcut(ChannelHandlerContext behind) {
        shortcut = behind;
    }

    /** Lab weather looks at what is encoded too: as long as there is any, nothing takes the shortcut. */
    void weather(boolean isThere) {
        isUnderWeather = isThere;
    }

    boolean isUnderWeather() {
        return isUnderWeather;
    }

    /** The client is connected: its Receive Maximum holds [MQTT-3.3.4-9]. */
    void opened() {
        isOpened = true;
        window = Math.min(connection.receiveMaximum(), settings.sendWindow());
    }

    /** Sends a publish of the server's own, now or in its turn; nobody waits for it. */
    void deliver(Delivery delivery, int qos, int[] subscriptionIds) {
        deliver(delivery, qos, subscriptionIds, null);
    }

    /**
     * Sends a chat publish, now or in its turn, which is after what the store still holds for the client.
     *
     * @param inbox hears when the client has it; null if it is nobody's
     */
    void deliver(Delivery delivery, int qos, int[] subscriptionIds, Inbox inbox) {
        if (connection.state() != Connection.State.OPEN) {
            return;
        }
        boolean isKept = delivery.sequence() != MessageStore.NOT_KEPT;
        if (!isKept || !connection.replay().takes(delivery, qos, subscriptionIds, inbox)) {
            send(delivery, qos, subscriptionIds, inbox);
        }
    }

    /** The same, past the gate. */
    void send(Delivery delivery, int qos, int[] subscriptionIds, Inbox inbox) {
        long length = PacketWriter.publishLength(connection.isVersion5(), delivery, subscriptionIds);
        if (delivery.properties().secondsLeft() == 0 || length > connection.maximumPacketSize()) {
            // Too long is as if it had been sent [MQTT-3.1.2-25], and so is too late [MQTT-3.3.2-5].
            connection.counts().one(What.PUBLISHES_DROPPED);
            if (inbox != null) {
                inbox.handedOver(delivery.sequence());
            }
        } else if (waiting.isEmpty() && canSend(qos)) {
            write(delivery, qos, subscriptionIds, inbox);
        } else {
            enqueue(new Waiting(delivery, qos, subscriptionIds, inbox, aclEpoch()));
        }
    }

    /** The lowest number of what is on its way to the client, or waits for it here; Long.MAX_VALUE if there is none. */
    long lowestOutstanding() {
        long lowest = lowestWaiting();
        for (Integer packetId : order) {
            long sequence = sent.get(packetId.intValue()).sequence();
            if (sequence > 0) {
                // Sent in order, so the first is about the lowest.
                return Math.min(lowest, sequence);
            }
        }
        return lowest;
    }

    private long lowestWaiting() {
        for (Waiting next : waiting) {
            if (next.delivery().sequence() > 0) {
                return next.delivery().sequence();
            }
        }
        return Long.MAX_VALUE;
    }

    /** Sends again what an earlier connection of the session has left without its last acknowledgement [MQTT-4.4.0-1]. */
    void resume(Session.Parked parked) {
        lastId = parked.lastId();
        parked.done().stream().sorted().forEach(done::add);
        for (Session.InFlight one : parked.sent()) {
            if (!one.released() && !mayRead(one.delivery().topic())) {
                // A right that was taken away while the client was away.
                continue;
            }
            Progress progress =
                    one.released() ? Progress.QOS_2_RELEASED : one.qos() == 1 ? Progress.QOS_1 : Progress.QOS_2;
            Sent again =
                    new Sent(progress, one.delivery().sequence(), one.delivery(), one.subscriptionIds(), one.inbox());
            sent.put(one.packetId(), again);
            sentBytes += again.weight();
            order.add(one.packetId());
            if (one.released()) {
                writeAcknowledgement(MqttMessageType.PUBREL, one.packetId(), 0, NO_TEXT);
            } else {
                int start = batch().writerIndex();
                int bytes = PacketWriter.publish(
                        batch(),
                        connection.isVersion5(),
                        one.delivery(),
                        one.qos(),
                        one.packetId(),
                        one.subscriptionIds());
                batch().setByte(start, batch().getByte(start) | DUP);
                connection.counts().publishSent(one.delivery().payload().length);
                connection.tracer().outgoingPublish(one.delivery(), one.qos(), one.packetId(), bytes);
                afterWriting();
            }
        }
    }

    /** The connection has ended, its session goes on. */
    void leave(Session session) {
        Sessions sessions = connection.guard().sessions();
        if (isOpened) {
            sessions.left(session, connection.sessionExpiry(), resumeFrom, settledUpTo, parked);
        } else {
            sessions.leftUntouched(session, connection.sessionExpiry());
        }
    }

    private void park() {
        long newest = connection.services().store().messages().lastSequence();
        long unsent = Math.min(lowestWaiting(), connection.replay().lowestUnsent());
        resumeFrom = unsent == Long.MAX_VALUE ? newest : unsent - 1;
        settledUpTo = connection.settledUpTo();
        List<Session.InFlight> underWay = new ArrayList<>();
        for (Integer packetId : order) {
            Sent one = sent.get(packetId.intValue());
            underWay.add(new Session.InFlight(
                    packetId,
                    one.delivery(),
                    one.progress() == Progress.QOS_1 ? 1 : 2,
                    one.subscriptionIds(),
                    one.inbox(),
                    one.progress() == Progress.QOS_2_RELEASED));
        }
        done.removeIf(sequence -> sequence <= resumeFrom);
        parked = new Session.Parked(
                underWay, lastId, done.toSet(), connection.publisher().received());
    }

    /** Whether what is read from the store may come. */
    boolean hasRoom() {
        return waiting.size() < ROOM && waitingBytes < ROOM_BYTES;
    }

    /** The numbers of what is on its way to the client, waits for it here, or was had by its session before. */
    Set<Long> outstanding() {
        Set<Long> sequences = done.toSet();
        sent.values().forEach(one -> sequences.add(one.sequence()));
        waiting.forEach(one -> sequences.add(one.delivery().sequence()));
        return sequences;
    }

    private boolean canSend(int qos) {
        boolean fits = qos == 0 || sent.size() < window && sentBytes < MOST_SENT_BYTES;
        return fits && unsentBytes() <= settings.unsentBytes();
    }

    private long unsentBytes() {
        Channel channel = ctx.channel();
        long room = channel.bytesBeforeUnwritable();
        long inNetty = channel.config().getWriteBufferHighWaterMark() - room;
        return inNetty + (batch == null ? 0 : batch.readableBytes());
    }

    private void enqueue(Waiting next) {
        if (waiting.isEmpty()) {
            waitingSince = System.nanoTime();
        }
        waiting.add(next);
        waitingBytes += next.delivery().weight();
        connection.counts().one(What.WAITING_PUBLISHES);
        connection.counts().add(What.WAITING_BYTES, next.delivery().weight());
        if (waitingBytes > settings.limits().maxQueuedBytes()) {
            tooSlow("more than %d bytes were waiting for it"
                    .formatted(settings.limits().maxQueuedBytes()));
        } else if (waitingBytes > Crowd.FAIR_BYTES && connection.guard().crowd().isFarTooMuch()) {
            tooSlow("%d bytes were waiting for it, and too many for all clients together".formatted(waitingBytes));
        } else if (clock == null) {
            takenBytes = 0;
            checkLater(settings.limits().maxQueuedTime().toNanos());
        }
    }

    private void checkLater(long nanos) {
        clock = ctx.executor().schedule(this::check, Math.min(nanos, CHECK_NANOS), TimeUnit.NANOSECONDS);
    }

    /**
     * Something that waits must go on within the limit; each packet that leaves starts the time anew. And while too much
     * waits for all clients, half of what waits must go on between two looks: or one who takes a packet now and then would
     * slow everybody down.
     */
    private void check() {
        clock = null;
        if (waiting.isEmpty() || connection.state() != Connection.State.OPEN) {
            return;
        }
        boolean isInTheWay = waitingBytes > Crowd.FAIR_BYTES && takenBytes < waitingBytes;
        long left = settings.limits().maxQueuedTime().toNanos() - (System.nanoTime() - waitingSince);
        if (left <= 0) {
            tooSlow("it took nothing for %d s"
                    .formatted(settings.limits().maxQueuedTime().toSeconds()));
        } else if (isInTheWay && connection.guard().crowd().excess() > 0) {
            tooSlow(
                    "%d bytes were waiting for it, %d were taken within seconds, and too many waited for all clients together"
                            .formatted(waitingBytes, takenBytes));
        } else {
            takenBytes = 0;
            checkLater(left);
        }
    }

    private void tooSlow(String why) {
        // For the others it is as if the connection had ended: nothing goes on from here.
        connection.counts().add(What.WAITING_BYTES, -waitingBytes);
        waitingBytes = 0;
        connection.closeFor(
                MqttReasonCodes.Disconnect.QUOTA_EXCEEDED,
                "PUBLISH",
                Refusal.of("too_slow", "the client reads or acknowledges too slowly: " + why)
                        .withHint("Return from on_message quickly: do slow work in a thread of its own."));
    }

    private void write(Delivery delivery, int qos, int[] subscriptionIds, Inbox inbox) {
        int packetId = 0;
        if (qos > 0) {
            packetId = nextId();
            boolean isDurable = connection.durable() != null;
            Sent one = new Sent(
                    qos == 1 ? Progress.QOS_1 : Progress.QOS_2,
                    delivery.sequence(),
                    isDurable ? delivery : null,
                    subscriptionIds,
                    inbox);
            sent.put(packetId, one);
            if (isDurable) {
                order.add(packetId);
                sentBytes += one.weight();
            }
        } else if (inbox != null) {
            written.add(new Sent(null, delivery.sequence(), null, subscriptionIds, inbox));
        }
        int bytes = PacketWriter.publish(batch(), connection.isVersion5(), delivery, qos, packetId, subscriptionIds);
        connection.counts().publishSent(delivery.payload().length);
        connection.tracer().outgoingPublish(delivery, qos, packetId, bytes);
        afterWriting();
    }

    /** The next id that is not in use; there is one, because the window is smaller than the number of ids. */
    private int nextId() {
        do {
            lastId = lastId == MAX_PACKET_ID ? 1 : lastId + 1;
        } while (sent.containsKey(lastId));
        return lastId;
    }

    /**
     * Sends PUBACK, PUBREC or PUBCOMP for a publish of the client's.
     *
     * @param reason 0 for success; version 3 clients never hear of it
     * @param reasonString empty for none; left out if the client takes no packet that long
     */
    void acknowledge(MqttMessageType type, int packetId, int reason, String reasonString) {
        if (connection.state() == Connection.State.CLOSING) {
            return;
        }
        byte[] text = reasonString.isEmpty() ? NO_TEXT : reasonString.getBytes(StandardCharsets.UTF_8);
        if (text.length + 16 > connection.maximumPacketSize()) {
            text = NO_TEXT;
        }
        writeAcknowledgement(type, packetId, reason, text);
    }

    private void writeAcknowledgement(MqttMessageType type, int packetId, int reason, byte[] text) {
        // Only PUBREL has a flag [MQTT-3.6.1-1].
        int firstByte = type.value() << 4 | (type == MqttMessageType.PUBREL ? 2 : 0);
        boolean version5 = connection.isVersion5();
        int bytes = PacketWriter.acknowledgement(batch(), firstByte, version5, packetId, reason, text);
        connection.counts().one(What.PACKETS_SENT);
        connection.tracer().outgoingAcknowledgement(type.name(), packetId, version5 ? reason : -1, bytes);
        afterWriting();
    }

    private ByteBuf batch() {
        if (batch == null) {
            batch = ctx.alloc().ioBuffer(512);
        }
        return batch;
    }

    private void afterWriting() {
        if (batch.readableBytes() >= BATCH_BYTES) {
            flushNow();
        } else if (!flushIsScheduled) {
            flushIsScheduled = true;
            connection.pace().flushLater(flush);
        }
    }

    /** Writes what is encoded; without a flush. */
    private void writeBatch() {
        if (batch == null) {
            return;
        }
        ByteBuf out = batch;
        batch = null;
        ChannelHandlerContext way = encodedWay();
        if (way == shortcut) {
            connection.counts().add(What.BYTES_SENT, out.readableBytes());
        }
        ChannelFuture writing = way.write(out);
        if (!written.isEmpty()) {
            List<Sent> inBatch = written;
            written = new ArrayList<>();
            writing.addListener(done -> {
                if (done.isSuccess()) {
                    inBatch.forEach(Sent::isHandedOver);
                }
            });
        }
        writing.addListener(drain);
    }

    private ChannelHandlerContext encodedWay() {
        return shortcut == null || isUnderWeather ? ctx : shortcut;
    }

    /** Writes a packet behind what is encoded; what waits goes on when it has left. */
    private void writeBehind(Object packet, ChannelPromise promise) {
        writeBatch();
        ChannelPromise watched = promise.unvoid();
        watched.addListener(drain);
        ctx.write(packet, watched);
    }

    /** Sends what is encoded. */
    void flushNow() {
        flushIsScheduled = false;
        if (batch != null && ctx != null) {
            writeBatch();
            encodedWay().flush();
        }
    }

    private void drain() {
        while (connection.state() == Connection.State.OPEN && !waiting.isEmpty()) {
            Waiting next = waiting.peek();
            if (!canSend(next.qos())) {
                break;
            }
            waiting.remove();
            waitingSince = System.nanoTime();
            waitingBytes -= next.delivery().weight();
            takenBytes += next.delivery().weight();
            connection.counts().add(What.WAITING_PUBLISHES, -1);
            connection.counts().add(What.WAITING_BYTES, -next.delivery().weight());
            boolean mayRead =
                    next.aclEpoch() == aclEpoch() || mayRead(next.delivery().topic());
            if (mayRead && next.delivery().properties().secondsLeft() != 0) {
                write(next.delivery(), next.qos(), next.subscriptionIds(), next.inbox());
            } else if (mayRead && next.inbox() != null) {
                next.inbox().handedOver(next.delivery().sequence());
            }
        }
        connection.replay().goOn();
    }

    private long aclEpoch() {
        return connection.services().acl().epoch();
    }

    private boolean mayRead(String topic) {
        return connection.services().acl().read(connection.subject(), topic).isAllowed();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        drain();
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void write(ChannelHandlerContext context, Object msg, ChannelPromise promise) {
        writeBehind(msg, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        if (!(msg instanceof MqttMessage packet) || !take(packet)) {
            passOn(msg);
        }
    }

    /** Takes an acknowledgement; gives false if it is none. */
    boolean take(MqttMessage packet) {
        if (!(packet.variableHeader() instanceof MqttMessageIdVariableHeader id)) {
            return false;
        }
        switch (packet.fixedHeader().messageType()) {
            case PUBACK -> acknowledged(id.messageId(), true);
            case PUBREC -> received(id);
            case PUBCOMP -> acknowledged(id.messageId(), false);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void passOn(Object msg) {
        passedOn = true;
        ctx.fireChannelRead(msg);
    }

    /** @param ofQos1 whether it answers a publish of QoS 1 */
    private void acknowledged(int packetId, boolean ofQos1) {
        Sent publish = sent.get(packetId);
        if (publish != null && (publish.progress() == Progress.QOS_1) == ofQos1) {
            forget(packetId);
            publish.isHandedOver();
            drain();
        }
    }

    private void forget(int packetId) {
        Sent ended = sent.remove(packetId);
        if (connection.durable() != null) {
            order.remove(packetId);
            sentBytes -= ended.weight();
            if (connection.replay().isUnderWay()) {
                done.add(ended.sequence());
            } else {
                done.clear();
            }
            connection.guard().sessions().position(connection.durable(), connection.settledUpTo());
        }
    }

    private void received(MqttMessageIdVariableHeader id) {
        int packetId = id.messageId();
        Sent publish = sent.get(packetId);
        if (publish == null || publish.progress() == Progress.QOS_1) {
            writeAcknowledgement(MqttMessageType.PUBREL, packetId, PACKET_ID_NOT_FOUND, NO_TEXT);
            return;
        }
        boolean failed = id instanceof MqttPubReplyMessageVariableHeader reply
                && (reply.reasonCode() & 0xff) >= FIRST_REASON_OF_FAILURE;
        if (failed) {
            // [MQTT-4.3.3-4]: no PUBREL follows
            forget(packetId);
            publish.isHandedOver();
            drain();
            return;
        }
        sent.put(packetId, publish.released());
        writeAcknowledgement(MqttMessageType.PUBREL, packetId, 0, NO_TEXT);
    }

    /** Moquette wakes one of its threads each time, so it hears of it only when it has got something. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (passedOn) {
            passedOn = false;
            context.fireChannelReadComplete();
        }
    }

    /** Whether {@link #channelReadComplete} does anything. */
    boolean hasPassedOn() {
        return passedOn;
    }

    private void dropWaiting() {
        long lost = waiting.stream()
                .filter(next -> next.delivery().sequence() == MessageStore.NOT_KEPT)
                .count();
        connection.counts().add(What.PUBLISHES_DROPPED, lost);
        connection.counts().add(What.WAITING_PUBLISHES, -waiting.size());
        connection.counts().add(What.WAITING_BYTES, -waitingBytes);
        waiting.clear();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (connection.durable() != null) {
            park();
        }
        ReferenceCountUtil.release(batch);
        batch = null;
        dropWaiting();
        if (clock != null) {
            clock.cancel(false);
        }
        waitingBytes = 0;
        sent.clear();
        sentBytes = 0;
        order.clear();
        written.clear();
        context.fireChannelInactive();
    }
}
