package labchat.broker.traffic;

import static labchat.broker.traffic.RemoteText.quoted;
import static labchat.broker.traffic.RemoteText.shown;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import labchat.broker.event.ChatFields;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/** Says a packet in one line for people; remote text only as it is safe to show. */
public final class PacketLine {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private PacketLine() {}

    /** The record's line, without line break; times are UTC's. */
    public static String of(TrafficRecord record) {
        String time = TIME.format(record.time());
        if (record instanceof TrafficRecord.Dropped dropped) {
            return "%s  %d packets are missing here: the log could not keep up".formatted(time, dropped.count());
        }
        PacketTrace packet = ((TrafficRecord.Packet) record).packet();
        String user = packet.client().user().map(RemoteText::shown).orElse("-");
        return "%s  %-8s  %s %-11s  %s"
                .formatted(time, user, packet.inbound() ? "->" : "<-", shown(packet.type()), details(packet))
                .stripTrailing();
    }

    /** What there is to say beside type, user and direction. */
    public static String details(PacketTrace packet) {
        List<String> parts = new ArrayList<>();
        if (!packet.topic().isEmpty()) {
            parts.add(shown(packet.topic()));
        }
        if (packet.type().equals("CONNECT")) {
            parts.add("client " + quoted(packet.client().clientId()));
            parts.add(shown(packet.client().address()));
        }
        if (packet.qos() >= 0) {
            parts.add("qos " + packet.qos());
        }
        if (packet.retain()) {
            parts.add("retained");
        }
        if (packet.dup()) {
            parts.add("again");
        }
        if (packet.packetId() > 0) {
            parts.add("id " + packet.packetId());
        }
        if (packet.type().equals("SUBACK") && packet.reasonCode() >= 0 && packet.reasonCode() < 0x80) {
            parts.add("granted qos " + packet.reasonCode());
        } else if (packet.reasonCode() > 0) {
            parts.add("code 0x%02x".formatted(packet.reasonCode()));
        }
        packet.chat().filter(chat -> !chat.uuid().isEmpty()).ifPresent(chat -> parts.add("uuid " + uuid(chat)));
        if (packet.type().equals("PUBLISH")) {
            parts.add(packet.size() + " bytes");
        }
        packet.refusal()
                .ifPresent(refusal -> parts.add(TrafficFilter.isLost(packet) ? "LOST" : "REFUSED " + refusal(refusal)));
        packet.payload().ifPresent(payload -> parts.add(shown(payload)));
        return String.join("  ", parts);
    }

    private static String uuid(ChatFields chat) {
        return shown(chat.uuid());
    }

    private static String refusal(Refusal refusal) {
        String rule = refusal.rule().map(r -> " (" + shown(r) + ")").orElse("");
        return refusal.code() + ": " + shown(refusal.reason()) + rule;
    }
}
