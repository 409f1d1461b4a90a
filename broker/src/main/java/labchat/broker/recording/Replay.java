package labchat.broker.recording;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import labchat.broker.event.OutboundPublisher;
import labchat.protocol.topic.ChatTopics;

/**
 * Plays one recording back: each publish in the record's order, from one thread, so the order on each topic is the
 * record's. Nothing is retained, nothing is kept for who is away, and none of it reaches the chat's own topics.
 */
final class Replay {

    /** So that who watches keeps up, also at the highest speed. */
    static final int MOST_PER_SECOND = 1_000;

    private static final int BURST = 20;
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1) * BURST / MOST_PER_SECOND;

    private final ReplayOrder order;
    private final String prefix;
    private final OutboundPublisher publisher;
    private final long length;
    private final long publishes;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    private volatile long startedNanos;
    private volatile long position;
    private volatile long published;
    private volatile boolean ended;
    private volatile Optional<String> problem = Optional.empty();

    private Replay(ReplayOrder order, OutboundPublisher publisher, long length, long publishes) {
        this.order = order;
        this.prefix = ReplayPrefix.whole(order.prefix());
        this.publisher = publisher;
        this.length = length;
        this.publishes = publishes;
        this.thread = new Thread(this::run, "labchat-replay");
        this.thread.setDaemon(true);
    }

    /**
     * Reads the whole recording once, then begins.
     *
     * @param live where nothing may go
     * @throws RecordingException in words: the prefix is not allowed, the recording cannot be read or has nothing to play
     */
    static Replay start(ReplayOrder order, OutboundPublisher publisher, ChatTopics live) throws RecordingException {
        Optional<String> bad = ReplayPrefix.problem(order.prefix(), live);
        if (bad.isPresent()) {
            throw new RecordingException(bad.get());
        }
        String prefix = ReplayPrefix.whole(order.prefix());
        long length = 0;
        long publishes = 0;
        try (Recording recording = Recording.open(order.file())) {
            for (Optional<Recording.Entry> next = recording.next(); next.isPresent(); next = recording.next()) {
                Recording.Entry entry = next.get();
                length = Math.max(length, entry.millis());
                if (entry.isPublished()) {
                    publishes++;
                    Optional<String> problem =
                            ReplayPrefix.problemOf(prefix, entry.packet().topic(), live);
                    if (problem.isPresent()) {
                        throw new RecordingException(
                                "%s:%d: %s".formatted(recording.name(), entry.line(), problem.get()));
                    }
                }
            }
        }
        if (publishes == 0) {
            throw new RecordingException("%s: nothing was published while it was recorded".formatted(order.file()));
        }
        Replay replay = new Replay(order, publisher, length, publishes);
        replay.startedNanos = System.nanoTime();
        replay.thread.start();
        return replay;
    }

    private void run() {
        try (Recording recording = Recording.open(order.file())) {
            long begin = startedNanos;
            for (Optional<Recording.Entry> next = recording.next(); next.isPresent(); next = recording.next()) {
                Recording.Entry entry = next.get();
                if (!waitUntil(begin, entry.millis())) {
                    return;
                }
                position = Math.max(position, entry.millis());
                if (entry.isPublished()) {
                    publisher.publish(
                            prefix + entry.packet().topic(),
                            entry.payload().orElseThrow().getBytes(StandardCharsets.UTF_8),
                            Math.max(0, Math.min(2, entry.packet().qos())));
                    published++;
                }
            }
            position = length;
        } catch (RecordingException | RuntimeException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
        }
    }

    /** Waits until it is this entry's turn; false if it is to stop. */
    private boolean waitUntil(long begin, long millis) throws InterruptedException {
        long due = order.speed() == ReplayOrder.MAX ? 0 : (long) (millis * 1_000_000d / order.speed());
        long paced = published / BURST * BURST_NANOS;
        long wait = Math.max(due, paced) - (System.nanoTime() - begin);
        return wait <= 0 ? stopped.getCount() > 0 : !stopped.await(wait, TimeUnit.NANOSECONDS);
    }

    void stop() {
        stopped.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isEnded() {
        return ended;
    }

    Path file() {
        return order.file();
    }

    ReplayStatus status() {
        long now = position;
        if (!ended && order.speed() != ReplayOrder.MAX) {
            // Between two packets time goes on.
            long passed = (long) ((System.nanoTime() - startedNanos) / 1_000_000d * order.speed());
            now = Math.max(now, Math.min(length, passed));
        }
        return new ReplayStatus(
                order.file().toString(), prefix, order.speedText(), !ended, now, length, published, publishes, problem);
    }
}
