package labchat.broker.traffic;

import java.time.Instant;
import labchat.broker.event.PacketTrace;

/** What one line of the traffic log says. */
public sealed interface TrafficRecord {

    /** When it was written down. */
    Instant time();

    /** Where the line stands. */
    Place place();

    /** The line as it stands in the log, without its end; everything that could act on a terminal is escaped in it. */
    String line();

    /** A packet; what the log leaves out, such as a refusal's hint, is empty. */
    record Packet(PacketTrace packet, Place place, String line) implements TrafficRecord {
        @Override
        public Instant time() {
            return packet.time();
        }
    }

    /** So many packets are missing here, because the log could not keep up. */
    record Dropped(Instant time, long count, Place place, String line) implements TrafficRecord {}

    /**
     * Where a line stands.
     *
     * @param file the file's name, without its folder
     * @param line from 1 on
     */
    record Place(String file, long line) {
        /** As in {@code traffic.jsonl:17}. */
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }
}
