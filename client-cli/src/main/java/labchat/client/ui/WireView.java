package labchat.client.ui;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import labchat.client.ui.Span.Kind;
import labchat.client.wire.WireEntry;
import labchat.protocol.packet.MqttPacket;
import labchat.protocol.packet.PacketFault;
import labchat.protocol.packet.PacketType;

/** Puts a packet into words: an entry in, one or more lines out, nothing else. */
public final class WireView {

    /** Type names are this wide, so that what follows stands in a column. */
    private static final int TYPE_WIDTH = 11;

    private static final String INDENT = "      ";

    private WireView() {}

    /**
     * The lines of a packet: what it is, then its payload, then what is wrong with it.
     *
     * @param unicode whether the output can hold arrows
     */
    public static List<List<Span>> lines(WireEntry entry, boolean unicode) {
        MqttPacket packet = entry.packet();
        List<List<Span>> lines = new ArrayList<>();
        List<Span> head = new ArrayList<>();
        head.add(new Span(Kind.DIM, "%4d ".formatted(entry.number())));
        head.add(
                entry.outgoing()
                        ? new Span(Kind.OUT, unicode ? "→ " : "> ")
                        : new Span(Kind.IN, unicode ? "← " : "< "));
        head.add(new Span(Kind.TYPE, padded(packet.name())));
        packet.topics().forEach(topic -> {
            head.add(new Span(Kind.TOPIC, safe(topic.topic())));
            if (packet.type().equals(Optional.of(PacketType.SUBSCRIBE))) {
                head.add(new Span(Kind.PLAIN, " QoS %d".formatted(topic.qos())));
            }
            head.add(new Span(Kind.PLAIN, "  "));
        });
        List<String> words = new ArrayList<>();
        packet.qos().ifPresent(qos -> words.add("QoS " + qos));
        packet.packetId().ifPresent(id -> words.add("id " + id));
        packet.notes().forEach(note -> words.add(safe(note)));
        if (!words.isEmpty()) {
            head.add(new Span(Kind.PLAIN, String.join(", ", words) + "  "));
        }
        head.add(new Span(Kind.DIM, pause(entry)));
        lines.add(head);
        packet.payload().filter(text -> !text.isEmpty()).ifPresent(text -> {
            List<Span> line = new ArrayList<>();
            line.add(new Span(Kind.PLAIN, INDENT));
            line.addAll(JsonSpans.of(text));
            lines.add(line);
        });
        for (PacketFault fault : packet.faults()) {
            lines.add(List.of(new Span(
                    Kind.FAULT, INDENT + "byte %d: %s".formatted(fault.offset(), safe(fault.words())))));
        }
        return lines;
    }

    private static String padded(String name) {
        return name + " ".repeat(Math.max(1, TYPE_WIDTH - name.length()));
    }

    /** The time since the packet before. */
    private static String pause(WireEntry entry) {
        if (entry.number() == 1) {
            return "";
        }
        Duration pause = entry.sinceLast();
        if (pause.toMillis() < 1000) {
            return "+%d ms".formatted(pause.toMillis());
        }
        return pause.toMinutes() < 1
                ? String.format(Locale.ROOT, "+%.1f s", pause.toMillis() / 1000.0)
                : "+%d min %d s".formatted(pause.toMinutes(), pause.toSecondsPart());
    }

    /** The pieces as one text, coloured with the ECMA-48 sequences that every terminal knows. */
    public static String text(List<Span> line, boolean color) {
        StringBuilder text = new StringBuilder();
        for (Span span : line) {
            String codes = codes(span.kind());
            if (color && !codes.isEmpty()) {
                text.append("\u001b[")
                        .append(codes)
                        .append('m')
                        .append(span.text())
                        .append("\u001b[0m");
            } else {
                text.append(span.text());
            }
        }
        return text.toString().stripTrailing();
    }

    private static String codes(Kind kind) {
        return switch (kind) {
            case PLAIN -> "";
            case DIM -> "2";
            case OUT -> "1;36";
            case IN -> "1;35";
            case TYPE -> "1";
            case TOPIC -> "36";
            case KEY -> "34";
            case STRING -> "32";
            case NUMBER, WORD -> "33";
            case FAULT -> "31";
        };
    }

    private static String safe(String text) {
        return String.join(" ", TextSanitizer.lines(text));
    }
}
