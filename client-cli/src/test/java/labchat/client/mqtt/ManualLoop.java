package labchat.client.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The session's thread, with a time that passes only when told; delayed tasks of cancelled futures never run. */
final class ManualLoop extends ScheduledThreadPoolExecutor {
    /** All that are no pauses before attempts to connect. */
    private static final Set<Duration> OTHER_PAUSES = Set.of(
            HiveMqChatSession.ACKNOWLEDGEMENT_TIMEOUT,
            HiveMqChatSession.REQUEST_TIMEOUT,
            CatchUp.EXPECTED,
            CatchUp.QUIET);

    private record Task(Runnable run, long millis, CompletableFuture<Void> cancelled) {}

    private final List<Task> waiting = new CopyOnWriteArrayList<>();
    private final List<Long> retries = new CopyOnWriteArrayList<>();

    ManualLoop() {
        super(1);
    }

    /** The pauses before attempts to connect, so far, in milliseconds. */
    List<Long> delays() {
        return retries;
    }

    /** Whether something waits so long that was not cancelled. */
    boolean waits(Duration pause) {
        return waiting.stream()
                .anyMatch(task ->
                        task.millis() == pause.toMillis() && !task.cancelled().isDone());
    }

    /** Runs what waits so long. */
    void passTime(Duration pause) {
        List<Task> due = waiting.stream()
                .filter(task -> task.millis() == pause.toMillis())
                .toList();
        waiting.removeAll(due);
        due.stream().filter(task -> !task.cancelled().isDone()).forEach(task -> execute(task.run()));
    }

    /** Runs all that waits. */
    void passTime() {
        List<Task> due = List.copyOf(waiting);
        waiting.removeAll(due);
        due.stream().filter(task -> !task.cancelled().isDone()).forEach(task -> execute(task.run()));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        long millis = unit.toMillis(delay);
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        waiting.add(new Task(command, millis, cancelled));
        if (!OTHER_PAUSES.contains(Duration.ofMillis(millis))) {
            retries.add(millis);
        }
        return new Cancellation(cancelled);
    }

    @Override
    public void execute(Runnable command) {
        super.schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    /** Only its cancelling matters. */
    private record Cancellation(CompletableFuture<Void> cancelled) implements ScheduledFuture<Void> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return cancelled.complete(null);
        }

        @Override
        public boolean isCancelled() {
            return cancelled.isDone();
        }

        @Override
        public boolean isDone() {
            return cancelled.isDone();
        }

        @Override
        public Void get() {
            return cancelled.join();
        }

        @Override
        public Void get(long timeout, TimeUnit unit) {
            return cancelled.join();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }
}
