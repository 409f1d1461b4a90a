package labchat.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.moquette.broker.config.IConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import labchat.broker.config.Limits;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.it.support.BareMoquette;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.DirectBuffers;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens when more comes than can be taken. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("alone")
class LoadIT {

    private static final String TOPIC = "ttm4175/other/load";
    private static final long MOST_QUEUED = 4L << 20;

    /** No limit to the rate, little room for who does not read. */
    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().limits(limits());

    private static Limits limits() {
        Limits l = Limits.STANDARD;
        return new Limits(
                l.maxConnections(),
                l.maxUserConnections(),
                l.maxAddressConnections(),
                l.maxTopicLevels(),
                l.maxTopicLength(),
                l.maxSubscriptions(),
                0,
                l.publishBurst(),
                l.maxThrottled(),
                MOST_QUEUED,
                l.maxQueuedTime(),
                l.packetTimeout(),
                l.maxKeepAlive(),
                Duration.ZERO,
                100,
                Duration.ofDays(30));
    }

    /** Sends them all at once. */
    private static void flood(RawMqtt writer, String topic, int messages, String text) throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (int i = 1; i <= messages; i++) {
            all.add(Publish.to(topic, text + i).qos(1, i).encode(writer.wire()));
        }
        writer.send(Bytes.join(all.toArray(byte[][]::new)));
    }

    /** One question to the policy takes long, and meanwhile the queue of that loop runs full. */
    @Tag("engine")
    @Test
    void bare_fullQueue_dropsPublishesAndReceiversStick() throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (BareMoquette bare = BareMoquette.create()
                .set(IConfig.SESSION_QUEUE_SIZE, "16")
                .policy(BareMoquette.allowing(topic -> true, topic -> !topic.equals("slow") || holdUp(asked, release)))
                .start()) {
            RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "reader");
            reader.subscribe(TOPIC, 1);
            RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "writer");
            RawMqtt neighbour = bare.login(Wire.TCP_V3, "user", BareMoquette.onTheLoopOf("reader"));
            List<Packet> window = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                writer.publish(TOPIC, "m" + i, 1);
                window.add(reader.take(Type.PUBLISH));
            }
            neighbour.send(neighbour.subscribePacket(99, Props.NONE, "slow", 1));
            await(asked);
            flood(neighbour, "elsewhere", 50, "m");
            neighbour.ping();
            for (Packet message : window) {
                reader.acknowledge(message);
            }
            reader.ping();
            release.countDown();
            neighbour.take(Type.SUBACK);
            // Until the queue has room again, this is dropped too.
            Awaitility.await().until(() -> {
                neighbour.send(neighbour.subscribePacket(100, Props.NONE, "anything", 1));
                return neighbour
                        .takeWithin(BareMoquette.MOMENT, packet -> packet.type() == Type.SUBACK)
                        .isPresent();
            });

            assertThat(neighbour.kept())
                    .as("acknowledgements of 50")
                    .filteredOn(packet -> packet.type() == Type.PUBACK)
                    .hasSizeLessThan(50);
            writer.publish(TOPIC, "acknowledged", 1);
            assertThat(reader.takeWithin(
                            BareMoquette.MOMENT, packet -> packet.text().equals("acknowledged")))
                    .isEmpty();
        } finally {
            release.countDown();
        }
    }

    private static boolean holdUp(CountDownLatch begun, CountDownLatch end) {
        begun.countDown();
        return await(end);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @OnEveryListener
    void guarded_floodOnManyConnections_isAllAcknowledgedAndDelivered(Wire wire) throws IOException {
        int writers = 6;
        int messages = 500;
        RawMqtt reader = BROKER.receiver(wire, "team2a", 1);
        reader.subscribe(TOPIC, 1);
        List<RawMqtt> all = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            RawMqtt writer = BROKER.login(wire, "team1a");
            all.add(writer);
            flood(writer, TOPIC, messages, writer.name() + " ");
        }
        Set<String> got = new HashSet<>();
        for (int i = 0; i < writers * messages; i++) {
            got.add(reader.message().text());
        }
        assertThat(got).hasSize(writers * messages);
        for (RawMqtt writer : all) {
            for (int i = 1; i <= messages; i++) {
                writer.takeAck(Type.PUBACK, i);
            }
        }
    }

    @Tag("engine")
    @Test
    void bare_acknowledgementToOneWhoReadsLate_isDropped() throws IOException {
        int messages = 1_000;
        try (BareMoquette bare = BareMoquette.create().start()) {
            RawMqtt client = bare.openNarrow(Wire.TCP_V3, "late");
            bare.connect(client, BareMoquette.loginOf(client, "late"));
            client.subscribe(TOPIC, 0);
            client.stopReading();
            RawMqtt other = bare.login(Wire.TCP_V3, "other", "other");
            for (int i = 0; i < messages; i++) {
                other.publish(TOPIC, "x".repeat(8_000), 1);
            }
            flood(client, "elsewhere", 10, "m");
            // Served behind the others by the same thread.
            RawMqtt witness = bare.login(Wire.TCP_V3, "user", BareMoquette.onTheLoopOf("late"));
            witness.subscribe("anything", 0);
            client.readOn();
            client.ping();
            assertThat(client.kept()).extracting(Packet::type).doesNotContain(Type.PUBACK);
        }
    }

    @OnEveryListener
    void guarded_acknowledgementToOneWhoReadsLate_arrives(Wire wire) throws IOException {
        RawMqtt client = BROKER.openNarrow(wire);
        client.connect(TestBroker.loginOf(client, "team2a"));
        client.subscribe(TOPIC, 0);
        client.stopReading();
        RawMqtt other = BROKER.login(wire, "team1a");
        for (int i = 0; i < 450; i++) {
            other.publish(TOPIC, "x".repeat(8_000), 1);
        }
        for (int i = 1; i <= 10; i++) {
            client.send(
                    Publish.to("ttm4175/other/elsewhere", "m").qos(1, i).encode(wire),
                    Publish.to(Chat.messageTopic("team3a"), Chat.message("team2a", "team3a", "m"))
                            .qos(1, 100 + i)
                            .encode(wire));
        }
        client.readOn();
        for (int i = 1; i <= 10; i++) {
            client.takeAck(Type.PUBACK, i);
            client.takeAck(Type.PUBACK, 100 + i);
        }
        for (int i = 0; i < 450; i++) {
            client.take(Type.PUBLISH);
        }
    }

    @Tag("engine")
    @Test
    void bare_readerThatNeverAcknowledges_fillsTheMemory() throws IOException {
        try (BareMoquette bare = BareMoquette.create().start()) {
            RawMqtt deaf = bare.login(Wire.TCP_V3, "deaf", "deaf");
            deaf.subscribe(TOPIC, 1);
            RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "writer");
            long before = DirectBuffers.inUse();
            for (int i = 0; i < 400; i++) {
                writer.publish(TOPIC, "x".repeat(100_000), 1);
            }
            assertThat(DirectBuffers.inUse() - before)
                    .as("buffers in use for 400 publishes that nobody takes")
                    .isGreaterThan(200);
            deaf.ping();
        }
    }

    @OnEveryListener
    void guarded_readerThatNeverAcknowledges_isClosedAndOthersGetEverything(Wire wire) throws IOException {
        for (String topic : List.of(TOPIC, Chat.messageTopic("team2a"))) {
            RawMqtt stubborn = BROKER.login(wire, "team2a");
            stubborn.subscribe(topic, 1);
            RawMqtt reader = BROKER.login(wire, "team2a");
            reader.subscribe(topic, 1);
            RawMqtt writer = BROKER.login(wire, "team1a");
            String text = "x".repeat(4_000);
            for (int i = 0; i < 1_400; i++) {
                assertThat(writer.publish(topic, Chat.message("team1a", "team2a", text), 1)
                                .code())
                        .isLessThan(0x80);
                reader.message();
            }
            stubborn.expectClosed();
            ClientDisconnected event = BROKER.recorder().await(stubborn, ClientDisconnected.class);
            assertThat(event.detail()).contains("slow");
            reader.close();
        }
    }

    @OnEveryListener
    void guarded_readerThatNeverReads_isClosedAndItsMemoryIsFree(Wire wire) throws IOException {
        long before = DirectBuffers.memory();
        RawMqtt deaf = BROKER.openNarrow(wire);
        deaf.connect(TestBroker.loginOf(deaf, "team2a"));
        deaf.subscribe(TOPIC, 1);
        deaf.stopReading();
        RawMqtt writer = BROKER.login(wire, "team1a");
        for (int i = 0; i < 200; i++) {
            writer.publish(TOPIC, "x".repeat(100_000), 1);
        }
        assertThat(BROKER.recorder().await(deaf, ClientDisconnected.class).detail())
                .contains("slow");
        Awaitility.await()
                .untilAsserted(() -> assertThat(DirectBuffers.memory() - before)
                        .as("bytes of direct memory, after 20 MB")
                        .isLessThan(16L << 20));
    }
}
