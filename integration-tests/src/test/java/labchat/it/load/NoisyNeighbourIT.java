package labchat.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import labchat.broker.config.Limits;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.Packet;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One sends garbage without pause; two others chat, and hardly notice. */
@Tag("alone")
class NoisyNeighbourIT {

    /** Within the burst that a user may publish without being slowed down, so each measurement has a user of its own. */
    private static final int ROUND_TRIPS = 1_000;

    private static final int WARM_UPS = 6;

    private static final int ATTEMPTS = 4;
    private static final List<String> SENDERS = IntStream.rangeClosed(3, 12)
            .boxed()
            .flatMap(number -> Stream.of("team" + number + "a", "team" + number + "b"))
            .toList();
    private static final double MOST_GROWTH = 1.5;

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().limits(Limits.STANDARD);

    private int measurements;

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void roundTrip_besideGarbageWithoutPause_growsByLessThanHalf() throws Exception {
        RawMqtt receiver = BROKER.receiver(Wire.TCP_V3, "team2a", 0);
        for (int i = 0; i < WARM_UPS; i++) {
            median(receiver);
        }
        double best = Double.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS && best >= MOST_GROWTH; i++) {
            long alone = median(receiver);
            try (Garbage garbage = new Garbage(BROKER.login(Wire.TCP_V3, "x1"))) {
                garbage.awaitSome();
                long disturbed = median(receiver);
                best = Math.min(best, (double) disturbed / alone);
                System.out.printf(
                        "NoisyNeighbourIT: median round trip %d us alone, %d us beside %d kB of garbage%n",
                        alone / 1_000, disturbed / 1_000, garbage.bytes() / 1_024);
            }
        }
        assertThat(best).isLessThan(MOST_GROWTH);
    }

    /** From publish to arrival, in nanoseconds. */
    private long median(RawMqtt receiver) throws IOException {
        String user = SENDERS.get(measurements++);
        RawMqtt sender = BROKER.login(Wire.TCP_V5, user);
        long[] times = new long[ROUND_TRIPS];
        for (int i = 0; i < times.length; i++) {
            byte[] publish = Publish.to(
                            Chat.messageTopic("team2a"), Chat.message(user, "team2a", "Hei!", Chat.freshUuid()))
                    .qos(1, 1)
                    .encode(sender.wire());
            long start = System.nanoTime();
            sender.send(publish);
            receiver.message();
            times[i] = System.nanoTime() - start;
            sender.takeAck(Packet.Type.PUBACK, 1);
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }

    /** A client that publishes broken JSON as fast as it is let. */
    private static final class Garbage implements AutoCloseable {
        private final RawMqtt client;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicLong bytes = new AtomicLong();
        private final CountDownLatch some = new CountDownLatch(20);
        private final Thread thread = new Thread(this::send, "garbage");

        Garbage(RawMqtt client) {
            this.client = client;
            thread.setDaemon(true);
            thread.start();
        }

        private void send() {
            byte[] one = Publish.to(Chat.messageTopic("x2"), "{'sender': None, " + "x".repeat(200))
                    .encode(client.wire());
            byte[][] many = new byte[100][];
            Arrays.fill(many, one);
            byte[] batch = Bytes.join(many);
            try {
                while (!stopped.get()) {
                    client.send(batch);
                    bytes.addAndGet(batch.length);
                    some.countDown();
                }
            } catch (IOException e) {
                // The end of the test closes the connection under it.
                stopped.set(true);
            }
        }

        void awaitSome() throws InterruptedException {
            some.await();
        }

        long bytes() {
            return bytes.get();
        }

        @Override
        public void close() {
            stopped.set(true);
            client.close();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
