package labchat.broker.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import labchat.broker.chat.ChatVerdict.Ground;
import labchat.broker.config.ValidationMode;
import labchat.broker.event.RoomAccess;
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

    /** Of two rooms, one is spoken of; team1a is in both, team2a in none. */
    private static ChatRules rulesWithRooms(ValidationMode mode) {
        RoomAccess rooms = new RoomAccess() {
            @Override
            public boolean isRoom(ChatId id) {
                return id.value().equals("open") || id.value().equals("hidden");
            }

            @Override
            public Standing standing(Optional<String> user, ChatId id) {
                if (isRoom(id) && user.equals(TEAM1A)) {
                    return Standing.INSIDE;
                }
                return id.value().equals("open") ? Standing.OUTSIDE : Standing.NO_ROOM;
            }
        };
        return new ChatRules(
                new ChatCodec(ProtocolLimits.DEFAULT),
                mode,
                true,
                id -> Set.of("team1a", "team2a").contains(id.value()),
                rooms);
    }

    private static String codeOf(ChatVerdict verdict) {
        return verdict instanceof ChatVerdict.Rejected rejected
                ? rejected.ground() + " " + rejected.refusal().code()
                : "accepted";
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

    @ParameterizedTest
    @CsvSource({
        "team1a, open,   ENFORCE, accepted",
        "team1a, hidden, ENFORCE, accepted",
        "team2a, open,   ENFORCE, NOT_AUTHORIZED not_a_member",
        "team2a, open,   WARN,    NOT_AUTHORIZED not_a_member",
        "team2a, open,   OFF,     NOT_AUTHORIZED not_a_member",
        "team2a, hidden, ENFORCE, TOPIC unknown_receiver",
        "team2a, hidden, WARN,    TOPIC unknown_receiver",
        "team2a, hidden, OFF,     TOPIC unknown_receiver",
        "team2a, nosuch, ENFORCE, TOPIC unknown_receiver",
        "team2a, nosuch, OFF,     accepted",
        "team2a, team1a, ENFORCE, accepted",
    })
    void judge_messageToARoom_needsToBeInIt(String sender, String receiver, ValidationMode mode, String expected) {
        ChatTopic topic = new ChatTopic(new ChatId(receiver), ChatKind.MESSAGE);
        assertThat(codeOf(rulesWithRooms(mode).judge(Optional.of(sender), topic, message(sender, receiver), false)))
                .isEqualTo(expected);
    }

    @Test
    void judge_hiddenRoom_isRefusedInTheWordsForNone() {
        String[] words = new String[2];
        for (int i = 0; i < 2; i++) {
            String id = i == 0 ? "hidden" : "nosuch";
            ChatVerdict verdict = rulesWithRooms(ValidationMode.ENFORCE)
                    .judge(
                            Optional.of("team2a"),
                            new ChatTopic(new ChatId(id), ChatKind.MESSAGE),
                            message("team2a", id),
                            false);
            words[i] = verdict.toString().replace(id, "it");
        }
        assertThat(words[0]).isEqualTo(words[1]);
    }

    @Test
    void judge_clientWithoutName_isInNoRoom() {
        ChatTopic topic = new ChatTopic(new ChatId("open"), ChatKind.MESSAGE);
        assertThat(codeOf(rulesWithRooms(ValidationMode.ENFORCE)
                        .judge(Optional.empty(), topic, message("team1a", "open"), false)))
                .isEqualTo("NOT_AUTHORIZED not_a_member");
    }

    @ParameterizedTest
    @CsvSource({
        "team1a, team2a, open,   accepted",
        "team1a, team2a, hidden, accepted",
        "team1a, team2a, nosuch, PAYLOAD unknown_room",
        "team1a, team2a, team2a, PAYLOAD unknown_room",
        "team2a, team1a, open,   NOT_AUTHORIZED not_a_member",
        "team2a, team1a, hidden, PAYLOAD unknown_room",
        "team1a, open,   open,   TOPIC receipt_to_room",
        "team2a, open,   open,   NOT_AUTHORIZED not_a_member",
    })
    void judge_receiptInARoom_goesToTheAuthorFromAMember(String sender, String receiver, String room, String expected) {
        ChatTopic topic = new ChatTopic(new ChatId(receiver), ChatKind.READ);
        byte[] receipt = "{\"sender\":\"%s\",\"receiver\":\"%s\",\"status\":\"read\",\"uuid\":\"1\",\"room\":\"%s\"}"
                .formatted(sender, receiver, room)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(codeOf(rulesWithRooms(ValidationMode.ENFORCE).judge(Optional.of(sender), topic, receipt, false)))
                .isEqualTo(expected);
    }
}
