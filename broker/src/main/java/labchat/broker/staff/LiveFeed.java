package labchat.broker.staff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.PacketTrace;

/**
 * The newest packets, for whoever looks. Connections pay for one number and one array slot a packet: nobody is woken, no
 * lock is taken. Readers come as often as they like and say up to where they have read; what was overwritten before they
 * came is counted for them. Any number of threads at once.
 */
public final class LiveFeed implements BrokerEventListener {

    /** How many packets are held unless another number is given. */
    public static final int CAPACITY = 1 << 13;

    /** How much of a payload is held, in characters. */
    public static final int PAYLOAD_LENGTH = 500;

    /**
     * A packet and its place.
     *
     * @param number from 1 on, without gaps
     */
    public record Entry(long number, PacketTrace packet) {}

    /**
     * What a reader gets.
     *
     * @param entries in their order
     * @param missed how many were overwritten before they could be read
     * @param upTo to be given at the next call
     */
    public record Page(List<Entry> entries, long missed, long upTo) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    private final boolean payload;
    private final AtomicReferenceArray<Entry> slots;
    private final int mask;
    private final AtomicLong last = new AtomicLong();

    /** @param payload whether packets' payloads are held, message texts among them */
    public LiveFeed(boolean payload) {
        this(payload, CAPACITY);
    }

    /** @param capacity a power of two */
    LiveFeed(boolean payload, int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("the capacity must be a power of two, but is " + capacity);
        }
        this.payload = payload;
        this.slots = new AtomicReferenceArray<>(capacity);
        this.mask = capacity - 1;
    }

    @Override
    public void onEvent(BrokerEvent event) {
        // Every event is made of packets, and those are here already.
    }

    @Override
    public void onPacket(PacketTrace packet) {
        PacketTrace held = payload ? shortened(packet) : Excerpts.without(packet);
        long number = last.incrementAndGet();
        slots.set((int) number & mask, new Entry(number, held));
    }

    @Override
    public boolean wantsPayload() {
        return payload;
    }

    /** The number of the newest packet; 0 if there was none. */
    public long last() {
        return last.get();
    }

    /**
     * What came after a number, at most so many.
     *
     * @param after {@link Page#upTo()} of the call before; 0 for everything that is held
     * @param most at least 1; of more, the oldest are given and the others at the next call
     */
    public Page read(long after, int most) {
        long newest = last.get();
        long oldest = Math.max(1, newest - mask);
        long from = Math.max(after + 1, oldest);
        long missed = after == 0 ? 0 : from - after - 1;
        List<Entry> entries = new ArrayList<>();
        long number = from;
        for (; number <= newest && entries.size() < most; number++) {
            Entry entry = slots.get((int) number & mask);
            if (entry == null || entry.number() < number) {
                // Its thread has taken the number and not yet put it there: it comes at the next call, in its order.
                break;
            }
            if (entry.number() > number) {
                missed++;
            } else {
                entries.add(entry);
            }
        }
        return new Page(entries, missed, number - 1);
    }

    private static PacketTrace shortened(PacketTrace packet) {
        boolean fits =
                packet.payload().filter(text -> text.length() > PAYLOAD_LENGTH).isEmpty();
        return fits ? packet : withPayload(packet, packet.payload().map(LiveFeed::shortened));
    }

    private static String shortened(String text) {
        int end = Character.isHighSurrogate(text.charAt(PAYLOAD_LENGTH - 1)) ? PAYLOAD_LENGTH - 1 : PAYLOAD_LENGTH;
        return text.substring(0, end) + "…";
    }

    private static PacketTrace withPayload(PacketTrace packet, Optional<String> text) {
        return new PacketTrace(
                packet.time(),
                packet.client(),
                packet.inbound(),
                packet.type(),
                packet.topic(),
                packet.qos(),
                packet.retain(),
                packet.dup(),
                packet.packetId(),
                packet.size(),
                packet.reasonCode(),
                packet.chat(),
                packet.refusal(),
                text);
    }
}
