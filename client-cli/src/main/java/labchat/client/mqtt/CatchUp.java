package labchat.client.mqtt;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;

/**
 * Finds out when a new connection has brought what the server had kept: both questions asked at its beginning (which
 * rooms, and what was last said in each conversation) are settled, what by that is still to come has come, and then
 * nothing came for a while. It belongs to the session's thread.
 */
final class CatchUp {

    /** How long nothing must come. */
    static final Duration QUIET = Duration.ofMillis(300);

    /** How long to wait for what should still come; another of this user's programs may have taken it. */
    static final Duration EXPECTED = Duration.ofSeconds(2);

    /** How long at most in all. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    private final ChatId me;
    private final BiFunction<Duration, Runnable, Future<?>> schedule;
    private final Runnable caughtUp;
    private final Set<MessageId> seen = new HashSet<>();
    private final Set<MessageId> expected = new HashSet<>();
    private Optional<Future<?>> quiet = Optional.empty();
    private int open = 2;
    private boolean over;

    /**
     * @param schedule runs something later on the session's thread
     * @param caughtUp called once
     */
    CatchUp(ChatId me, BiFunction<Duration, Runnable, Future<?>> schedule, Runnable caughtUp) {
        this.me = me;
        this.schedule = schedule;
        this.caughtUp = caughtUp;
        schedule.apply(LONGEST, this::finish);
    }

    /** One of the two questions is answered, or will not be. */
    void settled() {
        open--;
        restart();
    }

    /** What was last said, where the user's own program has not yet said that it got it, is still to come. */
    void expect(List<HistoryEntry> newest) {
        newest.stream()
                .filter(entry -> !entry.message().sender().equals(me)
                        && !entry.delivered().containsKey(me)
                        && !seen.contains(entry.message().id()))
                .forEach(entry -> expected.add(entry.message().id()));
        schedule.apply(EXPECTED, () -> {
            expected.clear();
            restart();
        });
    }

    void arrived(MessageId message) {
        if (!over) {
            seen.add(message);
            expected.remove(message);
            restart();
        }
    }

    private void restart() {
        quiet.ifPresent(timer -> timer.cancel(false));
        if (!over && open == 0 && expected.isEmpty()) {
            quiet = Optional.of(schedule.apply(QUIET, this::finish));
        }
    }

    /** Tells, unless that was done. */
    void finish() {
        if (!over) {
            over = true;
            quiet.ifPresent(timer -> timer.cancel(false));
            caughtUp.run();
        }
    }
}
