package labchat.broker.weather;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One direction of one connection in bad weather: a line of packets that arrive in their order, later, or never. Used by
 * one thread, which is also the one that {@link Later} calls back on.
 *
 * @param <P> a packet
 */
public final class WireLine<P> {

    /** More than this is not held, in bytes: then the oldest packet arrives early. */
    public static final long MOST_BYTES = 4L << 20;

    /** After so many losses a packet passes. */
    public static final int MOST_LOSSES = 8;

    /** What weather may do with a packet. */
    public enum Sort {
        /** It may be lost for ever, or come twice. */
        QOS_0(true, false, true),
        /** It is sent again if it is lost, and may come twice. */
        QOS_1(true, true, true),
        /** It is sent again if it is lost: all packets of QoS 2, and those of QoS 1 that may not be repeated at once. */
        SENT_AGAIN(true, true, false),
        /** PUBACK: lost for ever, and then its publish is sent again by whoever has it. */
        ANSWER(true, false, false),
        /** It arrives, only later. */
        SAFE(false, false, false);

        private final boolean mayBeLost;
        private final boolean isSentAgain;
        private final boolean mayComeTwice;

        Sort(boolean mayBeLost, boolean isSentAgain, boolean mayComeTwice) {
            this.mayBeLost = mayBeLost;
            this.isSentAgain = isSentAgain;
            this.mayComeTwice = mayComeTwice;
        }
    }

    /** Where the line ends. None of the methods calls the line back. */
    public interface End<P> {

        /**
         * The packet is on its way and will arrive.
         *
         * @param again whether its sender has sent it before
         */
        void sent(P packet, boolean again);

        /** The packet was sent and is lost; if its sort is sent again, that will happen. */
        void lost(P packet, boolean again);

        /** The packet is lost for ever. */
        void gone(P packet);

        /** The packet arrives. */
        void arrive(P packet, boolean again);

        /** Another packet with the same content, which is to arrive a second time. */
        P copy(P packet);

        /** The packet is forgotten, because the connection has ended. */
        void discard(P packet);
    }

    /** Does something later, on the line's thread. */
    @FunctionalInterface
    public interface Later {
        /** @param after not negative */
        void run(Duration after, Runnable task);
    }

    private final class Entry {
        private final P packet;
        private final Sort sort;
        private final int weight;
        private boolean again;
        private int losses;
        private boolean isSent;
        private boolean isReady;
        private boolean isDone;
        private boolean isGone;

        Entry(P packet, Sort sort, int weight, boolean again) {
            this.packet = packet;
            this.sort = sort;
            this.weight = weight;
            this.again = again;
        }
    }

    private final End<P> end;
    private final Later later;
    private final RandomGenerator chance;
    private final Deque<Entry> line = new ArrayDeque<>();

    /** What is to be sent again in a while, and then takes its place at the end of the line. */
    private final Set<Entry> resends = new LinkedHashSet<>();

    private double loss;
    private double duplicate;
    private Duration delay = Duration.ZERO;
    private Duration resendAfter = Duration.ZERO;
    private boolean isClosed;
    private long bytes;

    /** @param chance used by nobody else */
    public WireLine(End<P> end, Later later, RandomGenerator chance) {
        this.end = end;
        this.later = later;
        this.chance = chance;
    }

    /** From now on it is like this; what is on its way stays as it is. */
    public void weather(Spell spell) {
        loss = spell.weather().loss();
        duplicate = spell.weather().duplicate();
        delay = spell.weather().delay();
        resendAfter = spell.resendAfter();
    }

    /** Whether nothing is held. */
    public boolean isEmpty() {
        return line.isEmpty() && resends.isEmpty();
    }

    /**
     * Sends a packet, which arrives now, later or never.
     *
     * @param weight in bytes
     * @return whether it will arrive twice
     */
    public boolean send(P packet, Sort sort, int weight) {
        return enter(new Entry(packet, sort, weight, false));
    }

