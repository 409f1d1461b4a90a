package labchat.broker.diagnostics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import labchat.broker.event.Refusal;
import labchat.broker.event.RoomAccess;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainerTest {

    private static final Optional<String> ME = Optional.of("team1a");
    private static final Refusal DENIED = new Refusal("acl_denied", "no rule", Optional.of("acl.conf:7"));

    private final Explainer explainer =
            new Explainer(ChatTopics.DEFAULT, () -> List.of("team1a", "team2a", "team12b", "kashish"));

    /** Each mistake, and next to it what looks like it and is another. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttm4175/chat/team2a/messages     | unknown_kind   | Did you mean ttm4175/chat/team2a/message?",
                "ttm4175/chat/team2a/Message      | unknown_kind   | Did you mean ttm4175/chat/team2a/message?",
                "ttm4175/chat/team2a/deliverd     | unknown_kind   | Did you mean ttm4175/chat/team2a/delivered?",
                "ttm4175/chat/team2a/hello        | unknown_kind   | The kinds are message, delivered, read, typing.",
                "ttm4175/chat/team2a              | unknown_kind   | Publish to ttm4175/chat/team2a/message",
                "ttm4175/chat/team2a/message/now  | unknown_kind   | Publish to ttm4175/chat/team2a/message.",
                "ttm4175/chat/team2a/presence     | acl_denied     | Only the server publishes presence.",
                "ttm4175/chat/team2a/message      | acl_denied     | you are team1a",
                "/ttm4175/chat/team2a/message     | leading_slash  | \"ttm4175/chat/team2a/message\"",
                "ttm4175/chat/team2a/message/     | trailing_slash | \"ttm4175/chat/team2a/message\"",
                "/ttm4175/chat/team2a/message/    | leading_slash  | \"ttm4175/chat/team2a/message\"",
                "/                                | leading_slash  | \"\"",
                "ttm4175/chatt/team2a/message     | wrong_root     | use ttm4175/chat/<receiver>/message",
                "chat/team2a/message              | wrong_root     | use ttm4175/chat/<receiver>/message",
                "team2a/message                   | wrong_root     | use ttm4175/chat/<receiver>/message",
                "ttm4175/caht/team2a/photo        | wrong_root     | use ttm4175/chat/<receiver>/message"
            })
    void publish_forbiddenTopic_isExplainedAsTheNearestMistake(String topic, String code, String hint) {
        Refusal explained = explainer.publish(ME, topic, DENIED);
        assertThat(explained.code()).isEqualTo(code);
        assertThat(explained.hint()).contains(hint);
        assertThat(explained.rule()).contains("acl.conf:7");
    }

    @Test
    void publish_topicOfSomethingElse_isLeftAsItIs() {
        assertThat(explainer.publish(ME, "sensors/kitchen/temperature", DENIED)).isEqualTo(DENIED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttm4175/chat/server/histroy  | Did you mean ttm4175/chat/server/history?",
                "ttm4175/chat/server/room     | Did you mean ttm4175/chat/server/rooms?",
                "ttm4175/chat/server/messages | Did you mean ttm4175/chat/server/message?",
                "ttm4175/chat/server/history  | Send the server a message that says help",
                "ttm4175/chat/server/presence | Send the server a message that says help",
                "ttm4175/chat/server/now/what | Its topic is ttm4175/chat/server/message"
            })
    void publish_requestThatNobodyTakes_saysWhatWasMeantOrWhomToAsk(String topic, String hint) {
        Refusal explained = explainer.publish(ME, topic, Refusal.of("unknown_request", "why"));
        assertThat(explained.code()).isEqualTo("unknown_request");
        assertThat(explained.reason()).isEqualTo("why");
        assertThat(explained.hint()).contains(hint);
    }

    @Test
    void publish_serversTopic_keepsItsCode() {
        Refusal explained = explainer.publish(ME, "ttm4175/chat/x1/presence", Refusal.of("server_topic", "why"));
        assertThat(explained.code()).isEqualTo("server_topic");
        assertThat(explained.hint()).isEqualTo("Only the server publishes presence.");
    }

    @Test
    void publish_wildcard_isExplained_andAnotherInvalidTopicIsNot() {
        Refusal invalid = Refusal.of("invalid_topic", "a wildcard");
        assertThat(explainer.publish(ME, "ttm4175/chat/+/message", invalid).code())
                .isEqualTo("wildcard_in_topic");
        assertThat(explainer.publish(ME, "$SYS/uptime", invalid).code()).isEqualTo("invalid_topic");
        assertThat(explainer.publish(ME, "ttm4175/x" + "/x".repeat(20), invalid))
                .isEqualTo(invalid.withHint("Publish to ttm4175/chat/<receiver>/message."));
        assertThat(explainer.publish(ME, "ttm4175/chat/+/message", DENIED).code())
                .isEqualTo("acl_denied");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttm4175/chat/team 2a/message | Did you mean team2a?",
                "ttm4175/chat/team2a!/typing  | Did you mean team2a?",
                "ttm4175/chat/£/read          | Ask for the other team's id"
            })
    void receiver_noId_isExplained(String topic, String hint) {
        Refusal bad = explainer.receiver(topic).orElseThrow();
        assertThat(bad.code()).isEqualTo("invalid_id");
        assertThat(explainer.publish(ME, topic, bad).hint()).contains(hint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttm4175/chat/team2a/message",
                "ttm4175/chat/team 2a/photo",
                "ttm4175/chat/team 2a",
                "ttm4175/chat/team 2a/a/message",
                "elsewhere/team 2a/message"
            })
    void receiver_idOrNoChatTopic_isNotExplained(String topic) {
        assertThat(explainer.receiver(topic)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not_utf8          | team2a | message   | .encode(\"utf-8\")",
                "duplicate_key     | team2a | message   | once",
                "too_deep          | team2a | message   | flat",
                "missing_field     | team2a | message   | {\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\"",
                "missing_field     | team2a | read      | {\"sender\":\"team1a\",\"receiver\":\"team2a\",\"status\":\"read\",\"uuid\"",
                "missing_field     | team2a | typing    | {\"sender\":\"team1a\",\"receiver\":\"team2a\",\"status\":\"typing\"}",
                "wrong_type        | team2a | message   | double quotes",
                "invalid_id        | team2a | message   | team1a",
                "invalid_uuid      | team2a | message   | uuid.uuid4()",
                "empty_text        | team2a | message   | one character",
                "text_too_long     | team2a | message   | Split",
                "status_mismatch   | team2a | delivered | \"delivered\" to a topic that ends in /delivered",
                "sender_mismatch   | team2a | message   | Write \"sender\": \"team1a\"",
                "receiver_mismatch | team2a | message   | must be the same",
                "unknown_receiver  | taem2a | message   | Did you mean team2a?",
                "unknown_receiver  | Team2a | message   | Did you mean team2a?",
                "unknown_receiver  | nobody | message   | Ask for the other team's id",
                "retained_chat     | team2a | message   | retain=False",
                "not_an_object     | team2a | message   | json.dumps",
                "invalid_json      | team2a | message   | json.dumps"
            })
    void payload_mistake_getsItsHintAndKeepsItsCode(String code, String receiver, String kind, String hint) {
        Refusal explained = explainer.payload(
                ME, "ttm4175/chat/" + receiver + "/" + kind, "x".getBytes(UTF_8), Refusal.of(code, "why"));
        assertThat(explained.code()).isEqualTo(code);
        assertThat(explained.reason()).isEqualTo("why");
        assertThat(explained.hint()).contains(hint);
    }

    @Test
    void payload_otherReceiverInOwnTree_isExplainedAsThat_andNotForSomebodyElse() {
        Refusal mismatch = Refusal.of("receiver_mismatch", "why");
        String topic = "ttm4175/chat/team1a/message";
        assertThat(explainer.payload(ME, topic, new byte[0], mismatch).code()).isEqualTo("own_tree");
        assertThat(explainer
                        .payload(Optional.of("team2a"), topic, new byte[0], mismatch)
                        .code())
                .isEqualTo("receiver_mismatch");
        assertThat(explainer
                        .payload(Optional.empty(), topic, new byte[0], mismatch)
                        .code())
                .isEqualTo("receiver_mismatch");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#                          | filter_too_wide | Subscribe to your own tree: ttm4175/chat/team1a/#",
                "ttm4175/#                  | filter_too_wide | ttm4175/chat/team1a/#",
                "ttm4175/chat/#             | filter_too_wide | ttm4175/chat/team1a/#",
                "ttm4175/chat/+/message     | filter_too_wide | ttm4175/chat/team1a/#",
                "+/chat/team1a/message      | filter_too_wide | ttm4175/chat/team1a/#",
                "ttm4175/chat/team2a/#      | foreign_tree    | publish into theirs",
                "ttm4175/chat/Team1a/#      | foreign_tree    | Did you mean ttm4175/chat/team1a/#? Ids are case-sensitive.",
                "/ttm4175/chat/team1a/#     | leading_slash   | \"ttm4175/chat/team1a/#\"",
                "ttm4175/chatt/team1a/#     | wrong_root      | use ttm4175/chat/team1a/#",
                "sensors/kitchen            | acl_denied      | ''",
                "ttm4175/chat/team1a/secret | acl_denied      | Subscribe to your own tree"
            })
    void subscribe_forbiddenFilter_isExplainedAsTheNearestMistake(String filter, String code, String hint) {
        Refusal explained = explainer.subscribe(ME, filter, DENIED);
        assertThat(explained.code()).isEqualTo(code);
        assertThat(explained.hint()).contains(hint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"too_many_subscriptions", "shared_subscription", "invalid_filter"})
    void subscribe_refusedForAnotherReason_keepsItsCode(String code) {
        Refusal explained = explainer.subscribe(ME, "ttm4175/chat/team2a/#", Refusal.of(code, "why"));
        assertThat(explained.code()).isEqualTo(code);
        assertThat(explained.reason()).isEqualTo("why");
        assertThat(explained.hint()).contains("ttm4175/chat/team1a/#");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttm4175/chat/team1a           | unknown_kind   | Subscribe to your own tree: ttm4175/chat/team1a/#",
                "ttm4175/chat/team1a/          | trailing_slash | Subscribe to your own tree: ttm4175/chat/team1a/#",
                "ttm4175/chat/team1a/message/  | trailing_slash | Subscribe to your own tree: ttm4175/chat/team1a/#",
                "ttm4175/chat/team1a/messages  | unknown_kind   | Did you mean ttm4175/chat/team1a/message?",
                "ttm4175/chat/team1a/hello     | unknown_kind   | Subscribe to your own tree: ttm4175/chat/team1a/#",
                "ttm4175/chat/team1a/+/message | unknown_kind   | ttm4175/chat/team1a/#"
            })
    void deafFilter_thatNothingIsPublishedTo_isExplained(String filter, String code, String hint) {
        Refusal deaf = explainer.deafFilter(new ChatId("team1a"), filter).orElseThrow();
        assertThat(deaf.code()).isEqualTo(code);
        assertThat(deaf.hint()).contains(hint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttm4175/chat/team1a/#",
                "ttm4175/chat/team1a/+",
                "ttm4175/chat/team1a/message",
                "ttm4175/chat/team1a/message/#",
                "ttm4175/chat/team1a/diagnostics",
                "ttm4175/chat/team1a/presence",
                "ttm4175/chat/+/presence",
                "ttm4175/chat/team1ab/hello",
                "ttm4175/chat/group_1/hello",
                "elsewhere/#"
            })
    void deafFilter_thatHearsSomethingOrIsElsewhere_isNotExplained(String filter) {
        assertThat(explainer.deafFilter(new ChatId("team1a"), filter)).isEmpty();
    }

    @Test
    void words_ofAnUnnamedClient_nameNoAccount() {
        assertThat(explainer.subscribe(Optional.empty(), "#", DENIED).hint()).contains("ttm4175/chat/<your id>/#");
    }

    // Rooms: team1a is in "mine", may see "open", and is not told of "hidden".

    private final Explainer withRooms = new Explainer(ChatTopics.DEFAULT, () -> List.of("team1a"), new RoomAccess() {
        @Override
        public boolean isRoom(ChatId id) {
            return List.of("mine", "open", "hidden").contains(id.value());
        }

        @Override
        public Standing standing(Optional<String> user, ChatId id) {
            return switch (id.value()) {
                case "mine" -> Standing.INSIDE;
                case "open" -> Standing.OUTSIDE;
                default -> Standing.NO_ROOM;
            };
        }

        @Override
        public List<String> known(Optional<String> user) {
            return List.of("mine", "open");
        }
    });

    @ParameterizedTest
    @CsvSource({"opne, Did you mean open?", "team1, Did you mean team1a?", "hiden, Ask for the other team's id"})
    void payload_unknownReceiver_namesTheNearestUserOrRoomThatTheyMayKnow(String written, String hint) {
        Refusal unknown = Refusal.of("unknown_receiver", "there is no user or room");
        assertThat(withRooms
                        .payload(ME, "ttm4175/chat/" + written + "/message", new byte[0], unknown)
                        .hint())
                .contains(hint);
    }

    @Test
    void subscribe_roomOfOthers_isExplainedOnlyIfTheyMayKnowOfIt() {
        Refusal open = withRooms.subscribe(ME, "ttm4175/chat/open/#", DENIED);
        assertThat(open.code()).isEqualTo("not_a_member");
        assertThat(open.hint())
                .isEqualTo("Join it first: publish {\"sender\":\"team1a\",\"action\":\"join\",\"room\":\"open\"}"
                        + " to ttm4175/chat/server/rooms.");
        assertThat(withRooms
                        .subscribe(ME, "ttm4175/chat/hidden/#", DENIED)
                        .toString()
                        .replace("hidden", "nosuch"))
                .isEqualTo(
                        withRooms.subscribe(ME, "ttm4175/chat/nosuch/#", DENIED).toString())
                .contains("foreign_tree");
    }

    @Test
    void publish_receiptToARoom_isExplainedToItsMembers() {
        assertThat(withRooms.publish(ME, "ttm4175/chat/mine/read", DENIED))
                .isEqualTo(new Refusal(
                        "receipt_to_room",
                        "\"mine\" is a room; a receipt goes to the message's author",
                        DENIED.rule(),
                        "Publish it to ttm4175/chat/<author>/read, with \"room\":\"mine\"."));
        assertThat(withRooms.publish(ME, "ttm4175/chat/hidden/read", DENIED).code())
                .isEqualTo("acl_denied");
        assertThat(withRooms.publish(ME, "ttm4175/chat/mine/notice", DENIED).code())
                .isEqualTo("acl_denied");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "open/message   | not_a_member    | \"action\":\"join\",\"room\":\"open\"",
                "team2a/read    | not_a_member    | \"action\":\"join\",\"room\":\"<room>\"",
                "team2a/read    | unknown_room    | the room that the message was published to",
                "mine/read      | receipt_to_room | ttm4175/chat/<author>/read",
                "server/rooms   | invalid_request | A request about rooms looks like this: {\"sender\":\"team1a\"",
                "server/rooms   | missing_field   | A request about rooms looks like this: {\"sender\":\"team1a\"",
                "server/history | invalid_request | A request for history looks like this: {\"sender\":\"team1a\"",
                "server/history | wrong_type      | A request for history looks like this: {\"sender\":\"team1a\"",
                "server/rooms   | wrong_type      | A request about rooms looks like this: {\"sender\":\"team1a\"",
                "team2a/message | missing_field   | A message looks like this:",
                "team2a/message | wrong_type      | All fields are strings",
            })
    void payload_aboutRooms_saysWhatToDo(String topic, String code, String hint) {
        Refusal explained =
                withRooms.payload(ME, "ttm4175/chat/" + topic, "{}".getBytes(UTF_8), Refusal.of(code, "why"));
        assertThat(explained.code()).isEqualTo(code);
        assertThat(explained.hint()).contains(hint);
    }
}
