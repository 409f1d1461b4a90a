package labchat.broker.traffic;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import labchat.broker.event.PacketTrace;

/**
 * Which packets are wanted; an empty set and an empty time mean all.
 *
 * @param since none before
 * @param until none from then on
 * @param users those of these users' connections, whoever wrote what is in them
 * @param kinds in lower case: a chat publish's kind, another publish's last topic level, or a packet's type
 * @param refusedOnly only what was refused or explained, and answers that refuse
 */
public record TrafficFilter(
        Optional<Instant> since, Optional<Instant> until, Set<String> users, Set<String> kinds, boolean refusedOnly) {

    /** Everything. */
    public static final TrafficFilter ALL =
            new TrafficFilter(Optional.empty(), Optional.empty(), Set.of(), Set.of(), false);

    /** The kinds that {@link #kinds()} may hold. */
    public static final Set<String> KINDS = Set.of(
            "message",
            "delivered",
            "read",
            "typing",
            "presence",
            "diagnostics",
            "history",
            "rooms",
            "notice",
            "connect",
            "connack",
            "publish",
            "puback",
            "pubrec",
            "pubrel",
            "pubcomp",
            "subscribe",
            "suback",
            "unsubscribe",
            "unsuback",
            "pingreq",
            "pingresp",
            "disconnect",
            "auth");

    /** The lowest reason code of MQTT 5 that says no, and 3.1.1's code for a refused subscription. */
    private static final int FIRST_FAILURE = 0x80;

    public TrafficFilter {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(until, "until");
        users = Set.copyOf(users);
        kinds = Set.copyOf(kinds);
    }

    /** Whether the packet is wanted, time aside. */
    public boolean wants(PacketTrace packet) {
        return (users.isEmpty()
                        || packet.client().user().filter(users::contains).isPresent())
                && (kinds.isEmpty() || isOfKind(packet))
                && (!refusedOnly || isRefusal(packet));
    }

    /** Whether something of that time is wanted. */
    public boolean wants(Instant time) {
        return since.filter(time::isBefore).isEmpty()
                && until.filter(end -> !time.isBefore(end)).isEmpty();
    }

    /** Whether the packet was refused or explained, or is an answer that refuses. */
    public static boolean isRefusal(PacketTrace packet) {
        return packet.refusal().isPresent()
                || packet.reasonCode() >= FIRST_FAILURE
                || packet.type().equals("CONNACK") && packet.reasonCode() > 0;
    }

    /** Whether the packet did not arrive, because of lab weather. */
    public static boolean isLost(PacketTrace packet) {
        return packet.refusal()
                .filter(refusal -> refusal.code().equals(PacketTrace.LOST))
                .isPresent();
    }

    private boolean isOfKind(PacketTrace packet) {
        if (kinds.contains(packet.type().toLowerCase(Locale.ROOT))) {
            return true;
        }
        if (!packet.type().equals("PUBLISH")) {
            return false;
        }
        String kind = packet.chat()
                .map(chat -> chat.kind())
                .orElseGet(() -> packet.topic().substring(packet.topic().lastIndexOf('/') + 1));
        return kinds.contains(kind);
    }
}
