package labchat.it.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import labchat.it.support.Bytes;

/** A client that keeps a number of publishes in flight, and acknowledges what it gets. */
final class LoadClient {

    /** What the client is to publish: topic and payload of the n-th publish. */
    record Outgoing(String topic, String payload) {}

    /** The packet id of the second SUBSCRIBE. */
    private static final int MORE = 2;

    private final String user;
    private final MqttQoS qos;
    private final int window;
    private final Consumer<String> received;
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> more = new CompletableFuture<>();
    private final Deque<Long> sentAt = new ArrayDeque<>();
    private volatile CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    private LongConsumer latency = nanos -> {};
    private Channel channel;
    private IntFunction<Outgoing> work;
    private int total;
    private int sent;
    private int settled;

    /** @param received is told the payload of every publish that arrives */
    LoadClient(String user, MqttQoS qos, int window, Consumer<String> received) {
        this.user = user;
        this.qos = qos;
        this.window = window;
        this.received = received;
    }

    /** Connects and subscribes to the user's own tree; done when that is granted. */
    CompletableFuture<Void> connect(EventLoopGroup group, int port, String password) {
        return connect(group, port, password, user);
    }

    /** The same under another client id than the user's name. */
    CompletableFuture<Void> connect(EventLoopGroup group, int port, String password, String clientId) {
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel created) {
                        channel = created;
                        created.pipeline().addLast(new MqttDecoder(1 << 20), MqttEncoder.INSTANCE, new Handler());
                    }
                })
                .connect("127.0.0.1", port)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        ready.completeExceptionally(connected.cause());
                        return;
                    }
                    channel.writeAndFlush(MqttMessageBuilders.connect()
                            .protocolVersion(MqttVersion.MQTT_3_1_1)
                            .clientId(clientId)
                            .username(user)
                            .password(password.getBytes(StandardCharsets.UTF_8))
                            .keepAlive(60)
                            .build());
                });
        return ready;
    }

    /** Subscribes to something more; done when that is granted. Only once. */
    CompletableFuture<Void> subscribe(String filter) {
        channel.writeAndFlush(MqttMessageBuilders.subscribe()
                .messageId(MORE)
                .addSubscription(qos, filter)
                .build());
        return more;
    }

    private void subscribed(MqttSubAckMessage answer) {
        boolean isMore = answer.variableHeader().messageId() == MORE;
        int code = answer.payload().grantedQoSLevels().get(0);
        if (code >= 0x80) {
            (isMore ? more : ready).completeExceptionally(new AssertionError(user + ": SUBACK " + code));
        } else {
            (isMore ? more : ready).complete(null);
        }
    }

    /** Done when the broker has accepted the connection. */
    CompletableFuture<Void> answered() {
        return answered;
    }

    /**
     * Publishes so many; done when the broker has acknowledged all of them, and not to be called again before.
     *
     * @param outgoing is asked for the n-th publish of this client, counted over all calls
     */
    CompletableFuture<Void> publish(int count, IntFunction<Outgoing> outgoing) {
        return publish(count, outgoing, nanos -> {});
    }

    /** @param took is told how many nanoseconds each acknowledgement took; only what is acknowledged in order counts */
    CompletableFuture<Void> publish(int count, IntFunction<Outgoing> outgoing, LongConsumer took) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        acknowledged = done;
        channel.eventLoop().execute(() -> {
            work = outgoing;
            latency = took;
            total = sent + count;
            fill();
        });
        return done;
    }

    /** How many publishes were acknowledged so far; to be asked when nothing more comes. */
    int settled() {
        return settled;
    }

    /** Reads nothing any more. */
    void stopReading() {
        channel.config().setAutoRead(false);
    }

    void close() {
        channel.close();
    }

    private void fill() {
        while (sent < total && sent - settled < window) {
            Outgoing next = work.apply(sent);
            sent++;
            sentAt.add(System.nanoTime());
            channel.write(MqttMessageBuilders.publish()
                    .topicName(next.topic())
                    .qos(qos)
                    .messageId(1 + sent % 65_000)
                    .payload(Unpooled.wrappedBuffer(Bytes.utf8(next.payload())))
                    .build());
        }
        channel.flush();
    }

    private void settle() {
        settled++;
        latency.accept(System.nanoTime() - sentAt.remove());
        if (settled == total) {
            acknowledged.complete(null);
        } else {
            fill();
        }
    }

    private final class Handler extends SimpleChannelInboundHandler<MqttMessage> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, MqttMessage packet) {
            switch (packet.fixedHeader().messageType()) {
                case CONNACK -> connected(ctx, (MqttConnAckMessage) packet);
                case SUBACK -> subscribed((MqttSubAckMessage) packet);
                case PUBLISH -> publish(ctx, (MqttPublishMessage) packet);
                case PUBACK, PUBCOMP -> settle();
                case PUBREC -> answer(ctx, MqttMessageType.PUBREL, packet);
                case PUBREL -> answer(ctx, MqttMessageType.PUBCOMP, packet);
                default -> {
                    // PINGRESP is all that is left, and nobody asked.
                }
            }
        }

        private void connected(ChannelHandlerContext ctx, MqttConnAckMessage answer) {
            if (answer.variableHeader().connectReturnCode() != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
                ready.completeExceptionally(
                        new AssertionError(user + ": " + answer.variableHeader().connectReturnCode()));
                return;
            }
            answered.complete(null);
            ctx.writeAndFlush(MqttMessageBuilders.subscribe()
                    .messageId(1)
                    .addSubscription(qos, "ttm4175/chat/" + user + "/#")
                    .build());
        }

        private void publish(ChannelHandlerContext ctx, MqttPublishMessage publish) {
            received.accept(new String(ByteBufUtil.getBytes(publish.payload()), StandardCharsets.UTF_8));
            int id = publish.variableHeader().packetId();
            switch (publish.fixedHeader().qosLevel()) {
                case AT_LEAST_ONCE -> ctx.write(acknowledgement(MqttMessageType.PUBACK, id));
                case EXACTLY_ONCE -> ctx.write(acknowledgement(MqttMessageType.PUBREC, id));
                default -> {
                    // QoS 0 is not answered.
                }
            }
        }

        private void answer(ChannelHandlerContext ctx, MqttMessageType type, MqttMessage to) {
            ctx.write(acknowledgement(type, ((MqttMessageIdVariableHeader) to.variableHeader()).messageId()));
        }

        private MqttMessage acknowledgement(MqttMessageType type, int id) {
            MqttQoS flags = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
            return new MqttMessage(
                    new MqttFixedHeader(type, false, flags, false, 2), MqttMessageIdVariableHeader.from(id));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            Exception lost =
                    new IllegalStateException("%s was disconnected after %d of %d".formatted(user, settled, total));
            ready.completeExceptionally(lost);
            acknowledged.completeExceptionally(lost);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ready.completeExceptionally(cause);
            acknowledged.completeExceptionally(cause);
            ctx.close();
        }
    }
}
