package labchat.broker.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.DecodeResult;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {

    private static final ChatCodec CODEC = new ChatCodec(ProtocolLimits.DEFAULT);

    private static String reasonFor(String payload) {
        DecodeResult result = CODEC.decode(ChatKind.MESSAGE, payload.getBytes(StandardCharsets.UTF_8));
        return ((DecodeResult.Rejected) result).reason();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'text': 'a secret of theirs'}",
                "{\"text\": \"a secret of theirs",
                "{\"text\": a secret of theirs}",
                "a secret of theirs",
                "{\"text\": \"»a secret of theirs«\"; \"sender\"}",
            })
    void reasonOfTheDecoder_withoutExcerpt_holdsNothingOfTheText(String payload) {
        Refusal refusal = Refusal.of("invalid_json", reasonFor(payload));

        Refusal without = refusal.withoutExcerpt();

        assertThat(without.reason()).isNotEmpty().doesNotContain("secret").doesNotContain("theirs");
        assertThat(without.code()).isEqualTo("invalid_json");
    }

    @Test
    void reasonWithoutExcerpt_staysAsItIs() {
        Refusal refusal = Refusal.of("acl_denied", "no rule lets team1a write there");

        assertThat(refusal.withoutExcerpt()).isSameAs(refusal);
    }
}
