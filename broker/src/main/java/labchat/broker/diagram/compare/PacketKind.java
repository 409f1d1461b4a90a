package labchat.broker.diagram.compare;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import labchat.broker.event.PacketTrace;

/** What a packet is, as a label says it. */
enum PacketKind {
    CONNECT("CONNECT"),
    CONNACK("CONNACK"),
    SUBSCRIBE("SUBSCRIBE"),
    SUBACK("SUBACK"),
    UNSUBSCRIBE("UNSUBSCRIBE"),
    UNSUBACK("UNSUBACK"),
    MESSAGE("message"),
    DELIVERED("delivered"),
    READ("read"),
    TYPING("typing"),
    PRESENCE("presence"),
    DIAGNOSTICS("diagnostics"),
    HISTORY("history"),
    ROOMS("rooms"),
    NOTICE("notice"),
    OTHER("publish"),
    PUBACK("PUBACK"),
    PUBREC("PUBREC"),
    PUBREL("PUBREL"),
    PUBCOMP("PUBCOMP"),
    DISCONNECT("DISCONNECT"),
    AUTH("AUTH");

    /** Every PUBLISH. */
    static final Set<PacketKind> PUBLISHES =
            EnumSet.of(MESSAGE, DELIVERED, READ, TYPING, PRESENCE, DIAGNOSTICS, HISTORY, ROOMS, NOTICE, OTHER);

    /** What answers something of MQTT's. */
    static final Set<PacketKind> ACKS = EnumSet.of(CONNACK, SUBACK, UNSUBACK, PUBACK, PUBREC, PUBREL, PUBCOMP);

    /** What a diagram of the chat must have; the rest is compared if it is drawn. */
    static final Set<PacketKind> CORE = EnumSet.of(CONNECT, SUBSCRIBE, MESSAGE, DELIVERED, READ, TYPING);

    /** Those that are drawn together or not at all. */
    private static final Set<PacketKind> OF_PUBLISH = EnumSet.of(PUBACK, PUBREC, PUBREL, PUBCOMP);

    private static final Set<PacketKind> OF_SUBSCRIBE = EnumSet.of(SUBACK, UNSUBACK);

    private final String word;

    PacketKind(String word) {
        this.word = word;
    }

    /** As it is written in messages. */
    String word() {
        return word;
    }

    /** What is drawn as well if this is. */
    Set<PacketKind> family() {
        if (OF_PUBLISH.contains(this)) {
            return OF_PUBLISH;
        }
        return OF_SUBSCRIBE.contains(this) ? OF_SUBSCRIBE : EnumSet.of(this);
    }

    /** Of a real packet; pings have none. */
    static Optional<PacketKind> of(PacketTrace packet) {
        String type = packet.type().toUpperCase(Locale.ROOT);
        if (!type.equals("PUBLISH")) {
            return ofName(type).filter(kind -> !PUBLISHES.contains(kind));
        }
        String level = packet.chat()
                .map(chat -> chat.kind())
                .orElseGet(() -> packet.topic().substring(packet.topic().lastIndexOf('/') + 1));
        return Optional.of(ofName(level.toUpperCase(Locale.ROOT))
                .filter(PUBLISHES::contains)
                .orElse(OTHER));
    }

    private static Optional<PacketKind> ofName(String name) {
        for (PacketKind kind : values()) {
            if (kind.name().equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
