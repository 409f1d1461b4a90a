package labchat.broker.traffic;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.PacketTrace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The traffic log: one JSON object for each packet, in either direction, in the order in which they were seen.
 *
 * <p>Connections never wait for it. Packets go to a queue of 65,536, and a thread of its own writes them; what does not
 * fit is dropped, and a line such as {@code {"time":"…","dropped":123}} stands where it is missing. While the disk
 * refuses, packets wait in the queue and the disk is asked again every second.
 */
public final class TrafficLog implements BrokerEventListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");
    private static final int CAPACITY = 1 << 16;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final boolean payload;
    private final RollingFile file;
    private final Spool<PacketTrace> spool;
    private final Consumer<String> console;
    private final Duration closeWithin;

    /**
     * Opens the log, behind what is in the file already.
     *
     * @param file its folder is made if it is not there
     * @param payload whether payloads, message texts among them, are written
     * @param maxBytes at which size the file is set aside, in bytes
     * @param keep how many files that were set aside are kept
     * @param clock says when the day ends (UTC) and when packets were dropped
     * @throws IOException if the file cannot be opened; the message is one line that names it
     */
    public static TrafficLog open(Path file, boolean payload, long maxBytes, int keep, Clock clock) throws IOException {
        try {
            RollingFile rolling = new RollingFile(file, maxBytes, keep, clock, DiskLogFile::open);
            return new TrafficLog(rolling, payload, clock, CAPACITY, RETRY, CLOSE_WITHIN, LOG::warn);
        } catch (IOException e) {
            throw new IOException("traffic log %s: %s".formatted(file, cause(e)), e);
        }
    }

    TrafficLog(
            RollingFile file,
            boolean payload,
            Clock clock,
            int capacity,
            Duration retry,
            Duration closeWithin,
            Consumer<String> console) {
        this.file = file;
        this.payload = payload;
        this.console = console;
        this.closeWithin = closeWithin;
        this.spool =
                new Spool<>("traffic-log", capacity, new Writer(file, new TrafficLine(payload), clock, retry, console));
    }

    @Override
    public void onEvent(BrokerEvent event) {
        // Every event is made of packets, and those are here already.
    }

    @Override
    public void onPacket(PacketTrace packet) {
        spool.offer(packet);
    }

    @Override
    public boolean wantsPayload() {
        return payload;
    }

    /** Writes what is queued, for at most 2 s, and closes the file. */
    @Override
    public void close() {
        if (!spool.close(closeWithin) || file.hasUnwritten()) {
            console.accept("traffic log: the last packets could not be written");
        }
    }

    private static String cause(IOException e) {
        if (e instanceof FileSystemException file && file.getReason() == null) {
            String what = e.getClass().getSimpleName().replace("Exception", "");
            return what.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT) + ": " + file.getFile();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** The thread's side. */
    private static final class Writer implements Spool.Drain<PacketTrace> {

        private final RollingFile file;
        private final TrafficLine line;
        private final Clock clock;
        private final long retryNanos;
        private final Consumer<String> console;

        private boolean failing;
        private long failedAt;
        private boolean dropsSaid;

        Writer(RollingFile file, TrafficLine line, Clock clock, Duration retry, Consumer<String> console) {
            this.file = file;
            this.line = line;
            this.clock = clock;
            this.retryNanos = retry.toNanos();
            this.console = console;
        }

        @Override
        public boolean take(PacketTrace packet) {
            if (!ready()) {
                return false;
            }
            line.format(packet);
            return add();
        }

        @Override
        public boolean dropped(long count) {
            if (!ready()) {
                return false;
            }
            if (!dropsSaid) {
                dropsSaid = true;
                console.accept(("traffic log: %d packets had to be left out. Lines with \"dropped\" in the file say"
                                + " where and how many; this is said once")
                        .formatted(count));
            }
            line.formatDropped(clock.instant(), count);
            return add();
        }

        @Override
        public boolean pause() {
            return ready() && flush();
        }

        @Override
        public void end() {
            try {
                file.close();
            } catch (IOException e) {
                console.accept("traffic log: " + cause(e));
            }
        }

        private boolean ready() {
            if (!failing) {
                return true;
            }
            if (System.nanoTime() - failedAt < retryNanos) {
                return false;
            }
            if (!flush()) {
                return false;
            }
            failing = false;
            console.accept("traffic log: can be written again");
            return true;
        }

        private boolean add() {
            try {
                file.add(line.bytes(), line.length());
                return true;
            } catch (IOException e) {
                failed(e);
                return false;
            }
        }

        private boolean flush() {
            try {
                file.flush();
                return true;
            } catch (IOException e) {
                failed(e);
                return false;
            }
        }

        private void failed(IOException e) {
            failedAt = System.nanoTime();
            if (!failing) {
                failing = true;
                console.accept("traffic log: cannot be written (%s); connections go on, and it is tried again"
                        .formatted(cause(e)));
            }
        }
    }
}
