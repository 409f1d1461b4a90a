package labchat.it.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;

/** Makes packets of all types: some right, most nearly right, some nonsense. The same seed makes the same packets. */
final class PacketFuzzer {

    private static final List<String> TOPICS = List.of(
            "ttm4175/chat/team2a/message",
            "ttm4175/chat/team2a/delivered",
            "ttm4175/chat/team2a/read",
            "ttm4175/chat/team2a/typing",
            "ttm4175/chat/team1a/message",
            "ttm4175/chat/nobody/message",
            "ttm4175/chat/team2a/messages",
            "ttm4175/chat/team2a/presence",
            "ttm4175/other/x",
            "/ttm4175/chat/team2a/message",
            "$SYS/x",
            "$share/g/x",
            "",
            "/",
            "#",
            "a/+/b",
            "x".repeat(300),
            "a/".repeat(40));

    private static final List<String> TOPICS_WITHOUT_WILDCARDS = TOPICS.stream()
            .filter(topic -> !topic.contains("+") && !topic.contains("#"))
            .filter(topic -> !topic.isEmpty())
            .toList();

    private static final List<String> FILTERS = List.of(
            "ttm4175/chat/team1a/#",
            "ttm4175/chat/+/message",
            "ttm4175/chat/+/presence",
            "#",
            "+",
            "$share/g/ttm4175/#",
            "$share/",
            "$share/x",
            "$share//x",
            "$SYS/#",
            "",
            "a/#/b",
            "a+",
            "+/".repeat(30) + "#",
            "a/".repeat(2_000),
            "ttm4175/other/#",
            "\u0000",
            "\ufffd");

    private static final List<String> FILTERS_WITHOUT_NUL =
            FILTERS.stream().filter(filter -> !filter.contains("\u0000")).toList();

    private final Random random;
    private final boolean version5;
    private final boolean wild;

    /** @param wild whether to make packets too for which a broker may close the connection */
    PacketFuzzer(Random random, boolean version5, boolean wild) {
        this.random = random;
        this.version5 = version5;
        this.wild = wild;
    }

    /** The next packet's bytes. */
    byte[] next() {
        byte[] packet = switch (random.nextInt(wild ? 20 : 18)) {
            case 0, 1, 2, 3, 4, 5 -> publish();
            case 6, 7, 8 -> subscribe();
            case 9, 10 -> unsubscribe();
            case 11, 12 -> packet(0x40 | flags(0), twoBytes(packetId()));
            case 13 -> packet(0x50 | flags(0), twoBytes(packetId()));
            case 14 -> packet(0x60 | flags(2), twoBytes(packetId()));
            case 15 -> packet(0x70 | flags(0), twoBytes(packetId()));
            case 16, 17 -> packet(0xc0 | flags(0), new byte[0]);
            case 18 -> packet(random.nextInt(256), randomBytes(random.nextInt(40)));
            default -> connect();
        };
        return wild && random.nextInt(6) == 0 ? mutated(packet) : packet;
    }

    /** Mostly what the specification asks for. */
    private int flags(int right) {
        return wild && random.nextInt(30) == 0 ? random.nextInt(16) : right;
    }

    private byte[] publish() {
        int qos = wild && random.nextInt(40) == 0 ? 3 : random.nextInt(3);
        int retain = random.nextInt(10) == 0 ? 1 : 0;
        int dup = random.nextInt(5) == 0 ? 8 : 0;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(string(pick(wild ? TOPICS : TOPICS_WITHOUT_WILDCARDS)));
        if (qos > 0) {
            body.writeBytes(twoBytes(packetId()));
        }
        properties(body);
        body.writeBytes(payload());
        return packet(0x30 | dup | qos << 1 | retain, body.toByteArray());
    }

    private int packetId() {
        return wild && random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(random.nextInt(10) == 0 ? 65_535 : 30);
    }

    private byte[] payload() {
        String json = switch (random.nextInt(4)) {
            case 0 -> Chat.message("team1a", "team2a", "Hei!", Integer.toString(random.nextInt(100)));
            case 1 -> Chat.receipt("read", "team1a", "team2a", "1");
            case 2 -> Chat.typing("team1a", "team2a");
            default -> "[".repeat(random.nextInt(3_000));
        };
        byte[] bytes = Bytes.utf8(json);
        return random.nextInt(3) == 0 ? mutated(bytes) : bytes;
    }

    private byte[] subscribe() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(twoBytes(packetId()));
        properties(body);
        for (int i = random.nextInt(4); i >= 0; i--) {
            body.writeBytes(string(pick(wild ? FILTERS : FILTERS_WITHOUT_NUL)));
            body.write(wild && random.nextInt(20) == 0 ? random.nextInt(256) : random.nextInt(3));
        }
        return packet(0x80 | flags(2), body.toByteArray());
    }

    private byte[] unsubscribe() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(twoBytes(packetId()));
        properties(body);
        for (int i = random.nextInt(3); i >= 0; i--) {
            body.writeBytes(string(pick(wild ? FILTERS : FILTERS_WITHOUT_NUL)));
        }
        return packet(0xa0 | flags(2), body.toByteArray());
    }

    private byte[] connect() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(string(random.nextInt(10) == 0 ? "MQIsdp" : "MQTT"));
        body.write(random.nextInt(10) == 0 ? random.nextInt(256) : version5 ? 5 : 4);
        body.write(random.nextInt(256));
        body.writeBytes(twoBytes(random.nextInt(100)));
        properties(body);
        for (int i = random.nextInt(6); i >= 0; i--) {
            body.writeBytes(string(pick(TOPICS)));
        }
        return packet(0x10, body.toByteArray());
    }

    private void properties(ByteArrayOutputStream body) {
        if (!version5) {
            return;
        }
        byte[] properties = wild && random.nextInt(8) == 0 ? randomBytes(random.nextInt(20)) : new byte[0];
        body.writeBytes(length(properties.length));
        body.writeBytes(properties);
    }

    private byte[] mutated(byte[] original) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static byte[] packet(int firstByte, byte[] body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(firstByte);
        packet.writeBytes(length(body.length));
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    private static byte[] length(int value) {
        ByteArrayOutputStream digits = new ByteArrayOutputStream();
        int rest = value;
        do {
            digits.write(rest > 127 ? rest & 0x7f | 0x80 : rest);
            rest >>>= 7;
        } while (rest > 0);
        return digits.toByteArray();
    }

    private static byte[] string(String text) {
        byte[] bytes = Bytes.utf8(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(twoBytes(bytes.length));
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    private static byte[] twoBytes(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }
}
