package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rooms as clients see them: docs/protocol.md, "Rooms". */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoomsIT {

    private static final String REQUESTS = Chat.ROOT + "server/rooms";

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    /** What no class should have: everybody may everything. */
    @RegisterExtension
    static final TestBroker OPEN = TestBroker.ofTheClass().moreRules("pattern readwrite ttm4175/#\n");

    @RegisterExtension
    static final TestBroker WITH_FIXED_ROOM = TestBroker.ofTheClass().moreRules("""
                    user team1a
                    topic readwrite ttm4175/chat/group_1/#
                    user team2a
                    topic write ttm4175/chat/group_1/message
                    """);

    private static Packet take(RawMqtt client, String topic) throws IOException {
        Packet packet = client.take(
                "a PUBLISH on " + topic,
                any -> any.type() == Type.PUBLISH && any.topic().equals(Chat.ROOT + topic));
        client.acknowledge(packet);
        return packet;
    }

    /** A request without an answer yet. */
    private static void ask(RawMqtt client, String user, String action, String room, String more) throws IOException {
        String request = "{\"sender\":\"%s\",\"action\":\"%s\",\"room\":\"%s\"%s}".formatted(user, action, room, more);
        assertThat(client.publish(REQUESTS, request, 1).code()).isZero();
    }

    private static String request(RawMqtt client, String user, String action, String room, String more)
            throws IOException {
        ask(client, user, action, room, more);
        return take(client, user + "/rooms").text();
    }

    private static String request(RawMqtt client, String user, String action, String room) throws IOException {
        return request(client, user, action, room, "");
    }

    private static String about(RawMqtt client, String user, String action, String room, String other)
            throws IOException {
        return request(client, user, action, room, ",\"user\":\"%s\"".formatted(other));
    }

    private static String create(RawMqtt client, String user, String room, boolean isPublic) throws IOException {
        String answer = request(client, user, "create", room, ",\"public\":" + isPublic);
        assertThat(answer).contains("\"status\":\"ok\"");
        return answer;
    }

    private static void follow(RawMqtt client, String room) throws IOException {
        assertThat(client.subscribe(Chat.ROOT + room + "/#", 1)).isEqualTo(1);
    }

    /** Nothing of the room came: what was sent later, to the user, is here and nothing else is. */
    private static void assertHeardNothing(RawMqtt client, String user, String room, RawMqtt sender, String from)
            throws IOException {
        String payload = Chat.message(from, user, "by the way");
        assertThat(sender.publish(Chat.messageTopic(user), payload, 1).code()).isZero();
        assertThat(take(client, user + "/message").text()).isEqualTo(payload);
        assertThat(client.kept())
                .noneMatch(packet ->
                        packet.type() == Type.PUBLISH && packet.topic().startsWith(Chat.ROOT + room + "/"));
    }

    @OnEveryListener
    void publicRoom_fromItsMakingToItsEnd(Wire wire) throws IOException {
        String room = "open" + wire.ordinal();
        RawMqtt ann = BROKER.receiver(wire, "team1a", 1);
        RawMqtt bob = BROKER.receiver(wire, "team2a", 1);

        assertThat(create(ann, "team1a", room, true)).isEqualTo("""
                        {"sender":"server","receiver":"team1a","status":"ok","action":"create","room":"%1$s",\
                        "rooms":[{"id":"%1$s","public":true,"members":["team1a"],"joined":true}]}""".formatted(room));
        follow(ann, room);

        assertThat(request(bob, "team2a", "list", "x"))
                .contains("{\"id\":\"%s\",\"public\":true,\"members\":[\"team1a\"],\"joined\":false}".formatted(room));
        assertThat(request(bob, "team2a", "join", room)).isEqualTo("""
                        {"sender":"server","receiver":"team2a","status":"ok","action":"join","room":"%1$s",\
                        "rooms":[{"id":"%1$s","public":true,"members":["team1a","team2a"],"joined":true}]}""".formatted(room));
        Packet notice = take(ann, room + "/notice");
        assertThat(notice.text()).isEqualTo("""
                        {"sender":"team2a","receiver":"%1$s","status":"joined","notice":"team2a has joined %1$s"}""".formatted(room));
        assertThat(notice.isRetain()).isFalse();
        follow(bob, room);

        String hello = Chat.message("team2a", room, "Hei, alle!");
        assertThat(bob.publish(Chat.messageTopic(room), hello, 1).code()).isZero();
        assertThat(take(ann, room + "/message").text()).isEqualTo(hello);
        assertThat(take(bob, room + "/message").text()).isEqualTo(hello);
        ann.publish(Chat.ROOT + room + "/typing", Chat.typing("team1a", room), 0);
        assertThat(take(bob, room + "/typing").text()).isEqualTo(Chat.typing("team1a", room));

        request(bob, "team2a", "leave", room);
        assertThat(take(ann, room + "/notice").text()).contains("\"status\":\"left\"");
        assertThat(request(ann, "team1a", "leave", room))
                .contains("\"status\":\"ok\"")
                .contains("\"rooms\":[]");
        assertThat(request(ann, "team1a", "join", room)).contains("\"status\":\"error\"", "\"code\":\"unknown_room\"");
    }

    @OnEveryListener
    void publicRoom_isForItsMembers(Wire wire) throws IOException {
        String room = "members" + wire.ordinal();
        RawMqtt ann = BROKER.receiver(wire, "team1a", 1);
        create(ann, "team1a", room, true);
        follow(ann, room);
        RawMqtt stranger = BROKER.receiver(wire, "team3a", 1);

        assertThat(stranger.subscribe(Chat.ROOT + room + "/#", 1)).isEqualTo(wire.pick(0x80, 0x87));
        assertThat(stranger.diagnostics().text()).contains("\"code\":\"not_a_member\"", "\\\"action\\\":\\\"join\\\"");
        Packet answer = stranger.publish(Chat.messageTopic(room), Chat.message("team3a", room, "let me in"), 1);
        assertThat(answer.code()).isEqualTo(wire.pick(0, 0x87));
        assertThat(stranger.diagnostics().text())
                .contains("\"code\":\"not_a_member\"", "\"topic\":\"%s\"".formatted(Chat.messageTopic(room)));
        assertHeardNothing(ann, "team1a", room, stranger, "team3a");

        RawMqtt staff = BROKER.login(wire, "staff");
        follow(staff, room);
        String hello = Chat.message("team1a", room, "for members and staff");
        ann.publish(Chat.messageTopic(room), hello, 1);
        assertThat(take(staff, room + "/message").text()).isEqualTo(hello);
    }

    @OnEveryListener
    void privateRoom_isLikeNoneForOthers(Wire wire) throws IOException {
        String room = "hidden" + wire.ordinal();
        String none = "nosuch" + wire.ordinal();
        RawMqtt ann = BROKER.receiver(wire, "team1a", 1);
        create(ann, "team1a", room, false);
        follow(ann, room);
        RawMqtt stranger = BROKER.receiver(wire, "team3a", 1);

        assertThat(request(stranger, "team3a", "list", "x")).doesNotContain(room);
        for (String action : List.of("join", "leave", "invite", "remove")) {
            assertThat(about(stranger, "team3a", action, room, "team4a").replace(room, none))
                    .isEqualTo(about(stranger, "team3a", action, none, "team4a"));
        }
        for (String below : List.of("#", "message", "notice", "presence")) {
            int hidden = stranger.subscribe(Chat.ROOT + room + "/" + below, 1);
            assertThat(hidden).isEqualTo(stranger.subscribe(Chat.ROOT + none + "/" + below, 1));
            if (hidden >= 0x80) {
                assertThat(stranger.diagnostics().text().replace(room, none))
                        .isEqualTo(stranger.diagnostics().text());
            }
        }
        for (String kind : List.of("message", "delivered", "read", "typing")) {
            Packet hidden = stranger.publish(Chat.ROOT + room + "/" + kind, Chat.payload(kind, "team3a", room, "1"), 1);
            Packet absent = stranger.publish(Chat.ROOT + none + "/" + kind, Chat.payload(kind, "team3a", none, "1"), 1);
            assertThat(hidden.codes()).isEqualTo(absent.codes());
            assertThat(hidden.props().toString().replace(room, none))
                    .isEqualTo(absent.props().toString());
            String explained = stranger.diagnostics().text();
            assertThat(explained).contains("\"code\":\"unknown_receiver\"");
            assertThat(explained.replace(room, none))
                    .isEqualTo(stranger.diagnostics().text());
        }
        assertHeardNothing(ann, "team1a", room, stranger, "team3a");
    }

    @OnEveryListener
    void privateRoom_isJoinedByInvitation(Wire wire) throws IOException {
        String room = "closed" + wire.ordinal();
        RawMqtt ann = BROKER.receiver(wire, "team1a", 1);
        RawMqtt bob = BROKER.receiver(wire, "team2a", 1);
        create(ann, "team1a", room, false);

        assertThat(about(ann, "team1a", "invite", room, "team2a")).contains("\"status\":\"ok\"");
        assertThat(take(bob, "team2a/notice").text()).isEqualTo("""
                        {"sender":"team2a","receiver":"%1$s","status":"invited","notice":"team1a has invited team2a to %1$s"}""".formatted(room));
        assertThat(take(bob, "team2a/rooms").text()).isEqualTo("""
                        {"sender":"server","receiver":"team2a","status":"ok","action":"invite","room":"%1$s",\
                        "rooms":[{"id":"%1$s","public":false,"members":["team1a"],"joined":false}]}""".formatted(room));
        assertThat(bob.subscribe(Chat.ROOT + room + "/#", 1)).isEqualTo(wire.pick(0x80, 0x87));
        assertThat(request(bob, "team2a", "join", room)).contains("\"joined\":true");
        follow(bob, room);
    }

    @OnEveryListener
    void leaving_endsTheSubscriptionAtOnce(Wire wire) throws IOException {
        String room = "leave" + wire.ordinal();
        RawMqtt ann = BROKER.receiver(wire, "team1a", 1);
        RawMqtt bob = BROKER.receiver(wire, "team2a", 1);
        RawMqtt bobsOther = BROKER.receiver(wire, "team2a", 1);
        create(ann, "team1a", room, true);
        request(bob, "team2a", "join", room);
        follow(bob, room);
        follow(bobsOther, room);

        request(bob, "team2a", "leave", room);
        assertThat(ann.publish(Chat.messageTopic(room), Chat.message("team1a", room, "among us"), 1)
                        .code())
                .isZero();
        assertHeardNothing(bob, "team2a", room, ann, "team1a");
        bobsOther.ping();
        assertThat(bobsOther.kept()).noneMatch(packet -> packet.topic().equals(Chat.messageTopic(room)));

        Packet answer = bob.publish(Chat.messageTopic(room), Chat.message("team2a", room, "still here"), 1);
        assertThat(answer.code()).isEqualTo(wire.pick(0, 0x87));

        // Coming back does not bring the old subscription back.
        request(bob, "team2a", "join", room);
        ann.publish(Chat.messageTopic(room), Chat.message("team1a", room, "welcome back"), 1);
        assertHeardNothing(bob, "team2a", room, ann, "team1a");
    }

    @OnEveryListener
    void removal_isToldAndEndsTheSubscriptionAtOnce(Wire wire) throws IOException {
        String room = "remove" + wire.ordinal();
        RawMqtt ann = BROKER.receiver(wire, "team1a", 1);
        RawMqtt bob = BROKER.receiver(wire, "team2a", 1);
        create(ann, "team1a", room, true);
        request(bob, "team2a", "join", room);
        follow(bob, room);
        assertThat(about(bob, "team2a", "remove", room, "team1a")).contains("\"code\":\"not_the_creator\"");

        assertThat(about(ann, "team1a", "remove", room, "team2a")).contains("\"members\":[\"team1a\"]");
        assertThat(take(bob, "team2a/notice").text()).isEqualTo("""
                        {"sender":"team2a","receiver":"%1$s","status":"removed","notice":"team1a has removed team2a from %1$s"}""".formatted(room));
        assertThat(take(bob, "team2a/rooms").text()).contains("\"action\":\"remove\"", "\"joined\":false");
        ann.publish(Chat.messageTopic(room), Chat.message("team1a", room, "among us"), 1);
        assertHeardNothing(bob, "team2a", room, ann, "team1a");
    }

    @OnVersion5
    void request_withAResponseTopic_isAnsweredThere(Wire wire) throws IOException {
        RawMqtt ann = BROKER.login(wire, "team1a");
        String responses = "ttm4175/other/team1a-" + wire.ordinal();
        assertThat(ann.subscribe(responses, 1)).isEqualTo(1);
        ann.publish(
                Publish.to(REQUESTS, "{\"sender\":\"team1a\",\"action\":\"list\"}")
                        .props(Props.NONE
                                .with(Prop.RESPONSE_TOPIC, responses)
                                .with(Prop.CORRELATION_DATA, "question 7")),
                1);
        Packet answer = ann.take(Type.PUBLISH);
        assertThat(answer.topic()).isEqualTo(responses);
        assertThat(answer.text()).contains("\"status\":\"ok\"", "\"action\":\"list\"", "\"id\":\"lobby\"");
        assertThat(answer.props().all(Prop.CORRELATION_DATA)).containsExactly("question 7");
    }

    @OnVersion5
    void responseTopicThatOthersReadToo_bringsThemNothing(Wire wire) throws IOException {
        RawMqtt ann = BROKER.login(wire, "team1a");
        RawMqtt bob = BROKER.login(wire, "team2a");
        for (RawMqtt client : List.of(ann, bob)) {
            assertThat(client.subscribe(Chat.ROOT + "lobby/#", 1)).isEqualTo(1);
        }
        ann.publish(
                Publish.to(REQUESTS, "{\"sender\":\"team1a\",\"action\":\"list\"}")
                        .props(Props.NONE.with(Prop.RESPONSE_TOPIC, Chat.messageTopic("lobby"))),
                1);
        assertThat(ann.message().text()).contains("\"action\":\"list\"");
        ann.publish(Chat.messageTopic("lobby"), Chat.message("team1a", "lobby", "fence " + wire), 1);
        assertThat(bob.message().text()).contains("fence " + wire);
    }

    @OnEveryListener
    void request_thatIsNone_isRefusedAndExplained(Wire wire) throws IOException {
        String user = "team" + (5 + wire.ordinal()) + "b";
        RawMqtt client = BROKER.receiver(wire, user, 1);
        String wrong = "{\"sender\":\"%s\",\"action\":\"jion\",\"room\":\"a\"}".formatted(user);
        assertThat(client.publish(REQUESTS, wrong, 1).code()).isEqualTo(wire.pick(0, 0x99));
        assertThat(client.diagnostics().text()).contains("\"code\":\"invalid_request\"", "did you mean \\\"join\\\"?");
        assertThat(client.publish(REQUESTS, "{\"sender\":\"team1a\",\"action\":\"list\"}", 1)
                        .code())
                .isEqualTo(wire.pick(0, 0x99));
        assertThat(client.diagnostics().text()).contains("\"code\":\"sender_mismatch\"");
        assertThat(client.kept()).noneMatch(packet -> packet.topic().endsWith("/rooms"));
    }

    @OnEveryListener
    void receipt_forARoomsMessage_reachesItsAuthor(Wire wire) throws IOException {
        String room = "receipts" + wire.ordinal();
        RawMqtt ann = BROKER.receiver(wire, "team1a", 1);
        RawMqtt bob = BROKER.receiver(wire, "team2a", 1);
        // One for each run: the same mistake is not explained again for a while.
        String outsider = "team" + (3 + wire.ordinal()) + "b";
        RawMqtt stranger = BROKER.receiver(wire, outsider, 1);
        create(ann, "team1a", room, true);
        request(bob, "team2a", "join", room);
        String toAnn = Chat.ROOT + "team1a/read";

        String receipt = receiptIn(room, "team2a");
        assertThat(bob.publish(toAnn, receipt, 1).code()).isZero();
        assertThat(take(ann, "team1a/read").text()).isEqualTo(receipt);

        assertThat(stranger.publish(toAnn, receiptIn(room, outsider), 1).code()).isEqualTo(wire.pick(0, 0x87));
        assertThat(stranger.diagnostics().text()).contains("\"code\":\"not_a_member\"");
        assertThat(stranger.publish(toAnn, receiptIn("nosuch", outsider), 1).code())
                .isEqualTo(wire.pick(0, 0x99));
        assertThat(stranger.diagnostics().text()).contains("\"code\":\"unknown_room\"");
        assertThat(bob.publish(Chat.ROOT + room + "/read", Chat.receipt("read", "team2a", room, "1"), 1)
                        .code())
                .isEqualTo(wire.pick(0, 0x87));
        assertThat(bob.diagnostics().text()).contains("\"code\":\"receipt_to_room\"");
    }

    private static String receiptIn(String room, String sender) {
        return "{\"sender\":\"%s\",\"receiver\":\"team1a\",\"status\":\"read\",\"uuid\":\"1\",\"room\":\"%s\"}"
                .formatted(sender, room);
    }

    @OnEveryListener
    void lobby_isWhereEverybodyIs(Wire wire) throws IOException {
        RawMqtt ann = BROKER.receiver(wire, "team1a", 1);
        RawMqtt bob = BROKER.receiver(wire, "team2a", 1);
        follow(bob, "lobby");

        String hello = Chat.message("team1a", "lobby", "anybody here?");
        assertThat(ann.publish(Chat.messageTopic("lobby"), hello, 1).code()).isZero();
        assertThat(take(bob, "lobby/message").text()).isEqualTo(hello);
        assertThat(request(bob, "team2a", "leave", "lobby")).contains("\"code\":\"room_fixed\"");
    }

    @OnEveryListener
    void fixedRoom_isForThoseWhomTheRulesName(Wire wire) throws IOException {
        RawMqtt ann = WITH_FIXED_ROOM.receiver(wire, "team1a", 1);
        RawMqtt bob = WITH_FIXED_ROOM.receiver(wire, "team2a", 1);
        RawMqtt stranger = WITH_FIXED_ROOM.receiver(wire, "team3a", 1);
        follow(ann, "group_1");
        follow(bob, "group_1");

        String hello = Chat.message("team2a", "group_1", "Hei!");
        assertThat(bob.publish(Chat.messageTopic("group_1"), hello, 1).code()).isZero();
        assertThat(take(ann, "group_1/message").text()).isEqualTo(hello);
        assertThat(request(ann, "team1a", "list", "x"))
                .contains("{\"id\":\"group_1\",\"public\":false,\"members\":[\"team1a\",\"team2a\"],\"joined\":true}");
        assertThat(request(ann, "team1a", "leave", "group_1")).contains("\"code\":\"room_fixed\"");

        assertThat(request(stranger, "team3a", "list", "x")).doesNotContain("group_1");
        assertThat(stranger.subscribe(Chat.ROOT + "group_1/#", 1)).isEqualTo(wire.pick(0x80, 0x87));
        assertThat(stranger.publish(Chat.messageTopic("group_1"), Chat.message("team3a", "group_1", "Hei!"), 1)
                        .code())
                .isEqualTo(wire.pick(0, 0x90));
        assertHeardNothing(ann, "team1a", "group_1", stranger, "team3a");
    }

    @OnEveryListener
    void pattern_forEverything_opensNoRoom(Wire wire) throws IOException {
        String room = "shut" + wire.ordinal();
        RawMqtt ann = OPEN.receiver(wire, "team1a", 1);
        RawMqtt stranger = OPEN.login(wire, "team3a");
        assertThat(stranger.subscribe("ttm4175/chat/#", 1)).isEqualTo(1);
        create(ann, "team1a", room, false);
        follow(ann, room);

        String secret = Chat.message("team1a", room, "among us");
        assertThat(ann.publish(Chat.messageTopic(room), secret, 1).code()).isZero();
        assertThat(take(ann, room + "/message").text()).isEqualTo(secret);
        assertThat(stranger.publish(Chat.messageTopic(room), Chat.message("team3a", room, "hm"), 1)
                        .code())
                .isEqualTo(wire.pick(0, 0x90));
        assertThat(stranger.publish(Chat.ROOT + room + "/photo", "x", 1).code()).isEqualTo(wire.pick(0, 0x87));
        assertHeardNothing(ann, "team1a", room, stranger, "team3a");
        stranger.ping();
        assertThat(stranger.kept()).noneMatch(packet -> packet.topic().startsWith(Chat.ROOT + room + "/"));
    }
}
