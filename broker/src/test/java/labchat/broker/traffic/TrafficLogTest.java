package labchat.broker.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import labchat.broker.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class TrafficLogTest {

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock("2026-11-20T10:15:30Z");
    private final List<String> console = new CopyOnWriteArrayList<>();

    @Test
    void onPacket_idleConnection_isInTheFileWithoutClose() throws IOException {
        try (TrafficLog log = TrafficLog.open(file(), false, 1 << 20, 14, clock)) {
            log.onPacket(Packets.ping());

            await().untilAsserted(() -> assertThat(lines()).hasSize(1));
        }
    }

    @Test
    void onPacket_afterAPauseOfMoreThanASecond_isWrittenStill() throws IOException {
        try (TrafficLog log = TrafficLog.open(file(), false, 1 << 20, 14, clock)) {
            Thread writer = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().equals("traffic-log") && t.isAlive())
                    .findAny()
                    .orElseThrow();
            await().until(() -> writer.getState() == Thread.State.WAITING);

            log.onPacket(Packets.ping());

            await().untilAsserted(() -> assertThat(lines()).hasSize(1));
        }
    }

    @Test
    void close_manyQueued_writesAllInOrder() throws IOException {
        try (TrafficLog log = TrafficLog.open(file(), false, 1 << 30, 14, clock)) {
            IntStream.rangeClosed(1, 20_000).forEach(id -> log.onPacket(Packets.publish(id, "lab/x")));
        }

        assertThat(lines()).hasSize(20_000);
        assertThat(lines().stream().map(line -> parse(line).get("id")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 20_000)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void onPacket_severalThreadsAtOnce_losesAndDoublesNothing() throws Exception {
        try (TrafficLog log = TrafficLog.open(file(), false, 1 << 30, 14, clock)) {
            List<Thread> connections = IntStream.range(0, 4)
                    .mapToObj(n -> new Thread(() -> IntStream.range(1, 5_000)
                            .forEach(id -> log.onPacket(Packets.publish(n * 5_000 + id, "lab/x")))))
                    .toList();
            connections.forEach(Thread::start);
            for (Thread connection : connections) {
                connection.join();
            }
        }

        assertThat(lines().stream().map(line -> parse(line).get("id")).distinct())
                .hasSize(4 * 4_999)
                .hasSameSizeAs(lines());
    }

    @Test
    void payload_notSet_isNeitherWantedNorWritten() throws IOException {
        try (TrafficLog log = TrafficLog.open(file(), false, 1 << 20, 14, clock)) {
            assertThat(log.wantsPayload()).isFalse();
            log.onPacket(Packets.message(Optional.empty(), Optional.of("a secret text")));
        }

        assertThat(Files.readString(file())).contains("16fd2706").doesNotContain("secret", "payload");
    }

    @Test
    void payload_set_isWantedAndWritten() throws IOException {
        try (TrafficLog log = TrafficLog.open(file(), true, 1 << 20, 14, clock)) {
            assertThat(log.wantsPayload()).isTrue();
            log.onPacket(Packets.message(Optional.empty(), Optional.of("Hei!")));
        }

        assertThat(parse(lines().get(0))).containsEntry("payload", "Hei!");
    }

    @Test
    void onPacket_dayEnds_rolls() throws IOException {
        try (TrafficLog log = TrafficLog.open(file(), false, 1 << 20, 14, clock)) {
            log.onPacket(Packets.publish(1, "lab/x"));
            await().untilAsserted(() -> assertThat(lines()).hasSize(1));
            clock.advance(Duration.ofDays(1));
            log.onPacket(Packets.publish(2, "lab/x"));
        }

        assertThat(parse(Files.readString(folder.resolve("traffic-2026-11-20.1.jsonl"))))
                .containsEntry("id", "1");
        assertThat(parse(lines().get(0))).containsEntry("id", "2");
    }

    @Test
    void onPacket_writerBlocked_returnsCountsAndSaysWhatIsMissing() throws IOException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        LogFile.Opener slow = path -> new Wrapped(DiskLogFile.open(path)) {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                blocked.countDown();
                awaitQuietly(release);
                super.append(bytes);
            }
        };
        try (TrafficLog log = open(slow, 8, Duration.ofSeconds(10))) {
            log.onPacket(Packets.publish(1, "lab/x"));
            awaitQuietly(blocked);
            // Eight fit into the queue; the rest has no place, and nobody waits for one.
            for (int id = 2; id <= 20; id++) {
                log.onPacket(Packets.publish(id, "lab/x"));
            }
            release.countDown();
        }

        assertThat(lines()).hasSize(10);
        assertThat(parse(lines().get(8))).containsEntry("id", "9");
        assertThat(lines().get(9)).isEqualTo("{\"time\":\"2026-11-20T10:15:30.000000Z\",\"dropped\":11}");
        assertThat(console).singleElement().asString().contains("11 packets");
    }

    @Test
    void onPacket_diskRefusesForAWhile_isSaidOnceAndNothingQueuedIsLost() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        AtomicInteger tries = new AtomicInteger();
        LogFile.Opener disk = path -> new Wrapped(DiskLogFile.open(path)) {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                tries.incrementAndGet();
                if (full.get()) {
                    throw new IOException("No space left on device");
                }
                super.append(bytes);
            }
        };
        try (TrafficLog log = open(disk, 8, Duration.ofSeconds(10))) {
            log.onPacket(Packets.publish(1, "lab/x"));
            await().until(() -> tries.get() > 3);
            assertThat(console).singleElement().asString().contains("cannot be written (No space left on device)");
            for (int id = 2; id <= 20; id++) {
                log.onPacket(Packets.publish(id, "lab/x"));
            }
            full.set(false);
            await().untilAsserted(() -> assertThat(console).contains("traffic log: can be written again"));
        }

        // One waited in the file's buffer, eight in the queue.
        assertThat(lines()).hasSize(10);
        assertThat(parse(lines().get(8))).containsEntry("id", "9");
        assertThat(parse(lines().get(9))).containsEntry("dropped", "11");
        assertThat(console).hasSize(3);
    }

    @Test
    void close_diskRefuses_givesUpInTimeAndSaysSo() throws IOException {
        LogFile.Opener disk = path -> new Wrapped(DiskLogFile.open(path)) {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        TrafficLog log = open(disk, 8, Duration.ofMillis(100));
        log.onPacket(Packets.ping());

        log.close();

        assertThat(console).hasSize(2).element(1).asString().contains("the last packets could not be written");
    }

    @Test
    void onPacket_afterClose_isIgnored() throws IOException {
        TrafficLog log = TrafficLog.open(file(), false, 1 << 20, 14, clock);
        log.close();

        log.onPacket(Packets.ping());

        assertThat(lines()).isEmpty();
    }

    @Test
    void open_pathIsAFolder_saysWhichFileAndWhy() {
        assertThatThrownBy(() -> TrafficLog.open(folder, false, 1 << 20, 14, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("traffic log " + folder, "Is a directory");
    }

    private TrafficLog open(LogFile.Opener opener, int capacity, Duration closeWithin) throws IOException {
        RollingFile rolling = new RollingFile(file(), 1 << 20, 14, clock, opener);
        return new TrafficLog(rolling, false, clock, capacity, Duration.ofMillis(20), closeWithin, console::add);
    }

    private Path file() {
        return folder.resolve("traffic.jsonl");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    /** One line's fields; fails unless it is one object of plain values. */
    private static Map<String, String> parse(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                assertThat(json.nextToken().isScalarValue()).isTrue();
                fields.put(name, json.getText());
            }
            assertThat(json.nextToken()).isNull();
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
        return fields;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static class Wrapped implements LogFile {

        private final LogFile file;

        Wrapped(LogFile file) {
            this.file = file;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            file.append(bytes);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
