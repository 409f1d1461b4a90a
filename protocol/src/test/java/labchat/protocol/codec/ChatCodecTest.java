package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChatCodecTest {

    private static final ChatId TEAM1A = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final MessageUuid UUID = new MessageUuid("16fd2706");

    private final ChatCodec codec = new ChatCodec(ProtocolLimits.DEFAULT);

    static Stream<Arguments> eventsAndTheirJson() {
        return Stream.of(
                Arguments.of(
                        new ChatMessage(TEAM1A, TEAM2A, "Hei!", UUID),
                        "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"Hei!\",\"uuid\":\"16fd2706\"}"),
                Arguments.of(
                        new Receipt(ChatKind.DELIVERED, TEAM2A, TEAM1A, UUID),
                        "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"status\":\"delivered\",\"uuid\":\"16fd2706\"}"),
                Arguments.of(
                        new Receipt(ChatKind.READ, TEAM2A, TEAM1A, UUID, Optional.of(new ChatId("group_1"))),
                        "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"status\":\"read\",\"uuid\":\"16fd2706\",\"room\":\"group_1\"}"),
                Arguments.of(
                        new Typing(TEAM1A, TEAM2A),
                        "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"status\":\"typing\"}"),
                Arguments.of(
                        new ChatMessage(TEAM1A, TEAM2A, "blåbær \"😀\"\n", UUID),
                        "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"blåbær \\\"😀\\\"\\n\",\"uuid\":\"16fd2706\"}"));
    }

    @ParameterizedTest
    @MethodSource("eventsAndTheirJson")
    void encode_event_isTheProtocolsJson(ChatEvent event, String json) {
        assertThat(new String(codec.encode(event), UTF_8)).isEqualTo(json);
    }

    @ParameterizedTest
    @MethodSource("eventsAndTheirJson")
    void decode_theProtocolsJson_isTheEvent(ChatEvent event, String json) {
        assertThat(codec.decode(event.kind(), json.getBytes(UTF_8))).isEqualTo(new DecodeResult.Decoded(event));
    }

    @Test
    void decode_anyOrderUnknownFieldsNoStatus_isTheEvent() {
        String json = """
                {"uuid":"16fd2706", "time": 12.5, "x": {"sender": ["y"]},
                 "receiver":"team1a", "message": 7, "sender":"team2a"}""";
        assertThat(codec.decode(ChatKind.READ, json.getBytes(UTF_8)))
                .isEqualTo(new DecodeResult.Decoded(new Receipt(ChatKind.READ, TEAM2A, TEAM1A, UUID)));
    }

    static Stream<Arguments> rejected() {
        String head = "{\"sender\":\"team1a\",\"receiver\":\"team2a\",";
        return Stream.of(
                Arguments.of("", RejectCode.INVALID_JSON, "line 1, column 1"),
                Arguments.of("   ", RejectCode.INVALID_JSON, "line 1, column 1"),
                Arguments.of("hello", RejectCode.INVALID_JSON, "line 1"),
                Arguments.of("{'sender':'team1a'}", RejectCode.INVALID_JSON, "line 1, column 2"),
                Arguments.of(head + "\"message\":\"x\",\"uuid\":\"1\",}", RejectCode.INVALID_JSON, "line 1, column 65"),
                Arguments.of(head + "\"message\":\"x\",\"uuid\":\"1\"", RejectCode.INVALID_JSON, "line 1"),
                Arguments.of(
                        head + "\"message\":\"x\",\"uuid\":\"1\"} x", RejectCode.INVALID_JSON, "line 1, column 66"),
                Arguments.of(head + "\"message\":\"x\",\"uuid\":\"1\"} {}", RejectCode.INVALID_JSON, "found more"),
                Arguments.of("{\"a\":\"ååå\",\n'b'}", RejectCode.INVALID_JSON, "line 2, column 1"),
                Arguments.of("{\u0000}", RejectCode.INVALID_JSON, "line 1"),
                Arguments.of("\ufeff{}", RejectCode.INVALID_JSON, "line 1"),
                Arguments.of("[1,2]", RejectCode.NOT_AN_OBJECT, "an array"),
                Arguments.of("\"text\"", RejectCode.NOT_AN_OBJECT, "a string"),
                Arguments.of("null", RejectCode.NOT_AN_OBJECT, "null"),
                Arguments.of("[1", RejectCode.INVALID_JSON, "line 1"),
                Arguments.of("{}", RejectCode.MISSING_FIELD, "\"sender\""),
                Arguments.of("{\"sender\":\"team1a\"}", RejectCode.MISSING_FIELD, "\"receiver\""),
                Arguments.of(head + "\"uuid\":\"1\"}", RejectCode.MISSING_FIELD, "\"message\""),
                Arguments.of(head + "\"message\":\"x\"}", RejectCode.MISSING_FIELD, "\"uuid\""),
                Arguments.of(head + "\"message\":\"x\",\"uuid\":17}", RejectCode.WRONG_TYPE, "a number"),
                Arguments.of(head + "\"message\":null,\"uuid\":\"1\"}", RejectCode.WRONG_TYPE, "null"),
                Arguments.of(
                        head + "\"sender\":\"x\"}", RejectCode.DUPLICATE_KEY, "the field \"sender\" is there twice"),
                Arguments.of("[".repeat(17) + "]".repeat(17), RejectCode.TOO_DEEP, "line 1, column 17: "),
                Arguments.of(
                        "[\"\\\"[[[[[[[[[[[[[[[[[\", " + "9".repeat(1001) + "]", RejectCode.INVALID_JSON, "length"),
                Arguments.of(head + "\"message\":\"\",\"uuid\":\"1\"}", RejectCode.EMPTY_TEXT, "empty"),
                Arguments.of(
                        head + "\"message\":\"" + "x".repeat(4097) + "\",\"uuid\":\"1\"}",
                        RejectCode.TEXT_TOO_LONG,
                        "4097"),
                Arguments.of(head + "\"message\":\"x\",\"uuid\":\"\"}", RejectCode.INVALID_UUID, "uuid"),
                Arguments.of(head + "\"message\":\"x\",\"uuid\":\"a b\"}", RejectCode.INVALID_UUID, "uuid"),
                Arguments.of(
                        "{\"sender\":\"team 1\",\"receiver\":\"team2a\",\"message\":\"x\",\"uuid\":\"1\"}",
                        RejectCode.INVALID_ID,
                        "index 4"));
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void decode_badPayload_saysWhatAndWhere(String json, RejectCode code, String where) {
        DecodeResult result = codec.decode(ChatKind.MESSAGE, json.getBytes(UTF_8));
        assertThat(result).isInstanceOfSatisfying(DecodeResult.Rejected.class, rejected -> {
            assertThat(rejected.code()).as(rejected.reason()).isEqualTo(code);
            assertThat(rejected.reason()).contains(where);
        });
    }

    @Test
    void decode_statusAgainstTopic_isRejected() {
        String json = "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"status\":\"read\",\"uuid\":\"1\"}";
        assertThat(codec.decode(ChatKind.DELIVERED, json.getBytes(UTF_8)))
                .isEqualTo(new DecodeResult.Rejected(
                        RejectCode.STATUS_MISMATCH, "\"status\" is \"read\", but the topic says delivered"));
    }

    @Test
    void decode_longestText_isCountedInCodePoints() {
        ChatMessage longest = new ChatMessage(TEAM1A, TEAM2A, "😀".repeat(4096), UUID);
        assertThat(codec.decode(ChatKind.MESSAGE, codec.encode(longest))).isEqualTo(new DecodeResult.Decoded(longest));
    }

    @Test
    void decode_utf16_isNotTakenForJson() {
        byte[] utf16 = "{\"sender\":\"team1a\"}".getBytes(StandardCharsets.UTF_16LE);
        assertThat(codec.decode(ChatKind.MESSAGE, utf16))
                .isInstanceOfSatisfying(
                        DecodeResult.Rejected.class, r -> assertThat(r.code()).isEqualTo(RejectCode.INVALID_JSON));
    }

    @Test
    void utf8_randomBytes_agreesWithTheJdk() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                byte[] leads = {(byte) 0xc2, (byte) 0xe0, (byte) 0xed, (byte) 0xf0, (byte) 0xf4};
                bytes[0] = leads[random.nextInt(leads.length)];
            }
            boolean valid;
            try {
                UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
                valid = true;
            } catch (CharacterCodingException e) {
                valid = false;
            }
            assertThat(Utf8.firstInvalid(bytes, 0, bytes.length) < 0).isEqualTo(valid);
        }
    }

    @Test
    void decode_randomlyDamagedPayloads_neverThrows() {
        Random random = new Random(8);
        byte[] good = codec.encode(new ChatMessage(TEAM1A, TEAM2A, "blåbær", UUID));
        for (int i = 0; i < 50_000; i++) {
            byte[] bad = good.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(bad.length + 1);
            assertThat(codec.decode(ChatKind.MESSAGE, bad, 0, length)).isNotNull();
        }
    }
}
