package labchat.broker.traffic;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import labchat.broker.event.ChatFields;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/**
 * Makes a packet's line of the traffic log: one JSON object and a line feed. A field that does not apply is left out.
 * Everything that could act on a terminal is escaped, since such files are looked at with {@code cat} and {@code tail}.
 * Used by one thread at a time.
 *
 * <p>There is a line for each packet in either direction, so it is written straight into an array, without a JSON library.
 */
final class TrafficLine {

    private static final DateTimeFormatter MICROSECONDS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

    private static final byte[] TIME = ascii("{\"time\":\"");
    private static final byte[] CLIENT = ascii("\",\"client\":\"");
    private static final byte[] USER = ascii("\",\"user\":\"");
    private static final byte[] ADDRESS = ascii("\",\"address\":\"");
    private static final byte[] IN = ascii("\",\"direction\":\"in\",\"type\":\"");
    private static final byte[] OUT = ascii("\",\"direction\":\"out\",\"type\":\"");
    private static final byte[] TOPIC = ascii(",\"topic\":\"");
    private static final byte[] QOS = ascii(",\"qos\":");
    private static final byte[] RETAIN = ascii(",\"retain\":");
    private static final byte[] DUP = ascii(",\"dup\":");
    private static final byte[] ID = ascii(",\"id\":");
    private static final byte[] SIZE = ascii(",\"size\":");
    private static final byte[] KIND = ascii(",\"kind\":\"");
    private static final byte[] SENDER = ascii("\",\"sender\":\"");
    private static final byte[] RECEIVER = ascii("\",\"receiver\":\"");
    private static final byte[] UUID = ascii("\",\"uuid\":\"");
    private static final byte[] REASON_CODE = ascii(",\"reason_code\":");
    private static final byte[] CODE = ascii(",\"code\":\"");
    private static final byte[] REASON = ascii("\",\"reason\":\"");
    private static final byte[] RULE = ascii("\",\"rule\":\"");
    private static final byte[] PAYLOAD = ascii(",\"payload\":\"");
    private static final byte[] DROPPED = ascii("\",\"dropped\":");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] END = ascii("}\n");

    private static final int DELETE = 0x7f;
    private static final int REPLACEMENT = 0xfffd;

    /** The longest that one character becomes: an escape, {@code \}{@code uXXXX}. */
    private static final int MOST_BYTES_OF_A_CHARACTER = 6;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Whether the ASCII character stands for itself in a JSON string. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        Arrays.fill(PLAIN, ' ', DELETE, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private final boolean payload;
    private byte[] line = new byte[1024];
    private int length;

    private long formattedSecond = Long.MIN_VALUE;
    private byte[] second = {};

    /** With payloads, if the packet's trace has them, or without. */
    TrafficLine(boolean payload) {
        this.payload = payload;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Formats the packet; the line is then in {@link #bytes()}. */
    void format(PacketTrace packet) {
        length = 0;
        put(TIME);
        time(packet.time());
        put(CLIENT);
        text(packet.client().clientId());
        optional(USER, packet.client().user());
        put(ADDRESS);
        text(packet.client().address());
        put(packet.inbound() ? IN : OUT);
        text(packet.type());
        put('"');
        if (!packet.topic().isEmpty()) {
            field(TOPIC, packet.topic());
        }
        if (packet.qos() >= 0) {
            field(QOS, packet.qos());
        }
        if (packet.type().equals("PUBLISH")) {
            field(RETAIN, packet.retain());
            field(DUP, packet.dup());
        }
        if (packet.packetId() > 0) {
            field(ID, packet.packetId());
        }
        if (packet.size() > 0) {
            field(SIZE, packet.size());
        }
        if (packet.chat().isPresent()) {
            chat(packet.chat().get());
        }
        if (packet.reasonCode() >= 0) {
            field(REASON_CODE, packet.reasonCode());
        }
        if (packet.refusal().isPresent()) {
            refusal(packet.refusal().get());
        }
        if (payload && packet.payload().isPresent()) {
            field(PAYLOAD, packet.payload().get());
        }
        put(END);
    }

    /** Formats the line that says how many packets are missing here. */
    void formatDropped(Instant time, long count) {
        length = 0;
        put(TIME);
        time(time);
        put(DROPPED);
        number(count);
        put(END);
    }

    /** The line formatted last, in the first {@link #length()} bytes; valid until the next one. */
    byte[] bytes() {
        return line;
    }

    /** The formatted line's bytes, line feed included. */
    int length() {
        return length;
    }

    private void chat(ChatFields chat) {
        put(KIND);
        text(chat.kind());
        put(SENDER);
        text(chat.sender());
        put(RECEIVER);
        text(chat.receiver());
        if (!chat.uuid().isEmpty()) {
            put(UUID);
            text(chat.uuid());
        }
        put('"');
    }

    private void refusal(Refusal refusal) {
        put(CODE);
        text(refusal.code());
        put(REASON);
        text(payload ? refusal.reason() : refusal.withoutExcerpt().reason());
        optional(RULE, refusal.rule());
        put('"');
    }

    /** A field of which the closing quotation mark of the one before and its own opening one are part of the name. */
    private void optional(byte[] name, Optional<String> value) {
        if (value.isPresent() && !value.get().isEmpty()) {
            put(name);
            text(value.get());
        }
    }

    /** The time as it stands in the log; such texts are ordered as their times. */
    static String text(Instant time) {
        return MICROSECONDS.format(time);
    }

    private void field(byte[] name, String value) {
        put(name);
        text(value);
        put('"');
    }

    private void field(byte[] name, int value) {
        put(name);
        number(value);
    }

    private void field(byte[] name, boolean value) {
        put(name);
        put(value ? TRUE : FALSE);
    }

    /** RFC 3339 in UTC, with microseconds. What does not change within a second is formatted once. */
    private void time(Instant time) {
        if (time.getEpochSecond() != formattedSecond) {
            formattedSecond = time.getEpochSecond();
            String whole = MICROSECONDS.format(time);
            second = ascii(whole.substring(0, whole.length() - ".000000Z".length()));
        }
        put(second);
        room(8);
        line[length] = '.';
        int rest = time.getNano() / 1000;
        for (int i = 6; i > 0; i--) {
            line[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        line[length + 7] = 'Z';
        length += 8;
    }

    private void number(long value) {
        room(20);
        int from = length;
        long rest = value;
        do {
            line[length++] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        for (int i = from, k = length - 1; i < k; i++, k--) {
            byte swapped = line[i];
            line[i] = line[k];
            line[k] = swapped;
        }
    }

    private void room(int bytes) {
        if (line.length - length < bytes) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + bytes));
        }
    }

    private void put(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, line, length, bytes.length);
        length += bytes.length;
    }

    private void put(char ascii) {
        room(1);
        line[length++] = (byte) ascii;
    }

    /** A string's content, escaped. */
    private void text(String text) {
        int characters = text.length();
        room(characters * MOST_BYTES_OF_A_CHARACTER);
        byte[] to = line;
        int at = length;
        for (int i = 0; i < characters; i++) {
            char c = text.charAt(i);
            if (c < PLAIN.length && PLAIN[c]) {
                to[at++] = (byte) c;
            } else {
                length = at;
                i += special(text, i);
                at = length;
            }
        }
        length = at;
    }

    /** Writes the character at this place, which needs care; gives 1 if it took two. There is room. */
    private int special(String text, int index) {
        char c = text.charAt(index);
        switch (c) {
            case '"', '\\' -> escaped(c);
            case '\n' -> escaped('n');
            case '\r' -> escaped('r');
            case '\t' -> escaped('t');
            case '\b' -> escaped('b');
            case '\f' -> escaped('f');
            default -> {
                if (Character.isSurrogate(c)) {
                    int whole = text.codePointAt(index);
                    // One without its other half has no UTF-8 form.
                    utf8(whole > Character.MAX_VALUE ? whole : REPLACEMENT);
                    return Character.charCount(whole) - 1;
                }
                if (c <= DELETE || RemoteText.isUnsafe(c)) {
                    escaped('u');
                    for (byte digit : ascii(HEX.toHexDigits(c))) {
                        line[length++] = digit;
                    }
                } else {
                    utf8(c);
                }
            }
        }
        return 0;
    }

    private void escaped(char c) {
        line[length++] = '\\';
        line[length++] = (byte) c;
    }

    private void utf8(int codePoint) {
        if (codePoint < 0x800) {
            line[length++] = (byte) (0xc0 | codePoint >> 6);
        } else {
            if (codePoint < 0x10000) {
                line[length++] = (byte) (0xe0 | codePoint >> 12);
            } else {
                line[length++] = (byte) (0xf0 | codePoint >> 18);
                line[length++] = (byte) (0x80 | codePoint >> 12 & 0x3f);
            }
            line[length++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
        }
        line[length++] = (byte) (0x80 | codePoint & 0x3f);
    }
}
