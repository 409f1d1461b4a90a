package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoomsCodecTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId GROUP = new ChatId("group_1");
    private static final String CREATE = """
            {"sender":"team1a","action":"create","room":"group_1","public":true}""";
    private static final RoomsAnswer JOINED = new RoomsAnswer(
            ME,
            "join",
            Optional.of(GROUP),
            List.of(new RoomInfo(GROUP, true, List.of(ME, new ChatId("team2a")), true)),
            Optional.empty());

    private static RoomsRequest request(Action action) {
        boolean aboutUser = action == Action.INVITE || action == Action.REMOVE;
        return new RoomsRequest(
                ME,
                action,
                action == Action.LIST ? Optional.empty() : Optional.of(GROUP),
                action == Action.CREATE,
                aboutUser ? Optional.of(new ChatId("team3a")) : Optional.empty());
    }

    private static RequestFault fault(String payload) {
        RequestResult<RoomsRequest> result = RoomsCodec.decodeRequest(payload.getBytes(UTF_8));
        assertThat(result).isInstanceOf(RequestResult.Refused.class);
        return ((RequestResult.Refused<RoomsRequest>) result).fault();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "LIST|{\"sender\":\"team1a\",\"action\":\"list\"}",
                "CREATE|{\"sender\":\"team1a\",\"action\":\"create\",\"room\":\"group_1\",\"public\":true}",
                "JOIN|{\"sender\":\"team1a\",\"action\":\"join\",\"room\":\"group_1\"}",
                "LEAVE|{\"sender\":\"team1a\",\"action\":\"leave\",\"room\":\"group_1\"}",
                "INVITE|{\"sender\":\"team1a\",\"action\":\"invite\",\"room\":\"group_1\",\"user\":\"team3a\"}",
                "REMOVE|{\"sender\":\"team1a\",\"action\":\"remove\",\"room\":\"group_1\",\"user\":\"team3a\"}",
            })
    void encode_request_isTheProtocolsJson(Action action, String json) {
        assertThat(new String(RoomsCodec.encode(request(action)), UTF_8)).isEqualTo(json);
    }

    @ParameterizedTest
    @EnumSource(Action.class)
    void decodeRequest_encoded_isTheSame(Action action) {
        RoomsRequest request = request(action);
        assertThat(RoomsCodec.decodeRequest(RoomsCodec.encode(request))).isEqualTo(new RequestResult.Read<>(request));
    }

    @Test
    void decodeRequest_fieldsOfNoUse_areIgnored() {
        byte[] payload = """
                {"x":{"y":[1]},"user":"team3a","public":true,"room":"group_1","action":"join","sender":"team1a"}""".getBytes(UTF_8);
        assertThat(RoomsCodec.decodeRequest(payload)).isEqualTo(new RequestResult.Read<>(request(Action.JOIN)));
    }

    @ParameterizedTest
    @CsvSource({"'',true", "',\"public\":true',true", "',\"public\":false',false"})
    void decodeRequest_create_isPublicUnlessItSaysOtherwise(String field, boolean isPublic) {
        byte[] payload = "{\"sender\":\"team1a\",\"action\":\"create\",\"room\":\"group_1\"%s}"
                .formatted(field)
                .getBytes(UTF_8);
        assertThat(RoomsCodec.decodeRequest(payload))
                .isEqualTo(new RequestResult.Read<>(
                        new RoomsRequest(ME, Action.CREATE, Optional.of(GROUP), isPublic, Optional.empty())));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "sender|{\"action\":\"list\"}",
                "action|{\"sender\":\"team1a\"}",
                "room|{\"sender\":\"team1a\",\"action\":\"join\"}",
                "room|{\"sender\":\"team1a\",\"action\":\"invite\",\"user\":\"team3a\"}",
                "user|{\"sender\":\"team1a\",\"action\":\"invite\",\"room\":\"group_1\"}",
                "user|{\"sender\":\"team1a\",\"action\":\"remove\",\"room\":\"group_1\"}",
            })
    void decodeRequest_missingField_isNamed(String field, String payload) {
        assertThat(fault(payload))
                .isEqualTo(new RequestFault("missing_field", "the field \"%s\" is missing".formatted(field)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"sender\":1,\"action\":\"list\"}|line 1, column 11: \"sender\" must be a string, found a number",
                "{\"sender\":\"a\",\"action\":null}|line 1, column 24: \"action\" must be a string, found null",
                "{\"sender\":\"a\",\"action\":\"create\",\"room\":[1]}"
                        + "|line 1, column 40: \"room\" must be a string, found an array",
                "{\"sender\":\"a\",\"action\":\"create\",\"room\":\"b\",\"public\":\"true\"}"
                        + "|line 1, column 53: \"public\" must be true or false, found a string",
            })
    void decodeRequest_wrongType_saysWhere(String payload, String reason) {
        assertThat(fault(payload)).isEqualTo(new RequestFault("wrong_type", reason));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "crate|there is no action \"crate\", did you mean \"create\"? "
                        + "(the actions are list, create, join, leave, invite, remove)",
                "Join|there is no action \"Join\", did you mean \"join\"? "
                        + "(the actions are list, create, join, leave, invite, remove)",
                "frobnicate|there is no action \"frobnicate\"; the actions are list, create, join, leave, invite, remove",
            })
    void decodeRequest_unknownAction_namesTheNearest(String action, String reason) {
        assertThat(fault("{\"sender\":\"team1a\",\"action\":\"%s\"}".formatted(action)))
                .isEqualTo(new RequestFault("invalid_request", reason));
    }

    @Test
    void decodeRequest_hugeAction_isCut() {
        assertThat(fault("{\"sender\":\"team1a\",\"action\":\"%s\"}".formatted("x".repeat(50_000)))
                        .reason())
                .hasSizeLessThan(300);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"sender\":\"a b\",\"action\":\"list\"}|\"sender\": an id has",
                "{\"sender\":\"a\",\"action\":\"join\",\"room\":\"\"}|\"room\": an id must not be empty",
                "{\"sender\":\"a\",\"action\":\"invite\",\"room\":\"b\",\"user\":\"c/d\"}|\"user\": an id has",
            })
    void decodeRequest_noId_namesTheField(String payload, String reason) {
        assertThat(fault(payload).code()).isEqualTo("invalid_id");
        assertThat(fault(payload).reason()).startsWith(reason);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            nullValues = "nothing",
            value = {
                "``|invalid_json",
                "[]|not_an_object",
                "{'sender':'a'}|invalid_json",
                "{\"sender\":\"a\",\"sender\":\"a\"}|duplicate_key",
                "{\"x\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}|too_deep",
                "{}x|invalid_json",
            })
    void decodeRequest_noObject_saysWhy(String payload, String code) {
        assertThat(fault(payload).code()).isEqualTo(code);
    }

    @Test
    void decodeRequest_truncatedAnywhere_isInvalidJson() {
        for (int i = 0; i < CREATE.length(); i++) {
            assertThat(fault(CREATE.substring(0, i)).code()).isEqualTo("invalid_json");
        }
    }

    @Test
    void decodeRequest_anyBytes_neverThrows() {
        Random random = new Random(7);
        byte[] original = CREATE.getBytes(UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] payload = Arrays.copyOf(original, original.length);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
            }
            assertThat(RoomsCodec.decodeRequest(payload)).isNotNull();
            assertThat(RoomsCodec.decodeAnswer(payload)).isEmpty();
        }
    }

    @Test
    void encode_answer_isTheProtocolsJson() {
        assertThat(new String(RoomsCodec.encode(JOINED), UTF_8)).isEqualTo("""
                        {"sender":"server","receiver":"team1a","status":"ok","action":"join","room":"group_1",\
                        "rooms":[{"id":"group_1","public":true,"members":["team1a","team2a"],"joined":true}]}""");
    }

    @Test
    void encode_emptyList_hasRoomsAllTheSame() {
        RoomsAnswer none = new RoomsAnswer(ME, "list", Optional.empty(), List.of(), Optional.empty());
        assertThat(new String(RoomsCodec.encode(none), UTF_8)).isEqualTo("""
                        {"sender":"server","receiver":"team1a","status":"ok","action":"list","rooms":[]}""");
        assertThat(RoomsCodec.decodeAnswer(RoomsCodec.encode(none))).contains(none);
    }

    @Test
    void encode_error_hasCodeAndReason() {
        RoomsAnswer error = new RoomsAnswer(
                ME,
                "join",
                Optional.of(GROUP),
                List.of(),
                Optional.of(new RequestFault("unknown_room", "there is no room \"group_1\"")));
        assertThat(new String(RoomsCodec.encode(error), UTF_8)).isEqualTo("""
                        {"sender":"server","receiver":"team1a","status":"error","action":"join","room":"group_1",\
                        "code":"unknown_room","reason":"there is no room \\"group_1\\""}""");
        assertThat(RoomsCodec.decodeAnswer(RoomsCodec.encode(error))).contains(error);
    }

    @Test
    void decodeAnswer_encoded_isTheSame() {
        assertThat(RoomsCodec.decodeAnswer(RoomsCodec.encode(JOINED))).contains(JOINED);
    }

    @Test
    void decodeAnswer_unknownFields_areIgnored() {
        byte[] payload = """
                {"sender":"server","receiver":"team1a","status":"ok","action":"join","room":"group_1","new":{"a":[]},
                "rooms":[{"id":"group_1","topic":["x"],"public":true,"members":["team1a","team2a"],"joined":true}]}""".getBytes(UTF_8);
        assertThat(RoomsCodec.decodeAnswer(payload)).contains(JOINED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"status\":\"ok\",\"action\":\"list\",\"rooms\":[]}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"status\":\"fine\",\"action\":\"list\",\"rooms\":[]}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"status\":\"error\",\"action\":\"list\"}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"status\":\"ok\",\"rooms\":[]}",
                "{\"sender\":\"server\",\"receiver\":\"no id\",\"status\":\"ok\",\"action\":\"list\",\"rooms\":[]}",
                "{\"sender\":\"server\",\"receiver\":\"a\",\"status\":\"ok\",\"action\":\"list\",\"rooms\":[1]}",
                "{\"sender\":\"server\",\"receiver\":\"a\",\"status\":\"ok\",\"action\":\"list\",\"rooms\":[{}]}",
                "{\"sender\":\"server\",\"receiver\":\"a\",\"status\":\"ok\",\"action\":\"list\","
                        + "\"rooms\":[{\"id\":\"b\",\"members\":[[1]]}]}",
            })
    void decodeAnswer_somethingElse_isNothing(String payload) {
        assertThat(RoomsCodec.decodeAnswer(payload.getBytes(UTF_8))).isEmpty();
    }
}
