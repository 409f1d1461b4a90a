package labchat.client.ui;

import java.util.ArrayList;
import java.util.List;
import labchat.client.ui.Span.Kind;
import labchat.protocol.packet.MqttPacket;
import labchat.protocol.packet.PacketDump;
import labchat.protocol.packet.PacketFault;
import labchat.protocol.packet.PacketField;

/** Lays a packet out field by field, with its bytes at the left. Pure. */
public final class PacketView {

    /** How many bytes of one field are shown. */
    private static final int MOST_BYTES = 8;

    /** Columns of the bytes. */
    private static final int BYTES_WIDTH = MOST_BYTES * 3 + 2;

    private final String dots;

    /** @param unicode whether the output can hold an ellipsis */
    public PacketView(boolean unicode) {
        this.dots = unicode ? "…" : "...";
    }

    /**
     * The lines of one packet of several.
     *
     * @param number from 1
     */
    public List<List<Span>> lines(PacketDump.Placed placed, int number) {
        MqttPacket packet = placed.packet();
        List<List<Span>> lines = new ArrayList<>();
        lines.add(List.of(
                new Span(Kind.DIM, "packet %d, from byte %d: ".formatted(number, placed.offset())),
                new Span(Kind.TYPE, packet.name()),
                new Span(
                        Kind.PLAIN,
                        ", %d byte%s, read as MQTT %s%s"
                                .formatted(
                                        placed.bytes().length,
                                        placed.bytes().length == 1 ? "" : "s",
                                        packet.level(),
                                        placed.guessed() ? " (a guess; -V 3.1.1 or -V 5 decides)" : ""))));
        for (PacketField field : packet.fields()) {
            lines.add(line(field, placed));
        }
        for (PacketFault fault : packet.faults()) {
            lines.add(List.of(
                    new Span(Kind.FAULT, "  !! byte %d: ".formatted(placed.offset() + fault.offset())),
                    new Span(Kind.FAULT, safe(fault.words()))));
        }
        return lines;
    }

    private List<Span> line(PacketField field, PacketDump.Placed placed) {
        List<Span> line = new ArrayList<>();
        String at = field.length() == 0 ? "" : Integer.toString(placed.offset() + field.offset());
        line.add(new Span(Kind.DIM, "%6s  ".formatted(at)));
        String bytes = bytes(field, placed.bytes());
        line.add(new Span(Kind.NUMBER, bytes + " ".repeat(Math.max(1, BYTES_WIDTH - bytes.length()))));
        line.add(new Span(Kind.PLAIN, "  ".repeat(field.depth()) + field.name() + ": "));
        if (field.name().equals("payload")) {
            line.addAll(JsonSpans.of(field.value()));
        } else {
            line.add(new Span(Kind.TOPIC, safe(field.value())));
        }
        return line;
    }

    private String bytes(PacketField field, byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int shown = Math.min(MOST_BYTES, field.length());
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : " ")
                    .append(field.secret() ? "**" : "%02x".formatted(bytes[field.offset() + i] & 0xff));
        }
        return field.length() > shown ? text + dots : text.toString();
    }

    private static String safe(String text) {
        return String.join(" ", TextSanitizer.lines(text));
    }
}
