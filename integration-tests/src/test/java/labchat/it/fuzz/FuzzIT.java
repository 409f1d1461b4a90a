package labchat.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.PacketTrace;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.MapUsers;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever bytes come, the broker goes on serving. {@code -Dfuzz.packets=…} sets how many packets it must have read,
 * {@code -Dfuzz.seed=…} which.
 */
class FuzzIT {

    private static final long PACKETS = Long.getLong("fuzz.packets", 200_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_120);
    private static final int PATIENT_CONNECTIONS = 2;
    private static final int PACKETS_OF_A_PATIENT_ONE = 500;
    private static final int WILD_CONNECTIONS = 6;
    private static final int PACKETS_OF_A_WILD_ONE = 20;
    private static final long BETWEEN_CHECKS = 1_000;

    private static final byte[] PINGREQ = {(byte) 0xc0, 0};
    private static final int PINGRESP = 0xd0;

    /** Counts instead of keeping. */
    private static final class Counter implements BrokerEventListener {
        private final AtomicLong packets = new AtomicLong();

        @Override
        public void onEvent(BrokerEvent event) {
            // Only packets are counted.
        }

        @Override
        public void onPacket(PacketTrace packet) {
            if (packet.inbound()) {
                packets.incrementAndGet();
            }
        }
    }

    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void packets_ofAnyKind_hurtNobody() throws Exception {
        Counter counter = new Counter();
        Random random = new Random(SEED);
        long sent = 0;
        long nextCheck = BETWEEN_CHECKS;
        long worst = 0;
        Memory before = null;
        try (TestBroker broker = TestBroker.ofTheClass()
                        .withoutRecorder()
                        .listener(counter)
                        .start();
                RawMqtt sender = broker.login(Wire.TCP_V5, "x1");
                RawMqtt receiver = broker.receiver(Wire.WS_V3, "x2", 1)) {
            while (counter.packets.get() < PACKETS) {
                sent += garbage(broker, random);
                if (counter.packets.get() >= nextCheck) {
                    nextCheck = counter.packets.get() + BETWEEN_CHECKS;
                    worst = Math.max(worst, chat(sender, receiver, counter.packets.get()));
                }
                if (before == null && counter.packets.get() > PACKETS / 4) {
                    before = Memory.now();
                }
            }
            worst = Math.max(worst, chat(sender, receiver, -1));
            Memory after = Memory.now();
            System.out.printf(
                    "FuzzIT: seed %d, %d packets sent, %d read, slowest chat %d ms, heap %+d kB, direct memory %+d kB%n",
                    SEED,
                    sent,
                    counter.packets.get(),
                    worst / 1_000_000,
                    (after.heap() - before.heap()) / 1024,
                    (after.direct() - before.direct()) / 1024);
            assertThat(after.heap()).isLessThan(before.heap() + (16L << 20));
            assertThat(after.direct()).isLessThan(before.direct() + (16L << 20));
        }
    }

    /** After a collection, in bytes. */
    private record Memory(long heap, long direct) {
        static Memory now() {
            System.gc();
            return new Memory(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    PlatformDependent.usedDirectMemory());
        }
    }

    /** A message from one to the other; gives how long it took, in nanoseconds. */
    private static long chat(RawMqtt sender, RawMqtt receiver, long number) throws IOException {
        String text = Chat.message("x1", "x2", "still here", "fuzz" + number);
        long start = System.nanoTime();
        assertThat(sender.publish("ttm4175/chat/x2/message", text, 1).code()).isZero();
        assertThat(receiver.message().text()).isEqualTo(text);
        return System.nanoTime() - start;
    }

    /** Several connections at once, each with many packets; gives how many. */
    private static long garbage(TestBroker broker, Random random) throws IOException {
        Socket[] sockets = new Socket[PATIENT_CONNECTIONS + WILD_CONNECTIONS];
        boolean[] pinged = new boolean[sockets.length];
        long packets = 0;
        for (int i = 0; i < sockets.length; i++) {
            boolean version5 = random.nextBoolean();
            boolean wild = i >= PATIENT_CONNECTIONS;
            PacketFuzzer fuzzer = new PacketFuzzer(random, version5, wild);
            int count = wild ? PACKETS_OF_A_WILD_ONE : PACKETS_OF_A_PATIENT_ONE;
            sockets[i] = new Socket(InetAddress.getLoopbackAddress(), broker.port(false));
            sockets[i].setTcpNoDelay(true);
            // Ends without lingering, so that thousands of connections do not use up the ports.
            sockets[i].setSoLinger(true, 0);
            OutputStream out = sockets[i].getOutputStream();
            try {
                if (!wild || random.nextInt(20) != 0) {
                    out.write(login(version5, random.nextInt(1_000)));
                }
                for (int n = 0; n < count; n++) {
                    out.write(fuzzer.next());
                    packets++;
                }
                out.write(PINGREQ);
                pinged[i] = true;
            } catch (SocketException e) {
                // The broker closed the connection meanwhile, as it may.
                pinged[i] = false;
            }
        }
        for (int i = 0; i < sockets.length; i++) {
            if (pinged[i]) {
                awaitPongOrEnd(sockets[i], i >= PATIENT_CONNECTIONS);
            }
            sockets[i].close();
        }
        return packets;
    }

    private static byte[] login(boolean version5, int number) {
        return Connect.as(version5 ? Wire.TCP_V5 : Wire.TCP_V3)
                .clientId("fuzz" + number)
                .login("team1a", MapUsers.CLASS.passwords().get("team1a"))
                .encode();
    }

    private static void awaitPongOrEnd(Socket socket, boolean wild) throws IOException {
        socket.setSoTimeout((int) Duration.ofMillis(wild ? 50 : 2_000).toMillis());
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[65_536];
        try {
            int last = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (count >= 2 && (buffer[count - 2] & 0xff) == PINGRESP || count == 1 && last == PINGRESP) {
                    return;
                }
                last = buffer[count - 1] & 0xff;
            }
        } catch (SocketTimeoutException | SocketException e) {
            // A packet whose end never came swallowed the PINGREQ, or the connection was reset.
        }
    }
}
