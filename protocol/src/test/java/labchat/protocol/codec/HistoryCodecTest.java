package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RequestFault;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryCodecTest {

    private static final ChatId TEAM1A = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final ChatId GROUP = new ChatId("group_1");
    private static final Instant SENT = Instant.parse("2026-11-20T10:15:30Z");

    private static HistoryRequest request(String with, String before, int limit, String search) {
        return new HistoryRequest(
                TEAM1A,
                Optional.ofNullable(with).map(ChatId::new),
                Optional.ofNullable(before),
                limit,
                Optional.ofNullable(search));
    }

    private static ChatMessage message(ChatId receiver, String text, String uuid) {
        return new ChatMessage(TEAM1A, receiver, text, new MessageUuid(uuid));
    }

    private static HistoryEntry direct(String text, String uuid) {
        return new HistoryEntry(message(TEAM2A, text, uuid), SENT, false, Map.of(), Map.of());
    }

    private static HistoryAnswer answer(HistoryEntry... entries) {
        return new HistoryAnswer(TEAM1A, Optional.of(TEAM2A), List.of(entries), false, Optional.empty());
    }

    private static RequestResult<HistoryRequest> decode(String json) {
        return HistoryCodec.decodeRequest(json.getBytes(UTF_8));
    }

    static Stream<Arguments> requestsAndTheirJson() {
        return Stream.of(
                Arguments.of(request(null, null, 50, null), "{\"sender\":\"team1a\",\"limit\":50}"),
                Arguments.of(
                        request("team2a", "16fd2706", 20, null),
                        "{\"sender\":\"team1a\",\"with\":\"team2a\",\"before\":\"16fd2706\",\"limit\":20}"),
                Arguments.of(
                        request("group_1", "2026-11-20T10:15:30.123Z", 200, "blå \"x\" 😀"),
                        "{\"sender\":\"team1a\",\"with\":\"group_1\",\"before\":\"2026-11-20T10:15:30.123Z\",\"limit\":200,"
                                + "\"search\":\"blå \\\"x\\\" 😀\"}"));
    }

    @ParameterizedTest
    @MethodSource("requestsAndTheirJson")
    void encode_request_isTheProtocolsJson(HistoryRequest request, String json) {
        assertThat(new String(HistoryCodec.encode(request), UTF_8)).isEqualTo(json);
    }

    @ParameterizedTest
    @MethodSource("requestsAndTheirJson")
    void decodeRequest_theProtocolsJson_isTheRequest(HistoryRequest request, String json) {
        assertThat(decode(json)).isEqualTo(new RequestResult.Read<>(request));
    }

    static Stream<Arguments> tolerated() {
        return Stream.of(
                // Only the sender must be there.
                Arguments.of("{\"sender\":\"team1a\"}", request(null, null, 50, null)),
                // Any order, unknown fields.
                Arguments.of(
                        "{\"limit\":1,\"x\":{\"limit\":[2]},\"with\":\"team2a\",\"receiver\":7,\"sender\":\"team1a\"}",
                        request("team2a", null, 1, null)),
                // What Python writes for None.
                Arguments.of(
                        "{\"sender\":\"team1a\",\"with\":null,\"before\":null,\"limit\":null,\"search\":null}",
                        request(null, null, 50, null)),
                Arguments.of("{\"sender\":\"team1a\",\"limit\":\"200\"}", request(null, null, 200, null)),
                Arguments.of("{\"sender\":\"team1a\",\"limit\":\"007\"}", request(null, null, 7, null)));
    }

    @ParameterizedTest
    @MethodSource("tolerated")
    void decodeRequest_writtenOtherwise_isTheRequest(String json, HistoryRequest request) {
        assertThat(decode(json)).isEqualTo(new RequestResult.Read<>(request));
    }

    static Stream<Arguments> refused() {
        String head = "{\"sender\":\"team1a\",";
        return Stream.of(
                Arguments.of("", "invalid_json", "found nothing"),
                Arguments.of("history please", "invalid_json", "line 1, column 1"),
                Arguments.of("{\"sender\":\"team1a\"", "invalid_json", "line 1, column 19"),
                Arguments.of("{'sender':'team1a'}", "invalid_json", "single quote"),
                Arguments.of("{\"sender\":\"team1a\"} x", "invalid_json", "found more"),
                Arguments.of("\ufeff{}", "invalid_json", "line 1"),
                Arguments.of("[]", "not_an_object", "an array"),
                Arguments.of("\"team1a\"", "not_an_object", "a string"),
                Arguments.of("{}", "missing_field", "\"sender\""),
                Arguments.of("{\"sender\":null}", "missing_field", "\"sender\""),
                Arguments.of("{\"sender\":\"a\",\"sender\":\"b\"}", "duplicate_key", "\"sender\" is there twice"),
                Arguments.of("[".repeat(17) + "]".repeat(17), "too_deep", "column 17"),
                Arguments.of("{\"sender\":7}", "wrong_type", "\"sender\" must be a string, found a number"),
                Arguments.of(head + "\"with\":[\"team2a\"]}", "wrong_type", "an array"),
                Arguments.of(head + "\"before\":1732097730}", "wrong_type", "\"before\" must be a string"),
                Arguments.of(head + "\"limit\":true}", "wrong_type", "\"limit\" must be a number, found true or false"),
                Arguments.of(head + "\"search\":{}}", "wrong_type", "an object"),
                Arguments.of("{\"sender\":\"\"}", "invalid_id", "\"sender\": an id must not be empty"),
                Arguments.of(head + "\"with\":\"team 2\"}", "invalid_id", "\"with\""),
                Arguments.of(head + "\"with\":\"\"}", "invalid_id", "\"with\""),
                Arguments.of(head + "\"before\":\"\"}", "invalid_request", "\"before\" must be the uuid"),
                Arguments.of(head + "\"before\":\"yesterday noon\"}", "invalid_request", "yesterday noon"),
                Arguments.of(head + "\"limit\":0}", "invalid_request", "from 1 to 200, found 0"),
                Arguments.of(head + "\"limit\":201}", "invalid_request", "found 201"),
                Arguments.of(head + "\"limit\":-1}", "invalid_request", "found -1"),
                Arguments.of(head + "\"limit\":20.5}", "invalid_request", "found 20.5"),
                Arguments.of(head + "\"limit\":1e2}", "invalid_request", "found 1e2"),
                Arguments.of(head + "\"limit\":99999999999999999999}", "invalid_request", "found 9999"),
                Arguments.of(head + "\"limit\":" + "9".repeat(1_001) + "}", "invalid_json", "length"),
                Arguments.of(head + "\"limit\":\"all\"}", "invalid_request", "found all"),
                Arguments.of(head + "\"limit\":\"٥\"}", "invalid_request", "found ٥"),
                Arguments.of(head + "\"limit\":\"\"}", "invalid_request", "\"limit\""),
                Arguments.of(head + "\"search\":\"\"}", "invalid_request", "\"search\" is empty"),
                Arguments.of(head + "\"search\":\" \\n\"}", "invalid_request", "\"search\" is empty"),
                Arguments.of(head + "\"search\":\"" + "x".repeat(257) + "\"}", "invalid_request", "257"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void decodeRequest_bad_saysWhat(String json, String code, String reason) {
        assertThat(decode(json)).isInstanceOfSatisfying(RequestResult.Refused.class, refused -> {
            assertThat(refused.fault().code()).as(refused.fault().reason()).isEqualTo(code);
            assertThat(refused.fault().reason()).contains(reason);
        });
    }

    @Test
    void decodeRequest_notUtf8_isRefused() {
        byte[] payload = "{\"sender\":\"team1?\"}".getBytes(UTF_8);
        payload[16] = (byte) 0xe5;
        assertThat(HistoryCodec.decodeRequest(payload))
                .isInstanceOfSatisfying(
                        RequestResult.Refused.class,
                        refused -> assertThat(refused.fault())
                                .isEqualTo(new RequestFault("not_utf8", "byte 0xe5 at index 16 is not UTF-8")));
    }

    @Test
    void decodeRequest_everyBeginningOfARequest_isRefused() {
        byte[] whole = HistoryCodec.encode(request("team2a", "16fd2706", 20, "blåbær 😀"));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(HistoryCodec.decodeRequest(cut)).isInstanceOf(RequestResult.Refused.class);
        }
    }

    @Test
    void decode_anyBytes_neverThrows() {
        Random random = new Random(7);
        byte[] request = HistoryCodec.encode(request("team2a", "16fd2706", 20, "blåbær"));
        byte[] answer = HistoryCodec.encode(answer(direct("hei", "1"), direct("hå", "2")));
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = (i % 2 == 0 ? request : answer).clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(HistoryCodec.decodeRequest(bytes)).isNotNull();
            assertThat(HistoryCodec.decodeAnswer(bytes)).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-20T10:15:30Z",
                "2026-11-20T10:15:30.5Z",
                "2026-11-20T11:15:30.123456789+01:00",
                "0001-01-01T00:00:00Z"
            })
    void before_aTime_isATimeAndNoUuid(String before) {
        HistoryRequest request = request(null, before, 1, null);
        assertThat(request.beforeTime()).isPresent();
        assertThat(request.beforeUuid()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"16fd2706", "2026-11-20", "2026-11-20T25:15:30Z", "+999999999-01-01T00:00:00Z", "-1", "\"'{}"})
    void before_anythingElseVisible_isAUuid(String before) {
        HistoryRequest request = request(null, before, 1, null);
        assertThat(request.beforeTime()).isEmpty();
        assertThat(request.beforeUuid()).contains(new MessageUuid(before));
    }

    static Stream<Arguments> answersAndTheirJson() {
        HistoryEntry read = new HistoryEntry(
                message(TEAM2A, "Hei!", "16fd2706"),
                SENT,
                false,
                Map.of(TEAM2A, SENT.plusMillis(7)),
                Map.of(TEAM2A, SENT.plusMillis(1_120)));
        HistoryEntry inRoom = new HistoryEntry(
                message(GROUP, "blå \"😀\"\n", "1"),
                SENT,
                true,
                Map.of(new ChatId("x1"), SENT.plusSeconds(1), TEAM2A, SENT),
                Map.of());
        return Stream.of(
                Arguments.of(
                        new HistoryAnswer(
                                TEAM1A, Optional.of(TEAM2A), List.of(read, direct("?", "2")), true, Optional.empty()),
                        """
                        {"sender":"server","receiver":"team1a","with":"team2a","messages":[\
                        {"sender":"team1a","receiver":"team2a","message":"Hei!","uuid":"16fd2706",\
                        "sent":"2026-11-20T10:15:30.000Z","delivered":"2026-11-20T10:15:30.007Z",\
                        "read":"2026-11-20T10:15:31.120Z"},\
                        {"sender":"team1a","receiver":"team2a","message":"?","uuid":"2",\
                        "sent":"2026-11-20T10:15:30.000Z","delivered":null,"read":null}],"more":true}"""),
                Arguments.of(
                        new HistoryAnswer(TEAM1A, Optional.of(GROUP), List.of(inRoom), false, Optional.empty()), """
                        {"sender":"server","receiver":"team1a","with":"group_1","messages":[\
                        {"sender":"team1a","receiver":"group_1","message":"blå \\"😀\\"\\n","uuid":"1",\
                        "sent":"2026-11-20T10:15:30.000Z",\
                        "delivered":{"team2a":"2026-11-20T10:15:30.000Z","x1":"2026-11-20T10:15:31.000Z"},\
                        "read":{}}],"more":false}"""),
                Arguments.of(
                        new HistoryAnswer(TEAM1A, Optional.empty(), List.of(), false, Optional.empty()),
                        "{\"sender\":\"server\",\"receiver\":\"team1a\",\"messages\":[],\"more\":false}"),
                Arguments.of(
                        new HistoryAnswer(
                                TEAM1A,
                                Optional.of(GROUP),
                                List.of(),
                                false,
                                Optional.of(new RequestFault("not_a_member", "no \"group_1\""))),
                        """
                        {"sender":"server","receiver":"team1a","status":"error","with":"group_1",\
                        "code":"not_a_member","reason":"no \\"group_1\\""}"""));
    }

    @ParameterizedTest
    @MethodSource("answersAndTheirJson")
    void encode_answer_isTheProtocolsJson(HistoryAnswer answer, String json) {
        assertThat(new String(HistoryCodec.encode(answer), UTF_8)).isEqualTo(json);
    }

    @ParameterizedTest
    @MethodSource("answersAndTheirJson")
    void decodeAnswer_theProtocolsJson_isTheAnswer(HistoryAnswer answer, String json) {
        assertThat(HistoryCodec.decodeAnswer(json.getBytes(UTF_8))).contains(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"messages\":[]}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\"}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"messages\":{}}",
                "{\"sender\":\"server\",\"receiver\":\"no id\",\"messages\":[]}",
                "{\"sender\":\"server\",\"messages\":[]}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"messages\":[],\"messages\":[]}"
            })
    void decodeAnswer_somethingElse_isNothing(String json) {
        assertThat(HistoryCodec.decodeAnswer(json.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void decodeAnswer_messagesThatAreNone_areLeftOut() {
        String json = """
                {"sender":"server","receiver":"team1a","messages":[7,null,[],{},\
                {"sender":"team1a","receiver":"team2a","message":"x","uuid":"1","sent":"noon"},\
                {"sender":"team1a","receiver":"team2a","message":"x","uuid":"2","sent":"2026-11-20T10:15:30Z",\
                "delivered":{"no id":"2026-11-20T10:15:30Z","team2a":7},"x":[{}]}],"more":1}""";
        assertThat(HistoryCodec.decodeAnswer(json.getBytes(UTF_8)).orElseThrow().messages())
                .containsExactly(new HistoryEntry(message(TEAM2A, "x", "2"), SENT, true, Map.of(), Map.of()));
    }

    @Test
    void encode_halfACharacter_isReplaced() {
        byte[] json = HistoryCodec.encode(answer(direct("a\ud83db\ude00", "1")));
        assertThat(HistoryCodec.decodeAnswer(json)
                        .orElseThrow()
                        .messages()
                        .get(0)
                        .message()
                        .text())
                .isEqualTo("a\ufffdb\ufffd");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_024, 5_000, 20_000})
    void encode_moreThanFits_leavesOutTheOldest(int maxBytes) {
        HistoryEntry[] entries = IntStream.range(0, 200)
                .mapToObj(i -> direct("å".repeat(100), String.valueOf(i)))
                .toArray(HistoryEntry[]::new);

        byte[] json = HistoryCodec.encode(answer(entries), maxBytes);

        HistoryAnswer cut = HistoryCodec.decodeAnswer(json).orElseThrow();
        assertThat(json).hasSizeLessThanOrEqualTo(maxBytes);
        assertThat(cut.more()).isTrue();
        assertThat(cut.messages()).isNotEmpty().hasSizeLessThan(200);
        assertThat(cut.messages())
                .isEqualTo(List.of(entries).subList(200 - cut.messages().size(), 200));
    }

    @Test
    void encode_whatFitsExactly_isWhole() {
        HistoryAnswer answer = answer(direct("hei", "1"), direct("hei", "2"));
        byte[] json = HistoryCodec.encode(answer, 1_024);
        assertThat(HistoryCodec.decodeAnswer(json)).contains(answer);
    }

    @Test
    void encode_receiptsOfAThousandThatDoNotFit_keepsTheMessage() {
        Map<ChatId, Instant> readers =
                IntStream.range(0, 1_000).boxed().collect(Collectors.toMap(i -> new ChatId("member_" + i), i -> SENT));
        HistoryEntry entry = new HistoryEntry(message(GROUP, "hei", "1"), SENT, true, readers, readers);

        byte[] json = HistoryCodec.encode(answer(entry), 10_000);

        assertThat(HistoryCodec.decodeAnswer(json).orElseThrow().messages())
                .isEqualTo(Collections.singletonList(
                        new HistoryEntry(message(GROUP, "hei", "1"), SENT, true, Map.of(), Map.of())));
    }

    @Test
    void encode_textThatDoesNotFit_isCutButNotWithinACharacter() {
        byte[] json = HistoryCodec.encode(answer(direct("😀".repeat(3_001), "1")), 2_000);

        assertThat(json).hasSizeLessThanOrEqualTo(2_000);
        String text = HistoryCodec.decodeAnswer(json)
                .orElseThrow()
                .messages()
                .get(0)
                .message()
                .text();
        assertThat(text).matches("(😀)+…");
    }

    @Test
    void encode_boundTooSmall_isRefused() {
        HistoryAnswer answer = answer();
        assertThatThrownBy(() -> HistoryCodec.encode(answer, 1_023)).isInstanceOf(IllegalArgumentException.class);
    }
}