    /** Sends a packet once more, in as long as its sender would wait; it may be lost again. */
    public void sendAgain(P packet, Sort sort, int weight) {
        Entry entry = new Entry(packet, sort, weight, true);
        if (isClosed) {
            enter(entry);
            return;
        }
        bytes += weight;
        resends.add(entry);
        later.run(resendAfter, () -> takePlace(entry));
    }

    private void takePlace(Entry entry) {
        if (resends.remove(entry)) {
            bytes -= entry.weight;
            enter(entry);
        }
    }

    private boolean enter(Entry entry) {
        // Before it may arrive: what end makes of it then may be gone.
        boolean twice = entry.sort.mayComeTwice && repeats();
        Entry second = twice ? new Entry(end.copy(entry.packet), Sort.SAFE, entry.weight, true) : null;
        add(entry);
        if (second != null && !entry.isGone) {
            add(second);
            return true;
        }
        if (second != null) {
            end.discard(second.packet);
        }
        return false;
    }

    private void add(Entry entry) {
        line.add(entry);
        bytes += entry.weight;
        attempt(entry);
        while (bytes > MOST_BYTES && !line.isEmpty()) {
            Entry oldest = line.peek();
            passNow(oldest);
            release();
        }
    }

    /** Whether a packet is to be repeated, by chance. */
    public boolean repeats() {
        return !isClosed && isChosen(duplicate);
    }

    private boolean isChosen(double probability) {
        return probability > 0 && chance.nextDouble() < probability;
    }

    private void attempt(Entry entry) {
        if (entry.isDone || entry.isSent) {
            return;
        }
        if (!isClosed && entry.sort.mayBeLost && entry.losses < MOST_LOSSES && isChosen(loss)) {
            entry.losses++;
            end.lost(entry.packet, entry.again);
            if (entry.sort.isSentAgain) {
                entry.again = true;
                later.run(resendAfter, () -> attempt(entry));
            } else {
                entry.isDone = true;
                entry.isGone = true;
                bytes -= entry.weight;
                line.remove(entry);
                end.gone(entry.packet);
            }
            return;
        }
        entry.isSent = true;
        end.sent(entry.packet, entry.again);
        if (isClosed || delay.isZero()) {
            entry.isReady = true;
            release();
        } else {
            later.run(delay, () -> {
                entry.isReady = true;
                release();
            });
        }
    }

    private void release() {
        for (Entry first = line.peek(); first != null && first.isReady; first = line.peek()) {
            line.remove();
            bytes -= first.weight;
            first.isDone = true;
            end.arrive(first.packet, first.again);
        }
    }

    private void passNow(Entry entry) {
        if (!entry.isSent) {
            entry.isSent = true;
            end.sent(entry.packet, entry.again);
        }
        entry.isReady = true;
    }

    /** The weather is over: everything that is held arrives now, in its order, and from now on nothing is held. */
    public void close() {
        isClosed = true;
        line.forEach(this::passNow);
        release();
        List<Entry> last = new ArrayList<>(resends);
        resends.clear();
        for (Entry entry : last) {
            bytes -= entry.weight;
            enter(entry);
        }
    }

    /** The sender has left: what is on its way arrives now, in its order, and what was lost is not sent again. */
    public void leave() {
        isClosed = true;
        List<Entry> held = new ArrayList<>(line);
        line.clear();
        for (Entry entry : held) {
            entry.isDone = true;
            if (entry.isSent) {
                end.arrive(entry.packet, entry.again);
            } else {
                end.discard(entry.packet);
            }
        }
        resends.forEach(entry -> end.discard(entry.packet));
        resends.clear();
        bytes = 0;
    }

    /** The connection has ended: what is held is forgotten. */
    public void discard() {
        isClosed = true;
        for (Entry entry : line) {
            entry.isDone = true;
            end.discard(entry.packet);
        }
        line.clear();
        resends.forEach(entry -> end.discard(entry.packet));
        resends.clear();
        bytes = 0;
    }
}
