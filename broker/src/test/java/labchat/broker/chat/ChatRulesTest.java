package labchat.broker.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import labchat.broker.chat.ChatVerdict.Ground;
import labchat.broker.config.ValidationMode;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRulesTest {

    private static final ChatTopic TO_TEAM2A = new ChatTopic(new ChatId("team2a"), ChatKind.MESSAGE);
    private static final Optional<String> TEAM1A = Optional.of("team1a");

    private static ChatRules rules(ValidationMode mode, boolean verifySender) {
        return new ChatRules(
                new ChatCodec(ProtocolLimits.DEFAULT),
                mode,
                verifySender,
                id -> Set.of("team1a", "team2a").contains(id.value()));
    }

    private static byte[] message(String sender, String receiver) {
        return "{\"sender\":\"%s\",\"receiver\":\"%s\",\"message\":\"Hei!\",\"uuid\":\"1\"}"
                .formatted(sender, receiver)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void judge_goodMessage_isAcceptedWithWhatItSays() {
        ChatVerdict verdict =
                rules(ValidationMode.ENFORCE, true).judge(TEAM1A, TO_TEAM2A, message("team1a", "team2a"), false);
        assertThat(verdict).isInstanceOfSatisfying(ChatVerdict.Accepted.class, accepted -> {
            assertThat(accepted.event()).isPresent();
            assertThat(accepted.warning()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "team1b, team2a, team2a, false, NOT_AUTHORIZED, sender_mismatch",
        "team1a, team1a, team2a, false, PAYLOAD, receiver_mismatch",
        "team1a, team9z, team9z, false, TOPIC, unknown_receiver",
        "team1a, team2a, team2a, true, NOT_AUTHORIZED, retained_chat",
    })
    void judge_untrueMessage_isRejected(
            String sender, String receiver, String topicId, boolean retain, Ground ground, String code) {
        ChatTopic topic = new ChatTopic(new ChatId(topicId), ChatKind.MESSAGE);
        byte[] payload = message(sender, receiver);
        assertThat(rules(ValidationMode.ENFORCE, true).judge(TEAM1A, topic, payload, retain))
                .isInstanceOfSatisfying(ChatVerdict.Rejected.class, rejected -> {
                    assertThat(rejected.ground()).isEqualTo(ground);
                    assertThat(rejected.refusal().code()).isEqualTo(code);
                });
    }

    @Test
    void judge_unreadablePayload_isRejectedWithTheCodecsWord() {
        assertThat(rules(ValidationMode.ENFORCE, true).judge(TEAM1A, TO_TEAM2A, new byte[] {'x'}, false))
                .isInstanceOfSatisfying(ChatVerdict.Rejected.class, rejected -> {
                    assertThat(rejected.ground()).isEqualTo(Ground.PAYLOAD);
                    assertThat(rejected.refusal().code()).isEqualTo("invalid_json");
                });
    }

    @Test
    void judge_clientWithoutName_isTakenAtItsWord() {
        assertThat(rules(ValidationMode.ENFORCE, true)
                        .judge(Optional.empty(), TO_TEAM2A, message("team1a", "team2a"), false))
                .isInstanceOf(ChatVerdict.Accepted.class);
    }

    @Test
    void judge_senderNotVerified_isTakenAtItsWord() {
        assertThat(rules(ValidationMode.ENFORCE, false).judge(TEAM1A, TO_TEAM2A, message("x1", "team2a"), false))
                .isInstanceOf(ChatVerdict.Accepted.class);
    }

    @Test
    void judge_warn_acceptsAndExplains() {
        assertThat(rules(ValidationMode.WARN, true).judge(TEAM1A, TO_TEAM2A, new byte[] {'x'}, false))
                .isInstanceOfSatisfying(ChatVerdict.Accepted.class, accepted -> {
                    assertThat(accepted.event()).isEmpty();
                    assertThat(accepted.warning())
                            .hasValueSatisfying(w -> assertThat(w.code()).isEqualTo("invalid_json"));
                });
    }

    @Test
    void judge_off_doesNotLook() {
        assertThat(rules(ValidationMode.OFF, true).judge(TEAM1A, TO_TEAM2A, new byte[] {'x'}, false))
                .isInstanceOfSatisfying(
                        ChatVerdict.Accepted.class,
                        accepted -> assertThat(accepted.warning()).isEmpty());
    }

    @Test
    void judge_retained_isRejectedInEveryMode() {
        for (ValidationMode mode : ValidationMode.values()) {
            assertThat(rules(mode, true).judge(TEAM1A, TO_TEAM2A, message("team1a", "team2a"), true))
                    .isInstanceOf(ChatVerdict.Rejected.class);
        }
    }
}
