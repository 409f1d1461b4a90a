package labchat.broker.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;
import org.junit.jupiter.api.Test;

class TrafficLineTest {

    @Test
    void format_chatMessage_hasEveryFieldButTheText() {
        assertThat(line(false, Packets.message(Optional.empty(), Optional.of("{\"message\":\"Hei!\"}"))))
                .isEqualTo("{\"time\":\"2026-11-20T10:15:30.123456Z\",\"client\":\"labchat-3f2a\",\"user\":\"team1a\","
                        + "\"address\":\"10.0.0.7:51234\",\"direction\":\"in\",\"type\":\"PUBLISH\","
                        + "\"topic\":\"ttm4175/chat/team2a/message\",\"qos\":1,\"retain\":false,\"dup\":false,"
                        + "\"id\":7,\"size\":105,\"kind\":\"message\",\"sender\":\"team1a\",\"receiver\":\"team2a\","
                        + "\"uuid\":\"16fd2706\"}\n");
    }

    @Test
    void format_payloadWanted_hasTheText() {
        assertThat(line(true, Packets.message(Optional.empty(), Optional.of("{\"message\":\"Hei \uD83D\uDE00\"}"))))
                .endsWith("\"uuid\":\"16fd2706\",\"payload\":\"{\\\"message\\\":\\\"Hei \uD83D\uDE00\\\"}\"}\n");
    }

    @Test
    void format_refusal_hasCodeReasonAndRule() {
        Refusal refusal = new Refusal("acl_denied", "no rule lets team1a write there", Optional.of("acl.conf:12"));

        assertThat(line(false, Packets.message(Optional.of(refusal), Optional.empty())))
                .endsWith("\"uuid\":\"16fd2706\",\"code\":\"acl_denied\","
                        + "\"reason\":\"no rule lets team1a write there\",\"rule\":\"acl.conf:12\"}\n");
    }

    @Test
    void format_refusalWithoutRule_leavesTheRuleOut() {
        assertThat(line(false, Packets.message(Optional.of(Refusal.of("invalid_json", "line 1")), Optional.empty())))
                .endsWith("\"code\":\"invalid_json\",\"reason\":\"line 1\"}\n");
    }

    @Test
    void format_outgoingAnswer_leavesOutWhatDoesNotApply() {
        PacketTrace connack = new PacketTrace(
                Instant.parse("2026-11-20T10:15:30Z"),
                new ClientIdentity(Optional.empty(), "", "[::1]:5"),
                false,
                "CONNACK",
                "",
                -1,
                false,
                false,
                0,
                0,
                0x86,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(line(true, connack))
                .isEqualTo("{\"time\":\"2026-11-20T10:15:30.000000Z\",\"client\":\"\",\"address\":\"[::1]:5\","
                        + "\"direction\":\"out\",\"type\":\"CONNACK\",\"reason_code\":134}\n");
    }

    @Test
    void format_hostileClientId_isOneLineOfHarmlessCharacters() {
        // Line feed, ESC (colours, titles), DEL, C1 CSI, right-to-left override, line separator, half a surrogate pair.
        String hostile = "a\nb\u001b[31mc\u007fd\u009be\u202ef\u2028g\uD83D";

        String line = line(false, Packets.ping(new ClientIdentity(Optional.of("x\"y\\"), hostile, "10.0.0.7:51234")));

        assertThat(line)
                .contains(
                        "\"client\":\"a\\nb\\u001B[31mc\\u007Fd\\u009Be\\u202Ef\\u2028g\uFFFD\",\"user\":\"x\\\"y\\\\\"");
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    }

    @Test
    void format_anyText_isReadByAParserAsItWas_andIsHarmlessToLookAt() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(random.nextInt(40), 0, 6)
                    .map(kind -> switch (kind) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> 0x7f + random.nextInt(0x40);
                        case 2 -> 0x2000 + random.nextInt(0x70);
                        case 3 -> 0x1f600 + random.nextInt(50);
                        case 4 -> random.nextInt(0x10000);
                        default -> ' ' + random.nextInt(95);
                    })
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            String line = line(false, Packets.ping(new ClientIdentity(Optional.empty(), text, "a")));

            assertThat(line.substring(0, line.length() - 1).codePoints())
                    .noneMatch(c -> c < 0x10000 && RemoteText.isUnsafe(c));
            assertThat(clientIn(line))
                    .isEqualTo(new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE));
        }
    }

    private static String clientIn(String line) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            while (!"client".equals(parser.currentName())) {
                parser.nextToken();
            }
            return parser.nextTextValue();
        }
    }

    @Test
    void format_long_hasRoom() {
        String topic = "x".repeat(100_000);

        assertThat(line(false, Packets.publish(1, topic))).contains("\"topic\":\"" + topic + "\"");
    }

    @Test
    void format_twice_keepsNothingOfTheFirst() {
        TrafficLine line = new TrafficLine(false);
        line.format(Packets.message(Optional.empty(), Optional.empty()));
        line.format(Packets.ping());

        assertThat(text(line)).startsWith("{\"time\"").contains("PINGREQ").doesNotContain("PUBLISH");
    }

    @Test
    void formatDropped_count_isSaid() {
        TrafficLine line = new TrafficLine(false);
        line.formatDropped(Packets.TIME, 123);

        assertThat(text(line)).isEqualTo("{\"time\":\"2026-11-20T10:15:30.123456Z\",\"dropped\":123}\n");
    }

    private static String line(boolean payload, PacketTrace packet) {
        TrafficLine line = new TrafficLine(payload);
        line.format(packet);
        return text(line);
    }

    private static String text(TrafficLine line) {
        return new String(line.bytes(), 0, line.length(), StandardCharsets.UTF_8);
    }
}
