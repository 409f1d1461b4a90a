package labchat.broker.mqtt.guard;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How much waits for all receivers together. A little too much slows publishers down; who takes hardly any of what waits
 * for it meanwhile is disconnected, and with twice as much everybody for whom more than a fair share waits: the broker's
 * memory is there for all. May be used by any thread.
 */
final class Crowd {

    /** What waits takes about twice its bytes of the heap; so it may have a sixth of that. */
    static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 12;

    /** For whom no more than this waits is never in the way, in bytes. */
    static final long FAIR_BYTES = 64 << 10;

    /** So many times what may wait, and who has more than a fair share is disconnected at once. */
    private static final int FAR_TOO_MUCH = 2;

    private final List<WireCounts> loops = new CopyOnWriteArrayList<>();

    /** Another event loop's counts. */
    void add(WireCounts loop) {
        loops.add(loop);
    }

    private long waitingBytes() {
        long bytes = 0;
        for (int i = 0; i < loops.size(); i++) {
            bytes += loops.get(i).get(WireCounts.What.WAITING_BYTES);
        }
        return bytes;
    }

    /** How much more waits than may: 0 for no more, 1 for twice as much or more. */
    double excess() {
        return Math.max(0, Math.min(1, (double) waitingBytes() / MOST_BYTES - 1));
    }

    boolean isFarTooMuch() {
        return waitingBytes() > FAR_TOO_MUCH * MOST_BYTES;
    }
}
