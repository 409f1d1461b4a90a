package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short way through the codec finds what the long one does. */
class PlainObjectTest {

    private static final int MUTATIONS = 20_000;
    private static final String[] PIECES = {
        "\"",
        "\\",
        "{",
        "}",
        ":",
        ",",
        " ",
        "\n",
        "\u0001",
        "\"sender\":\"a\",",
        "\"room\":\"g\",",
        "null",
        "1",
        "[]",
        "æ",
        "\\u00e6",
        "😀",
        "\"status\":\"read\",",
        "\"x\":1,",
        "\"uuid\":\"u\","
    };

    private final ChatCodec codec = new ChatCodec(new ProtocolLimits(10, 16));

    private static byte[] valid(ChatKind kind) {
        String rest = switch (kind) {
            case MESSAGE -> "\"message\": \"Hei på😀\" ,\"uuid\":\"16fd2706\"";
            case DELIVERED, READ -> "\"status\":\"" + kind.level() + "\",\"uuid\":\"16fd2706\",\"room\":\"g\"";
            case TYPING -> "\"status\":\"typing\"";
        };
        return ("{\"sender\":\"team1a\",\"receiver\":\"team2a\"," + rest + "}").getBytes(UTF_8);
    }

    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(4)) {
                case 0 -> splice(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                case 1 -> splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), new byte[0]);
                case 2 -> splice(bytes, at, at, PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
                default -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 20)));
            };
            if (bytes.length == 0) {
                return original;
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from) + piece.length);
        System.arraycopy(piece, 0, result, from, piece.length);
        System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
        return result;
    }

    @ParameterizedTest
    @EnumSource(ChatKind.class)
    void anyPayload_isJudgedAsTheParserJudgesIt(ChatKind kind) {
        Random random = new Random(5);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] payload = mutated(valid(kind), random);

            assertThat(codec.decode(kind, payload))
                    .as(() -> new String(payload, UTF_8))
                    .isEqualTo(codec.decodeAnything(kind, payload, 0, payload.length));
        }
    }

    @ParameterizedTest
    @EnumSource(ChatKind.class)
    void theProtocolsOwnForm_needsNoParser(ChatKind kind) {
        byte[] payload = valid(kind);

        assertThat(PlainObject.read(payload, 0, payload.length, (bytes, from, to, value) -> true))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":\"b",
                "{\"a\":\"b\"",
                "{\"a\":\"b\",}",
                "{\"a\":1}",
                "{\"a\":\"\\n\"}",
                "{\"a\":\"b\"} x",
                "{\"a\":\"b\";\"c\":\"d\"}",
                "{\"a\":\"\t\"}"
            })
    void whatIsNotPlain_isLeftToTheParser(String json) {
        byte[] payload = json.getBytes(UTF_8);

        assertThat(PlainObject.read(payload, 0, payload.length, (bytes, from, to, value) -> true))
                .isFalse();
    }

    @Test
    void aPartOfAnArray_isReadAlone() {
        byte[] payload = "xx{\"a\":\"b\"}\"yy".getBytes(UTF_8);

        assertThat(PlainObject.read(payload, 2, 9, (bytes, from, to, value) -> value.equals("b")))
                .isTrue();
    }
}
