package labchat.client.wire;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import labchat.protocol.packet.MqttPacket;

/**
 * The last packets of a session: at most {@value #MOST_ENTRIES}, and at most {@value #MOST_BYTES} bytes of them. May be
 * used by several threads.
 */
public final class WireLog {

    /** How many packets are remembered. */
    public static final int MOST_ENTRIES = 200;

    /** How much of them is remembered, in bytes on the wire. */
    public static final int MOST_BYTES = 1_000_000;

    private final Clock clock;
    private final Deque<WireEntry> entries = new ArrayDeque<>();
    private long bytes;
    private int count;
    private Instant last;
    private Consumer<WireEntry> watcher = entry -> {};

    public WireLog(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** From now on this one is told of each packet, in their order, on the thread of the connection; it must not wait. */
    public synchronized void watch(Consumer<WireEntry> newWatcher) {
        watcher = Objects.requireNonNull(newWatcher, "newWatcher");
    }

    /** A packet was seen. */
    public synchronized void add(boolean outgoing, MqttPacket packet) {
        Instant now = clock.instant();
        Duration pause = last == null || now.isBefore(last) ? Duration.ZERO : Duration.between(last, now);
        last = now;
        WireEntry entry = new WireEntry(++count, now, outgoing, pause, packet);
        entries.add(entry);
        bytes += packet.length();
        while (entries.size() > MOST_ENTRIES || bytes > MOST_BYTES && entries.size() > 1) {
            bytes -= entries.remove().packet().length();
        }
        watcher.accept(entry);
    }

    /** What is remembered, oldest first. */
    public synchronized List<WireEntry> entries() {
        return List.copyOf(entries);
    }
}
