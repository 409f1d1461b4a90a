package labchat.protocol.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PacketDecoderTest {

    /** CONNECT, 3.1.1, clean session, keep alive 60, client id "c", user "team1a", password "secret". */
    private static final String CONNECT_3 =
            "10 1d 0004 4d515454 04 c2 003c 0001 63 0006 7465616d3161 0006 736563726574";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static MqttPacket packet(String hex, MqttLevel level) {
        return PacketDecoder.decode(bytes(hex), level);
    }

    private static List<String> lines(MqttPacket packet) {
        return packet.fields().stream()
                .map(field -> "%d+%d %s: %s".formatted(field.offset(), field.length(), field.name(), field.value()))
                .toList();
    }

    private static List<String> faults(MqttPacket packet) {
        return packet.faults().stream()
                .map(fault -> fault.offset() + " " + fault.words())
                .toList();
    }

    @Test
    void connect_ofVersion3_isTakenApart_withoutItsPassword() {
        MqttPacket connect = packet(CONNECT_3, MqttLevel.V5);

        assertThat(faults(connect)).isEmpty();
        assertThat(connect.type()).contains(PacketType.CONNECT);
        assertThat(connect.level()).isEqualTo(MqttLevel.V3_1_1);
        assertThat(lines(connect))
                .containsExactly(
                        "0+1 fixed header: 0x10",
                        "0+0 type: 1 CONNECT",
                        "0+0 flags: 0000",
                        "1+1 remaining length: 29",
                        "2+6 protocol name: \"MQTT\"",
                        "8+1 protocol level: 4, MQTT 3.1.1",
                        "9+1 connect flags: 11000010",
                        "9+0 user name: 1",
                        "9+0 password: 1",
                        "9+0 will retain: 0",
                        "9+0 will QoS: 0",
                        "9+0 will: 0",
                        "9+0 clean session: 1",
                        "9+0 reserved: 0",
                        "10+2 keep alive: 60 s",
                        "12+3 client id: \"c\"",
                        "15+8 user name: \"team1a\"",
                        "23+8 password: [redacted]");
        assertThat(connect.notes()).contains("user team1a", "password [redacted]", "keep alive 60 s", "clean session");
        assertThat(connect.toString() + connect.fields() + connect.notes()).doesNotContain("secret]", "\"secret\"");
    }

    @Test
    void connect_ofVersion5_hasProperties_alsoOfItsWill() {
        MqttPacket connect = packet(
                "10 23 0004 4d515454 05 06 003c 05 11 0000000a 0001 63 05 18 00000005 0003 612f62 0003 627965",
                MqttLevel.V3_1_1);

        assertThat(faults(connect)).isEmpty();
        assertThat(connect.level()).isEqualTo(MqttLevel.V5);
        assertThat(lines(connect))
                .contains(
                        "12+1 properties length: 5",
                        "13+5 Session Expiry Interval: 10 s",
                        "18+3 client id: \"c\"",
                        "21+1 will properties length: 5",
                        "22+5 Will Delay Interval: 5 s",
                        "27+5 will topic: \"a/b\"",
                        "32+5 will payload: \"bye\"");
        assertThat(connect.notes()).contains("Will on a/b, QoS 0");
    }

    @Test
    void publish_hasTopicQosIdAndPayload() {
        MqttPacket publish = packet("3b 0a 0003 612f62 0007 48 c3a5", MqttLevel.V3_1_1);

        assertThat(faults(publish)).isEmpty();
        assertThat(publish.topics()).containsExactly(new MqttPacket.Subscription("a/b", 1));
        assertThat(publish.qos()).hasValue(1);
        assertThat(publish.packetId()).hasValue(7);
        assertThat(publish.payload()).contains("Hå");
        assertThat(publish.isRetained()).isTrue();
        assertThat(publish.notes()).contains("sent again");
        assertThat(lines(publish)).contains("2+5 topic: \"a/b\"", "7+2 packet id: 7", "9+3 payload: Hå");
    }

    @Test
    void publish_ofVersion5_hasProperties() {
        MqttPacket publish = packet("30 12 0003 612f62 0c 01 01 26 0001 6b 0002 7676 23 0003", MqttLevel.V5);

        assertThat(lines(publish))
                .contains(
                        "7+1 properties length: 12",
                        "8+2 Payload Format Indicator: 1",
                        "10+8 User Property: \"k\" = \"vv\"");
    }

    @Test
    void payload_thatIsNoText_isShownAsBytes() {
        assertThat(packet("30 07 0003 612f62 ff00", MqttLevel.V3_1_1).payload()).contains("ff 00");
    }

    @ParameterizedTest
    @CsvSource({
        "20 02 01 00, V3_1_1, CONNACK, session present",
        "20 02 00 05, V3_1_1, CONNACK, refused: not authorised",
        "20 03 00 86 00, V5, CONNACK, bad user name or password",
        "40 02 0001, V3_1_1, PUBACK, ",
        "40 04 0001 87 00, V5, PUBACK, not authorised",
        "50 03 0001 10, V5, PUBREC, no matching subscribers",
        "62 02 0001, V5, PUBREL, ",
        "70 02 0001, V5, PUBCOMP, ",
        "82 08 0001 0003 612f23 01, V3_1_1, SUBSCRIBE, ",
        "82 09 0001 00 0003 612f23 2d, V5, SUBSCRIBE, ",
        "90 04 0001 02 80, V3_1_1, SUBACK, granted QoS 2",
        "90 04 0001 00 87, V5, SUBACK, not authorised",
        "a2 07 0001 0003 612f23, V3_1_1, UNSUBSCRIBE, ",
        "b0 02 0001, V3_1_1, UNSUBACK, ",
        "b0 04 0001 00 11, V5, UNSUBACK, no subscription existed",
        "c0 00, V5, PINGREQ, ",
        "d0 00, V3_1_1, PINGRESP, ",
        "e0 00, V3_1_1, DISCONNECT, ",
        "e0 02 8e 00, V5, DISCONNECT, session taken over",
        "f0 02 18 00, V5, AUTH, continue authentication"
    })
    void goodPacket_ofEachType_hasNoFault(String hex, MqttLevel level, PacketType type, String note) {
        MqttPacket packet = packet(hex, level);

        assertThat(faults(packet)).isEmpty();
        assertThat(packet.type()).contains(type);
        if (note != null) {
            assertThat(packet.notes()).contains(note);
        }
        int covered = packet.fields().stream().mapToInt(PacketField::length).sum();
        assertThat(covered).as("every byte is told of").isEqualTo(bytes(hex).length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00 00 | V5 | 0 | is no packet type",
                "11 00 | V5 | 0 | must be 0000, found 0001",
                "80 08 0001 0003 612f23 01 | V3_1_1 | 0 | must be 0010, found 0000",
                "36 07 0003 612f62 0001 | V3_1_1 | 0 | QoS must be 0, 1 or 2, found 3",
                "38 05 0003 612f62 | V3_1_1 | 0 | DUP must be 0 with QoS 0",
                "30 ff ff ff ff 01 | V5 | 1 | at most four bytes",
                "30 80 | V5 | 1 | remaining length needs 2 bytes",
                "30 80 00 | V5 | 1 | as few bytes as it can",
                "30 | V5 | 1 | remaining length needs 1 byte, none is left",
                "30 20 0003 612f62 | V3_1_1 | 2 | cut off: the remaining length says 32, but only 5 bytes are there, 27 too few",
                "30 04 0009 6162 | V3_1_1 | 2 | the topic says it has 9 bytes, but the packet has only 2 more",
                "30 05 0003 61ff62 | V3_1_1 | 2 | topic is not UTF-8",
                "30 05 0003 610062 | V3_1_1 | 2 | U+0000",
                "30 05 0003 612f23 | V3_1_1 | 2 | no + and no #",
                "30 02 0000 | V3_1_1 | 2 | the topic is empty",
                "32 07 0003 612f62 0000 | V3_1_1 | 7 | a packet id is 1 to 65535, found 0",
                "32 06 0003 612f62 00 | V3_1_1 | 7 | packet id needs 2 bytes, 1 is left",
                "10 0d 0006 4d5149736470 03 02 003c 00 | V5 | 2 | which is MQTT 3.1",
                "10 0c 0004 4d515454 06 02 003c 0000 | V5 | 8 | the protocol level must be 4",
                "10 0c 0004 4d515454 04 03 003c 0000 | V5 | 9 | the lowest bit of the connect flags must be 0",
                "10 0f 0004 4d515454 04 42 003c 0000 0001 70 | V5 | 9 | no password without a user name",
                "10 0c 0004 4d515454 04 0a 003c 0000 | V5 | 9 | without a Will",
                "20 02 02 00 | V3_1_1 | 2 | only the lowest bit",
                "20 02 00 09 | V3_1_1 | 3 | 0x09 is no code of MQTT 3.1.1's CONNACK",
                "20 03 00 00 01 | V5 | 4 | the properties take 1 bytes, but only 0 bytes are left",
                "20 05 00 00 02 7f 00 | V5 | 5 | 127 (0x7f) is no property of MQTT 5",
                "20 09 00 00 05 11 0000000a 00 | V5 | 10 | CONNACK has nothing more to say, but 1 byte is left",
                "40 07 0001 00 03 21 0001 | V5 | 6 | Receive Maximum is no property of PUBACK",
                "20 09 00 00 06 21 0001 21 0001 | V5 | 8 | Receive Maximum is there twice",
                "20 06 00 00 03 21 0000 | V5 | 5 | Receive Maximum must not be 0",
                "20 05 00 00 02 25 07 | V5 | 5 | must be 0 or 1, found 7",
                "82 02 0001 | V3_1_1 | 4 | at least one filter",
                "82 08 0001 0003 612f23 03 | V3_1_1 | 9 | QoS must be 0, 1 or 2, found 3",
                "82 08 0001 0003 612f23 04 | V3_1_1 | 9 | bits that are reserved must be 0",
                "82 08 0001 0003 612b62 01 | V3_1_1 | 4 | + and # must be a whole level",
                "82 08 0001 0003 232f61 01 | V3_1_1 | 4 | + and # must be a whole level",
                "90 02 0001 | V3_1_1 | 4 | needs a code for each filter",
                "a2 02 0001 | V3_1_1 | 4 | at least one filter",
                "c0 01 00 | V5 | 2 | PINGREQ has nothing more to say, but 1 byte is left",
                "f0 00 | V3_1_1 | 0 | AUTH is of MQTT 5"
            })
    void malformedPacket_isToldOf_withTheByte(String hex, MqttLevel level, int offset, String words) {
        MqttPacket packet = packet(hex.strip(), level);

        assertThat(packet.faults()).anySatisfy(fault -> {
            assertThat(fault.words()).contains(words.strip());
            assertThat(fault.offset()).isEqualTo(offset);
        });
    }

    @ParameterizedTest
    @EnumSource(MqttLevel.class)
    void packetCutAnywhere_isReadAsFarAsItGoes_andTellsOfNoPassword(MqttLevel level) {
        byte[] whole = bytes(CONNECT_3);
        for (int length = 0; length < whole.length; length++) {
            MqttPacket packet = PacketDecoder.decode(Arrays.copyOf(whole, length), level);
            assertThat(packet.faults()).as("cut at %d", length).isNotEmpty();
            assertThat(packet.fields())
                    .noneMatch(field ->
                            field.value().contains("sec") || field.value().contains("73 65 63"));
        }
    }

    @Test
    void bytesAtRandom_areNeverTooMuch() {
        Random random = new Random(20_261_121);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[1] = (byte) (bytes.length - 2);
            }
            for (MqttLevel level : MqttLevel.values()) {
                MqttPacket packet = PacketDecoder.decode(bytes, level);
                assertThat(packet.length()).isBetween(0, bytes.length);
            }
        }
    }

    @Test
    void stream_inPiecesOfAnySize_givesTheSamePackets() {
        byte[] all = bytes(CONNECT_3 + "c0 00 32 09 0003 612f62 0007 4869 e0 00");
        for (int size = 1; size <= all.length; size++) {
            PacketStream stream = new PacketStream();
            List<String> names = new ArrayList<>();
            for (int from = 0; from < all.length; from += size) {
                byte[] piece = Arrays.copyOfRange(all, from, Math.min(all.length, from + size));
                stream.take(piece, MqttLevel.V3_1_1).forEach(packet -> {
                    assertThat(packet.faults()).isEmpty();
                    names.add(packet.name());
                });
            }
            assertThat(names).containsExactly("CONNECT", "PINGREQ", "PUBLISH", "DISCONNECT");
        }
    }

    @Test
    void stream_keepsTheBeginningOfALongPacket_andGoesOnBehindIt() {
        byte[] publish = new byte[5 + 200_000];
        publish[0] = 0x30;
        // 200,000 = 0x40 + 0x1a * 128 + 0x0c * 16,384
        publish[1] = (byte) 0xc0;
        publish[2] = (byte) 0x9a;
        publish[3] = 0x0c;
        publish[5] = 1;
        publish[6] = 'a';
        Arrays.fill(publish, 7, publish.length, (byte) 'x');
        byte[] exact = Arrays.copyOf(publish, 4 + 200_000);
        PacketStream stream = new PacketStream();

        List<MqttPacket> packets = new ArrayList<>(stream.take(exact, MqttLevel.V3_1_1));
        packets.addAll(stream.take(bytes("c0 00"), MqttLevel.V3_1_1));

        assertThat(packets).extracting(MqttPacket::name).containsExactly("PUBLISH", "PINGREQ");
        assertThat(packets.get(0).payload().orElseThrow())
                .startsWith("xxx")
                .endsWith("(%d bytes more)".formatted(200_004 - PacketStream.MOST_KEPT));
        assertThat(packets.get(0).faults()).isEmpty();
    }

    @Test
    void stream_afterALengthThatIsNone_isSilent() {
        PacketStream stream = new PacketStream();

        assertThat(stream.take(bytes("30 ff ff ff ff c0 00"), MqttLevel.V5)).hasSize(1);
        assertThat(stream.take(bytes("c0 00"), MqttLevel.V5)).isEmpty();
    }

    @Test
    void dump_goesByItsConnect_elseGuesses() {
        assertThat(PacketDump.decode(bytes(CONNECT_3 + "90 03 0001 00"), Optional.empty()))
                .extracting(placed -> placed.offset() + " " + placed.packet().name() + " "
                        + placed.packet().level() + " " + placed.guessed())
                .containsExactly("0 CONNECT 3.1.1 false", "31 SUBACK 3.1.1 false");
        assertThat(PacketDump.decode(bytes("90 03 0001 01"), Optional.empty()))
                .extracting(placed -> placed.packet().level() + " " + placed.guessed())
                .containsExactly("3.1.1 true");
        byte[] json = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        String publish = "30 0c 0003 612f62" + HexFormat.of().formatHex(json);
        assertThat(PacketDump.decode(bytes(publish), Optional.empty()))
                .extracting(placed -> placed.packet().payload().orElse(""))
                .containsExactly("{\"a\":1}");
        assertThat(PacketDump.decode(bytes("40 02 0001"), Optional.of(MqttLevel.V5))
                        .get(0)
                        .guessed())
                .isFalse();
        assertThat(PacketDump.decode(new byte[0], Optional.empty())).isEmpty();
    }
}
