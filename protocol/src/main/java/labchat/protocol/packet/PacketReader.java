package labchat.protocol.packet;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Walks over a packet's bytes and writes down what they are. */
final class PacketReader {

    /** The bytes do not say what they should; what follows cannot be read. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient PacketFault fault;

        Malformed(int offset, String words) {
            super(words, null, false, false);
            this.fault = new PacketFault(offset, words);
        }

        PacketFault fault() {
            return fault;
        }
    }

    private final byte[] bytes;
    private final List<PacketField> fields = new ArrayList<>();
    private final List<PacketFault> faults;
    private int position;
    private int end;
    private int depth;

    PacketReader(byte[] bytes, List<PacketFault> faults) {
        this.bytes = bytes;
        this.faults = faults;
        this.end = bytes.length;
    }

    List<PacketField> fields() {
        return fields;
    }

    int position() {
        return position;
    }

    int left() {
        return end - position;
    }

    void skip(int count) {
        position += count;
    }

    /** From here on there are so many bytes, at most. */
    void limit(int count) {
        end = position + count;
    }

    /** Nothing behind this offset is there for now; the answer is what the end was. */
    int limitTo(int offset) {
        int before = end;
        end = offset;
        return before;
    }

    void deeper() {
        depth++;
    }

    void higher() {
        depth--;
    }

    void note(int offset, int length, String name, String value, boolean secret) {
        fields.add(new PacketField(offset, length, depth, name, value, secret));
    }

    private void need(int count, String what) throws Malformed {
        if (left() < count) {
            throw new Malformed(
                    position,
                    "the packet ends here; %s needs %s, %s left"
                            .formatted(
                                    what,
                                    count == 1 ? "1 byte" : count + " bytes",
                                    left() == 0 ? "none is" : left() == 1 ? "1 is" : left() + " are"));
        }
    }

    private int at(int offset) {
        return bytes[offset] & 0xff;
    }

    private int two(int offset) {
        return at(offset) << 8 | at(offset + 1);
    }

    /** The next byte, without going over it. */
    int peek(String what) throws Malformed {
        need(1, what);
        return at(position);
    }

    /** Goes over one byte. */
    void byteField(String name, String value) {
        note(position, 1, name, value, false);
        position++;
    }

    int twoBytes(String name, IntFunction<String> words) throws Malformed {
        need(2, name);
        int value = two(position);
        note(position, 2, name, words.apply(value), false);
        position += 2;
        return value;
    }

    /** A number of one to four bytes, seven bits each, the lowest first. */
    int variable(String name) throws Malformed {
        int start = position;
        int value = number(name);
        note(start, position - start, name, Integer.toString(value), false);
        return value;
    }

    /** Such a number, without going over it. */
    int variablePeek(String name) throws Malformed {
        int start = position;
        int value = number(name);
        position = start;
        return value;
    }

    private int number(String name) throws Malformed {
        int start = position;
        int value = 0;
        for (int i = 0; i < 4; i++) {
            if (left() == 0) {
                position = start;
                need(i + 1, name);
            }
            int part = at(position++);
            value |= (part & 0x7f) << 7 * i;
            if ((part & 0x80) == 0) {
                if (i > 0 && part == 0) {
                    faults.add(new PacketFault(start, name + " must take as few bytes as it can"));
                }
                return value;
            }
        }
        position = start;
        throw new Malformed(start, name + " takes at most four bytes, but the fourth says that there are more");
    }

    /** A string with its length before it. */
    String text(String name) throws Malformed {
        int start = position;
        String text = string(name);
        note(start, position - start, name, "\"" + text + "\"", false);
        return text;
    }

