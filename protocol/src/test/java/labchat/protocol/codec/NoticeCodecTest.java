package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import labchat.protocol.event.Notice;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeCodecTest {

    private static final Notice LEFT =
            new Notice(new ChatId("kashish"), new ChatId("group_1"), Notice.Change.LEFT, "kashish has left group_1");

    @Test
    void encode_left_isTheProtocolsJson() {
        assertThat(new String(NoticeCodec.encode(LEFT), UTF_8)).isEqualTo("""
                        {"sender":"kashish","receiver":"group_1","status":"left","notice":"kashish has left group_1"}""");
    }

    @ParameterizedTest
    @EnumSource(Notice.Change.class)
    void decode_encoded_isTheSame(Notice.Change change) {
        Notice notice = new Notice(LEFT.user(), LEFT.room(), change, "ja \"vel\" 😀");
        assertThat(NoticeCodec.decode(NoticeCodec.encode(notice))).contains(notice);
    }

    @Test
    void decode_anyOrderAndUnknownFields_isRead() {
        assertThat(NoticeCodec.decode("""
                        {"notice":"x","since":[1,{"a":2}],"status":"joined","receiver":"group_1","sender":"kashish"}""".getBytes(UTF_8)))
                .contains(new Notice(LEFT.user(), LEFT.room(), Notice.Change.JOINED, "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{\"sender\":\"kashish\",\"receiver\":\"group_1\",\"status\":\"left\"",
                "{\"sender\":\"kashish\",\"receiver\":\"group_1\",\"status\":\"gone\",\"notice\":\"x\"}",
                "{\"sender\":\"kashish\",\"receiver\":\"group_1\",\"notice\":\"x\"}",
                "{\"sender\":\"kashish\",\"status\":\"left\",\"notice\":\"x\"}",
                "{\"sender\":\"no id\",\"receiver\":\"group_1\",\"status\":\"left\",\"notice\":\"x\"}",
                "{\"sender\":1,\"receiver\":\"group_1\",\"status\":\"left\",\"notice\":\"x\"}",
            })
    void decode_somethingElse_isNothing(String payload) {
        assertThat(NoticeCodec.decode(payload.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void decode_notUtf8_isNothing() {
        assertThat(NoticeCodec.decode(new byte[] {'{', (byte) 0xff, '}'})).isEmpty();
    }
}
