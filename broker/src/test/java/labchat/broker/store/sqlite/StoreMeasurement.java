package labchat.broker.store.sqlite;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.MessageStore;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;

/**
 * Measures what a publish costs: throughput with so many publishers and publishes in flight, then the latency of the
 * outcome at a steady rate. Run by hand: arguments are the number of publishes and the directory.
 */
final class StoreMeasurement {

    private static final int USERS = 36;

    private StoreMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300_000;
        Path directory = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("store-measurement");
        for (SqliteSettings.Sync sync : SqliteSettings.Sync.values()) {
            Path data = Files.createTempDirectory(directory, "data");
            Path file = data.resolve("chat.db");
            SqliteSettings settings = new SqliteSettings(sync, Duration.ofDays(365), 0);
            Faults faults = new Faults();
            try (SqliteStore store = SqliteStore.open(file, settings, Clock.systemUTC(), faults)) {
                for (int round = 0; round < 3; round++) {
                    saturated(file, store, sync, count);
                }
                for (int rate : List.of(100, 1_000, 10_000)) {
                    steady(store, sync, rate, Math.min(rate * 5, 30_000));
                }
                faults.stopFilling(true);
                saturated(file, store, sync, 90_000);
                cost(file, store, sync, faults, 90_000);
            }
            try (Stream<Path> files = Files.walk(data)) {
                for (Path left : files.sorted(Comparator.reverseOrder()).toList()) {
                    System.out.printf("%s %d bytes%n", left.getFileName(), Files.size(left));
                    Files.delete(left);
                }
            }
        }
    }

    /** 144 in flight, as 36 clients with 4 each. */
    private static void saturated(Path file, SqliteStore store, SqliteSettings.Sync sync, int count) throws Exception {
        Semaphore inFlight = new Semaphore(144);
        CountDownLatch done = new CountDownLatch(count);
        long cpu = writerCpu();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            inFlight.acquire();
            store.messages().append(publish(i), outcome(() -> {
                inFlight.release();
                done.countDown();
            }));
        }
        done.await();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%s saturated: %.0f publishes/s, writer %.2f us CPU each%n",
                sync, count / seconds, (writerCpu() - cpu) / 1e3 / count);
        long from = System.nanoTime();
        long cpuFrom = writerCpu();
        if (!store.faults().isFillingStopped()) {
            waitForTables(file);
            System.out.printf(
                    "   caught up after %.2f s more, %.2f us CPU each%n",
                    (System.nanoTime() - from) / 1e9, (writerCpu() - cpuFrom) / 1e3 / count);
        }
    }

    private static void cost(Path file, SqliteStore store, SqliteSettings.Sync sync, Faults faults, int count)
            throws Exception {
        long cpu = writerCpu();
        long start = System.nanoTime();
        faults.stopFilling(false);
        waitForTables(file);
        System.out.printf(
                "%s filling: %.2f us each, %.2f us CPU%n",
                sync, (System.nanoTime() - start) / 1e3 / count, (writerCpu() - cpu) / 1e3 / count);
    }

    private static void steady(SqliteStore store, SqliteSettings.Sync sync, int rate, int count) throws Exception {
        long[] nanos = new long[count];
        CountDownLatch done = new CountDownLatch(count);
        long cpu = writerCpu();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + i * 1_000_000_000L / rate;
            while (System.nanoTime() < due) {
                if (due - System.nanoTime() > 60_000) {
                    LockSupport.parkNanos(50_000);
                }
            }
            int index = i;
            long appended = System.nanoTime();
            store.messages().append(publish(i), outcome(() -> {
                nanos[index] = System.nanoTime() - appended;
                done.countDown();
            }));
        }
        done.await();
        Arrays.sort(nanos);
        System.out.printf(
                "%s at %d/s: outcome after p50 %.0f us, p99 %.0f us, max %.0f us; writer %.1f us CPU each%n",
                sync,
                rate,
                nanos[count / 2] / 1e3,
                nanos[count * 99 / 100] / 1e3,
                nanos[count - 1] / 1e3,
                (writerCpu() - cpu) / 1e3 / count);
    }

    private static void waitForTables(Path file) throws Exception {
        try (Connection connection = Database.openReader(file);
                Statement statement = connection.createStatement()) {
            boolean more = true;
            while (more) {
                try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM journal")) {
                    more = rows.next() && rows.getLong(1) > 0;
                }
                if (more) {
                    Thread.sleep(2);
                }
            }
        }
    }

    private static long writerCpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().equals("labchat-store")) {
                return threads.getThreadCpuTime(info.getThreadId());
            }
        }
        return 0;
    }

    private static MessageStore.Outcome outcome(Runnable durable) {
        return new MessageStore.Outcome() {
            @Override
            public void durable() {
                durable.run();
            }

            @Override
            public void failed() {
                throw new IllegalStateException("failed");
            }
        };
    }

    private static AcceptedPublish publish(int i) {
        ChatId sender = new ChatId("team" + i % USERS);
        ChatId receiver = new ChatId("team" + (i * 7 + 1) % USERS);
        MessageUuid uuid = MessageUuid.random();
        String text = "Hello there, this is message number " + i + " of many.";
        byte[] payload = "{\"sender\":\"%s\",\"receiver\":\"%s\",\"message\":\"%s\",\"uuid\":\"%s\"}"
                .formatted(sender, receiver, text, uuid)
                .getBytes(StandardCharsets.UTF_8);
        return new AcceptedPublish(
                Clock.systemUTC().instant(),
                new ChatMessage(sender, receiver, text, uuid),
                false,
                payload,
                1,
                new byte[0]);
    }
}
