package labchat.broker.traffic;

import java.time.Duration;
import java.util.function.Consumer;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.PacketTrace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's log: one readable line for each event, refusals as warnings, the rest as information. Connections never
 * wait for it, not even when the terminal is stopped: events go to a queue of 8,192 and a thread of its own writes them;
 * what does not fit is dropped, and a line says how many.
 */
public final class ConsoleLog implements BrokerEventListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");
    private static final int CAPACITY = 1 << 13;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final Spool<BrokerEvent> spool;
    private final boolean refusalsOnly;

    /** Starts to write to the logger {@code labchat}. */
    public ConsoleLog() {
        this(LOG::info, LOG::warn, CAPACITY, !LOG.isInfoEnabled());
    }

    ConsoleLog(Consumer<String> info, Consumer<String> warn, int capacity) {
        this(info, warn, capacity, false);
    }

    /** @param refusalsOnly nobody would see the rest */
    ConsoleLog(Consumer<String> info, Consumer<String> warn, int capacity, boolean refusalsOnly) {
        this.refusalsOnly = refusalsOnly;
        this.spool = new Spool<>("console-log", capacity, new Writer(info, warn));
    }

    @Override
    public void onEvent(BrokerEvent event) {
        if (!refusalsOnly || ConsoleLine.isRefusal(event)) {
            spool.offer(event);
        }
    }

    @Override
    public void onPacket(PacketTrace packet) {
        // The console speaks of events; packets are for the traffic log.
    }

    @Override
    public boolean wantsPackets() {
        return false;
    }

    /** Writes what is queued, for at most 1 s. */
    @Override
    public void close() {
        spool.close(CLOSE_WITHIN);
    }

    private record Writer(Consumer<String> info, Consumer<String> warn) implements Spool.Drain<BrokerEvent> {

        @Override
        public boolean take(BrokerEvent event) {
            (ConsoleLine.isRefusal(event) ? warn : info).accept(ConsoleLine.of(event));
            return true;
        }

        @Override
        public boolean dropped(long count) {
            warn.accept((count == 1 ? "1 event is" : count + " events are")
                    + " missing here: the console could not keep up");
            return true;
        }

        @Override
        public boolean pause() {
            return true;
        }

        @Override
        public void end() {
            // The logger stays open.
        }
    }
}