    private String string(String name) throws Malformed {
        int start = position;
        int length = lengthOf(name);
        String text;
        try {
            text = utf8(position, length);
        } catch (CharacterCodingException e) {
            faults.add(new PacketFault(start, name + " is not UTF-8"));
            text = new String(bytes, position, length, StandardCharsets.UTF_8);
        }
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            faults.add(new PacketFault(start, name + " holds the character U+0000, which MQTT forbids"));
        }
        position += length;
        return text;
    }

    private int lengthOf(String name) throws Malformed {
        need(2, "the length of " + name);
        int length = two(position);
        if (left() - 2 < length) {
            throw new Malformed(
                    position,
                    "the %s says it has %d bytes, but the packet has only %d more".formatted(name, length, left() - 2));
        }
        position += 2;
        return length;
    }

    private String utf8(int from, int length) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, from, length))
                .toString();
    }

    /** Bytes with their length before them. */
    void binary(String name, boolean secret) throws Malformed {
        int start = position;
        String value = blob(name, secret);
        note(start, position - start, name, value, secret);
    }

    private String blob(String name, boolean secret) throws Malformed {
        int length = lengthOf(name);
        String value = secret ? "[redacted]" : words(position, position + length);
        position += length;
        return value;
    }

    /** Text in quotes if it is text, else bytes. */
    private String words(int from, int to) {
        try {
            return "\"" + utf8(from, to - from) + "\"";
        } catch (CharacterCodingException e) {
            return PacketDecoder.hex(bytes, from, to);
        }
    }

    /**
     * All that is left.
     *
     * @param there how many bytes the packet has; not all of them may have been kept
     */
    String payload(int there) {
        int start = position;
        int missing = there - bytes.length;
        String text;
        int kept = end;
        try {
            if (missing > 0) {
                // The last character may be cut in two.
                kept = end - cutCharacter();
            }
            text = utf8(start, kept - start);
        } catch (CharacterCodingException e) {
            text = PacketDecoder.hex(bytes, start, end);
        }
        position = end;
        String more = missing > 0 ? "… (%d bytes more)".formatted(missing) : "";
        note(start, end - start, "payload", start == end ? "(empty)" : text + more, false);
        return text + more;
    }

    /** How many bytes of an unfinished character there are at the end. */
    private int cutCharacter() {
        for (int back = 1; back <= 3 && end - back >= position; back++) {
            int b = at(end - back);
            if ((b & 0xc0) == 0xc0) {
                int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return length > back ? back : 0;
            }
            if ((b & 0x80) == 0) {
                return 0;
            }
        }
        return 0;
    }

    void rest(String name) {
        note(position, left(), name, PacketDecoder.hex(bytes, position, end), false);
        position = end;
    }

    void secretRest(String name) {
        note(position, left(), name, "%d bytes".formatted(left()), true);
        position = end;
    }

    int propertyByte(String name) throws Malformed {
        need(2, name);
        int value = at(position + 1);
        note(position, 2, name, Integer.toString(value), false);
        position += 2;
        return value;
    }

    int propertyTwoBytes(String name) throws Malformed {
        need(3, name);
        int value = two(position + 1);
        note(position, 3, name, Integer.toString(value), false);
        position += 3;
        return value;
    }

    long propertyFourBytes(String name, String unit) throws Malformed {
        need(5, name);
        long value = (long) two(position + 1) << 16 | two(position + 3);
        note(position, 5, name, value + unit, false);
        position += 5;
        return value;
    }

    int propertyVariable(String name) throws Malformed {
        int start = position;
        position++;
        int value = number(name);
        note(start, position - start, name, Integer.toString(value), false);
        return value;
    }

    String propertyText(String name) throws Malformed {
        int start = position;
        position++;
        String value = string(name);
        note(start, position - start, name, "\"" + value + "\"", false);
        return value;
    }

    void propertyBinary(String name, boolean secret) throws Malformed {
        int start = position;
        position++;
        String value = blob(name, secret);
        note(start, position - start, name, value, secret);
    }

    void propertyPair(String name) throws Malformed {
        int start = position;
        position++;
        String key = string(name);
        String value = string(name);
        note(start, position - start, name, "\"%s\" = \"%s\"".formatted(key, value), false);
    }
}
