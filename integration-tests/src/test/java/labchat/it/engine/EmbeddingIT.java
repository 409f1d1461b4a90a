package labchat.it.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moquette.broker.config.IConfig;
import io.moquette.interception.AbstractInterceptHandler;
import io.moquette.interception.messages.InterceptPublishMessage;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.MessagePublished;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.PacketTrace;
import labchat.it.support.BareMoquette;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.DirectBuffers;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one meets who puts Moquette into a program of one's own. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EmbeddingIT {

    private static final String TOPIC = "ttm4175/other/embedding";
    private static final int BIG = 100_000;

    /** With a listener before the recorder that fails at everything. */
    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().listener(new BrokerEventListener() {
        @Override
        public void onEvent(BrokerEvent event) {
            throw new IllegalStateException("this listener is broken");
        }

        @Override
        public void onPacket(PacketTrace packet) {
            throw new IllegalStateException("this listener is broken");
        }
    });

    private static AbstractInterceptHandler onPublish(String id, Consumer<InterceptPublishMessage> consumer) {
        return new AbstractInterceptHandler() {
            @Override
            public String getID() {
                return id;
            }

            @Override
            public void onPublish(InterceptPublishMessage message) {
                consumer.accept(message);
            }

            @Override
            public void onSessionLoopError(Throwable error) {
                throw new AssertionError(error);
            }
        };
    }

    /** How the broker's own process ends then is tested where its commands are. */
    @Tag("engine")
    @Test
    void bare_portInUse_leavesThreadsThatKeepTheProcessAlive() throws IOException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BareMoquette bare =
                        BareMoquette.create().set(IConfig.PORT_PROPERTY_NAME, String.valueOf(taken.getLocalPort()))) {
            assertThatThrownBy(bare::start).isNotNull();
            List<Thread> left = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !before.contains(thread))
                    .filter(thread -> thread.getName().startsWith("Session Executor"))
                    .filter(thread -> !thread.isDaemon())
                    .toList();
            assertThat(left).isNotEmpty().allMatch(Thread::isAlive);
        }
    }

    @Tag("engine")
    @Test
    void bare_interceptorThatThrows_hidesTheEventFromTheNext() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (BareMoquette bare = BareMoquette.create()
                .handler(onPublish("first", message -> {
                    if (message.getTopicName().equals("hidden")) {
                        throw new IllegalStateException("this interceptor is broken");
                    }
                }))
                .handler(onPublish("second", message -> heard.add(message.getTopicName())))
                .start()) {
            RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "writer");
            writer.publish("hidden", "x", 1);
            writer.publish("fence", "x", 1);
            Awaitility.await().dontCatchUncaughtExceptions().until(() -> heard.contains("fence"));
            assertThat(heard).containsExactly("fence");
        }
    }

    @OnEveryListener
    void guarded_listenerThatThrows_hidesNothingAndHarmsNobody(Wire wire) throws IOException {
        RawMqtt reader = BROKER.receiver(wire, "team2a", 1);
        reader.subscribe(TOPIC, 1);
        RawMqtt writer = BROKER.login(wire, "team1a");
        writer.publish(TOPIC, "other", 1);
        assertThat(reader.message().text()).isEqualTo("other");
        String chat = Chat.message("team1a", "team2a", "chat");
        writer.publish(Chat.messageTopic("team2a"), chat, 1);
        assertThat(reader.message().text()).isEqualTo(chat);
        BROKER.recorder()
                .await(writer, MessagePublished.class, event -> event.topic().equals(TOPIC));
        BROKER.recorder()
                .await(writer, MessagePublished.class, event -> event.chat().isPresent());
    }

    @Tag("engine")
    @Test
    void bare_interceptorThatBlocks_letsEventsPileUpWithoutBound() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        try (BareMoquette bare = BareMoquette.create()
                .handler(onPublish("blocks", message -> {
                    heard.add(message.getTopicName());
                    message.getPayload().release();
                    await(release);
                }))
                .start()) {
            RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "writer");
            long before = DirectBuffers.inUse();
            for (int i = 0; i < 200; i++) {
                writer.publish("t", "x".repeat(BIG), 1);
            }
            assertThat(heard).hasSizeLessThanOrEqualTo(1);
            assertThat(DirectBuffers.inUse() - before).isGreaterThan(100);
            release.countDown();
            Awaitility.await().until(() -> heard.size() == 200);
        } finally {
            release.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Tag("engine")
    @Test
    void bare_interceptorThatDoesNotRelease_leaksEveryPayload() throws IOException {
        try (BareMoquette bare = BareMoquette.create()
                .handler(onPublish("leaks", InterceptPublishMessage::getTopicName))
                .start()) {
            RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "writer");
            long before = DirectBuffers.inUse();
            for (int i = 0; i < 200; i++) {
                writer.publish("t", "x".repeat(BIG), 1);
            }
            assertThat(DirectBuffers.inUse() - before).isGreaterThan(100);
        }
    }

    @OnEveryListener
    void guarded_manyPublishes_leaveNothingInMemory(Wire wire) throws IOException {
        RawMqtt writer = BROKER.login(wire, "team1a");
        long before = DirectBuffers.memory();
        for (int i = 0; i < 300; i++) {
            writer.publish(TOPIC, "x".repeat(BIG), 1);
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(DirectBuffers.memory() - before)
                        .as("bytes of direct memory, after 30 MB")
                        .isLessThan(16L << 20));
    }

    @Tag("engine")
    @Test
    void bare_internalPublish_asksNobodyAndTellsNobody() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (BareMoquette bare = BareMoquette.create()
                .policy(BareMoquette.allowing(topic -> topic.equals("fence"), topic -> true))
                .handler(onPublish("all", message -> heard.add(message.getTopicName())))
                .start()) {
            RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "reader");
            reader.subscribe("secret", 1);
            bare.server()
                    .internalPublish(
                            MqttMessageBuilders.publish()
                                    .topicName("secret")
                                    .qos(MqttQoS.AT_LEAST_ONCE)
                                    .payload(Unpooled.wrappedBuffer(Bytes.utf8("from inside")))
                                    .build(),
                            "inside");
            assertThat(reader.message().text()).isEqualTo("from inside");
            reader.publish("fence", "x", 1);
            Awaitility.await().until(() -> !heard.isEmpty());
            assertThat(heard).containsExactly("fence");
        }
    }

    @OnEveryListener
    void guarded_whatTheServerPublishes_isInTheTrace(Wire wire) throws IOException {
        // One mistake is explained to one user once.
        RawMqtt writer = BROKER.receiver(wire, "team" + (3 + wire.ordinal()) + "a", 1);
        writer.publish(Chat.messageTopic("team2a"), "{", 1);
        Packet explanation = writer.diagnostics();
        Awaitility.await()
                .until(() -> BROKER.recorder().packets().stream()
                        .filter(packet -> packet.type().equals("PUBLISH"))
                        .filter(packet -> packet.client().clientId().equals(writer.name()))
                        .anyMatch(packet -> packet.topic().equals(explanation.topic())));
    }

    @Tag("engine")
    @Test
    void bare_disconnectClient_throwsForOneOfflineAndFiresTheWill() throws IOException {
        try (BareMoquette bare = BareMoquette.create().start()) {
            RawMqtt gone = bare.open(Wire.TCP_V3, "gone");
            bare.connect(gone, BareMoquette.loginOf(gone, "user").persistent());
            gone.disconnect();
            gone.expectClosed();
            assertThatThrownBy(() -> bare.server().disconnectClient("gone")).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> bare.server().disconnectAndPurgeClientState("gone"))
                    .isInstanceOf(NullPointerException.class);

            RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "reader");
            reader.subscribe("will", 1);
            RawMqtt there = bare.open(Wire.TCP_V3, "there");
            bare.connect(there, BareMoquette.loginOf(there, "user").will("will", "last words", 1, false));
            bare.server().disconnectClient("there");
            assertThat(reader.message().text()).isEqualTo("last words");
        }
    }
}
