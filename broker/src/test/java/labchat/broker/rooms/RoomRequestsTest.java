package labchat.broker.rooms;

import static labchat.broker.rooms.RoomsFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import labchat.broker.event.Refusal;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomRequestsTest {

    private final RoomsFixture lab =
            RoomsFixture.ofTheClass("ann", "bob", "cem", "dag").lobby("lobby");

    private static RoomInfo room(String id, boolean isPublic, boolean joined, String... members) {
        return new RoomInfo(
                id(id), isPublic, Stream.of(members).map(ChatId::new).toList(), joined);
    }

    private static void assertDone(RoomsAnswer answer, RoomInfo... rooms) {
        assertThat(answer.fault()).isEmpty();
        assertThat(answer.rooms()).containsExactly(rooms);
    }

    private static void assertFault(RoomsAnswer answer, String code) {
        assertThat(answer.fault()).map(RequestFault::code).contains(code);
        assertThat(answer.rooms()).isEmpty();
    }

    // create

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void create_freeId_makesTheRoomWithItsMakerInIt(boolean isPublic) {
        RoomsAnswer answer = lab.create("ann", "group_1", isPublic);

        assertDone(answer, room("group_1", isPublic, true, "ann"));
        assertThat(answer.action()).isEqualTo("create");
        assertThat(answer.room()).contains(id("group_1"));
        assertThat(lab.rooms.isRoom(id("group_1"))).isTrue();
        assertThat(lab.rooms.isMember(id("group_1"), id("ann"))).isTrue();
        assertThat(lab.rooms.roomsOf(id("ann"))).containsExactlyInAnyOrder(id("group_1"), id("lobby"));
        assertThat(lab.store.room("group_1")).hasValueSatisfying(kept -> {
            assertThat(kept.isPublic()).isEqualTo(isPublic);
            assertThat(kept.creator()).isEqualTo(id("ann"));
            assertThat(kept.members()).containsExactly(id("ann"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "ann", "server", "open", "closed"})
    void create_takenId_isRefused(String taken) {
        lab.create("bob", "open", true);
        lab.create("bob", "closed", false);

        assertFault(lab.create("ann", taken, true), "id_taken");
        assertThat(lab.rooms.isMember(id(taken), id("ann"))).isFalse();
    }

    @Test
    void create_beyondTheMost_isRefusedUntilARoomEnds() {
        for (int i = 0; i < RoomRules.MAX_MADE; i++) {
            assertThat(lab.create("ann", "r" + i, true).fault()).isEmpty();
        }
        assertFault(lab.create("ann", "more", true), "too_many_rooms");
        assertThat(lab.create("bob", "bobs", true).fault()).isEmpty();

        lab.request("ann", "leave", "r7");
        assertThat(lab.create("ann", "more", true).fault()).isEmpty();
    }

    // list

    @Test
    void list_showsWhatTheAskerMaySee_inOrder() {
        lab.create("ann", "zebra", true);
        lab.create("ann", "alpha", false);
        lab.create("bob", "beta", false);
        lab.about("bob", "invite", "beta", "cem");

        RoomInfo lobby = room("lobby", true, true, "ann", "bob", "cem", "dag");
        assertDone(lab.list("ann"), room("alpha", false, true, "ann"), lobby, room("zebra", true, true, "ann"));
        assertDone(lab.list("cem"), room("beta", false, false, "bob"), lobby, room("zebra", true, false, "ann"));
        assertDone(lab.list("dag"), lobby, room("zebra", true, false, "ann"));
    }

    // join

    @Test
    void join_publicRoom_isOpenToAnybody() {
        lab.create("ann", "group_1", true);

        assertDone(lab.request("bob", "join", "group_1"), room("group_1", true, true, "ann", "bob"));
        assertThat(lab.store.room("group_1").orElseThrow().members()).contains(id("bob"));
    }

    @Test
    void join_again_changesNothing() {
        lab.create("ann", "group_1", true);
        lab.log.clear();

        assertDone(lab.request("ann", "join", "group_1"), room("group_1", true, true, "ann"));
        assertThat(lab.log).containsExactly("answer ann join");
    }

    @Test
    void join_privateRoom_needsAnInvitation() {
        lab.create("ann", "group_1", false);
        assertFault(lab.request("bob", "join", "group_1"), "unknown_room");

        lab.about("ann", "invite", "group_1", "bob");
        assertDone(lab.request("bob", "join", "group_1"), room("group_1", false, true, "ann", "bob"));
        assertThat(lab.store.room("group_1").orElseThrow().invited()).isEmpty();
    }

    @Test
    void join_leftPrivateRoom_needsAnotherInvitation() {
        lab.create("ann", "group_1", false);
        lab.about("ann", "invite", "group_1", "bob");
        lab.request("bob", "join", "group_1");
        lab.request("bob", "leave", "group_1");

        assertFault(lab.request("bob", "join", "group_1"), "unknown_room");
    }

    @Test
    void join_fullRoom_isRefused() {
        String[] crowd = IntStream.rangeClosed(0, RoomRules.MAX_MEMBERS)
                .mapToObj(i -> "u" + i)
                .toArray(String[]::new);
        RoomsFixture hall = RoomsFixture.ofTheClass(crowd);
        hall.create("u0", "hall", true);
        for (int i = 1; i < RoomRules.MAX_MEMBERS; i++) {
            hall.request("u" + i, "join", "hall");
        }
        assertThat(hall.rooms.members(id("hall"))).hasSize(RoomRules.MAX_MEMBERS);

        String last = "u" + RoomRules.MAX_MEMBERS;
        assertFault(hall.request(last, "join", "hall"), "room_full");
        hall.request("u5", "leave", "hall");
        assertThat(hall.request(last, "join", "hall").fault()).isEmpty();
    }

    // What does not exist and what is hidden

    @ParameterizedTest
    @ValueSource(strings = {"join", "leave", "invite", "remove"})
    void anyAction_privateRoomOfOthers_isAnsweredLikeNone(String action) {
        lab.create("ann", "group_1", false);
        String more = ",\"user\":\"cem\"";

        RoomsAnswer hidden = lab.request("bob", action, "group_1", more);
        RoomsAnswer none = lab.request("bob", action, "group_2", more);

        assertFault(hidden, "unknown_room");
        assertThat(hidden.fault().orElseThrow().reason().replace("group_1", "group_2"))
                .isEqualTo(none.fault().orElseThrow().reason());
        assertThat(none.fault().orElseThrow().code()).isEqualTo("unknown_room");
    }

    @Test
    void join_misspelled_namesTheNearestRoomThatTheAskerMaySee() {
        lab.create("ann", "group_1", true);
        lab.create("ann", "secret_1", false);

        assertThat(lab.request("bob", "join", "gruop_1").fault().orElseThrow().reason())
                .isEqualTo("there is no room \"gruop_1\" that you could see; did you mean group_1?");
        assertThat(lab.request("bob", "join", "sercet_1").fault().orElseThrow().reason())
                .doesNotContain("secret_1");
    }

    // leave

    @Test
    void leave_member_isOutAtOnceAndTheOthersAreTold() {
        lab.create("ann", "group_1", true);
        lab.request("bob", "join", "group_1");
        lab.log.clear();

        assertDone(lab.request("bob", "leave", "group_1"), room("group_1", true, false, "ann"));

        assertThat(lab.rooms.isMember(id("group_1"), id("bob"))).isFalse();
        assertThat(lab.rooms.roomsOf(id("bob"))).containsExactly(id("lobby"));
        assertThat(lab.store.room("group_1").orElseThrow().members()).containsExactly(id("ann"));
        assertThat(lab.log)
                .containsExactly(
                        "out bob group_1",
                        "end bob group_1",
                        "group_1/notice {\"sender\":\"bob\",\"receiver\":\"group_1\",\"status\":\"left\","
                                + "\"notice\":\"bob has left group_1\"} QoS 1",
                        "answer bob leave");
    }

    @Test
    void leave_privateRoom_showsItNoMore() {
        lab.create("ann", "group_1", false);
        lab.about("ann", "invite", "group_1", "bob");
        lab.request("bob", "join", "group_1");

        assertDone(lab.request("bob", "leave", "group_1"));
    }

    @Test
    void leave_notAMember_isRefused() {
        lab.create("ann", "group_1", true);
        assertFault(lab.request("bob", "leave", "group_1"), "not_a_member");
    }

    @Test
    void leave_lastMember_endsTheRoomAndFreesItsId() {
        lab.create("ann", "group_1", true);
        assertDone(lab.request("ann", "leave", "group_1"));

        assertThat(lab.rooms.isRoom(id("group_1"))).isFalse();
        assertThat(lab.rooms.members(id("group_1"))).isEmpty();
        assertThat(lab.store.room("group_1")).isEmpty();
        assertThat(lab.create("bob", "group_1", false).fault()).isEmpty();
    }

    // invite

    @Test
    void invite_byMemberOfPrivateRoom_tellsTheRoomAndTheUser() {
        lab.create("ann", "group_1", false);
        lab.about("ann", "invite", "group_1", "bob");
        lab.request("bob", "join", "group_1");
        lab.log.clear();

        assertDone(lab.about("bob", "invite", "group_1", "cem"), room("group_1", false, true, "ann", "bob"));

        String notice = "notice {\"sender\":\"cem\",\"receiver\":\"group_1\",\"status\":\"invited\","
                + "\"notice\":\"bob has invited cem to group_1\"} QoS 1";
        assertThat(lab.log)
                .containsExactly(
                        "group_1/" + notice,
                        "cem/" + notice,
                        "cem/rooms {\"sender\":\"server\",\"receiver\":\"cem\",\"status\":\"ok\",\"action\":\"invite\","
                                + "\"room\":\"group_1\",\"rooms\":[{\"id\":\"group_1\",\"public\":false,"
                                + "\"members\":[\"ann\",\"bob\"],\"joined\":false}]} QoS 1",
                        "answer bob invite");
        assertThat(lab.store.room("group_1").orElseThrow().invited()).containsExactly(id("cem"));
    }

    @Test
    void invite_toPublicRoom_isItsMakersOnly() {
        lab.create("ann", "group_1", true);
        lab.request("bob", "join", "group_1");

        assertThat(lab.about("ann", "invite", "group_1", "cem").fault()).isEmpty();
        assertFault(lab.about("bob", "invite", "group_1", "dag"), "not_the_creator");
    }

    @Test
    void invite_byNoMember_isRefused() {
        lab.create("ann", "open", true);
        lab.create("ann", "closed", false);
        lab.about("ann", "invite", "closed", "bob");

        assertFault(lab.about("bob", "invite", "open", "cem"), "not_a_member");
        assertFault(lab.about("bob", "invite", "closed", "cem"), "not_a_member");
    }

    @Test
    void invite_unknownUser_namesTheNearest() {
        lab.create("ann", "group_1", false);
        RoomsAnswer answer = lab.about("ann", "invite", "group_1", "Bob");

        assertFault(answer, "unknown_user");
        assertThat(answer.fault().orElseThrow().reason()).isEqualTo("there is no user \"Bob\"; did you mean bob?");
    }

    @Test
    void invite_whoIsInOrInvited_changesNothing() {
        lab.create("ann", "group_1", false);
        lab.about("ann", "invite", "group_1", "bob");
        lab.log.clear();

        assertThat(lab.about("ann", "invite", "group_1", "bob").fault()).isEmpty();
        assertThat(lab.about("ann", "invite", "group_1", "ann").fault()).isEmpty();
        assertThat(lab.log).containsExactly("answer ann invite", "answer ann invite");
    }

    // remove

    @Test
    void remove_member_isOutAtOnceAndTold() {
        lab.create("ann", "group_1", true);
        lab.request("bob", "join", "group_1");
        lab.log.clear();

        assertDone(lab.about("ann", "remove", "group_1", "bob"), room("group_1", true, true, "ann"));

        String notice = "notice {\"sender\":\"bob\",\"receiver\":\"group_1\",\"status\":\"removed\","
                + "\"notice\":\"ann has removed bob from group_1\"} QoS 1";
        assertThat(lab.log)
                .containsExactly(
                        "out bob group_1",
                        "end bob group_1",
                        "group_1/" + notice,
                        "bob/" + notice,
                        "bob/rooms {\"sender\":\"server\",\"receiver\":\"bob\",\"status\":\"ok\",\"action\":\"remove\","
                                + "\"room\":\"group_1\",\"rooms\":[{\"id\":\"group_1\",\"public\":true,"
                                + "\"members\":[\"ann\"],\"joined\":false}]} QoS 1",
                        "answer ann remove");
    }

    @Test
    void remove_invitedUser_takesTheInvitationBack() {
        lab.create("ann", "group_1", false);
        lab.about("ann", "invite", "group_1", "bob");
        lab.log.clear();

        assertThat(lab.about("ann", "remove", "group_1", "bob").fault()).isEmpty();

        assertThat(lab.log)
                .doesNotContain("out bob group_1")
                .anyMatch(line -> line.startsWith("bob/rooms ") && line.endsWith("\"rooms\":[]} QoS 1"));
        assertThat(lab.store.room("group_1").orElseThrow().invited()).isEmpty();
        assertFault(lab.request("bob", "join", "group_1"), "unknown_room");
    }

    @Test
    void remove_byAnotherThanTheMaker_isRefused() {
        lab.create("ann", "group_1", true);
        lab.request("bob", "join", "group_1");
        lab.request("cem", "join", "group_1");

        assertFault(lab.about("bob", "remove", "group_1", "cem"), "not_the_creator");
        assertThat(lab.rooms.isMember(id("group_1"), id("cem"))).isTrue();
    }

    @Test
    void remove_strangerOfTheRoom_isRefused() {
        lab.create("ann", "group_1", true);
        assertFault(lab.about("ann", "remove", "group_1", "dag"), "not_a_member");
    }

    @Test
    void remove_oneself_isLeaving() {
        lab.create("ann", "group_1", true);
        lab.request("bob", "join", "group_1");

        assertDone(lab.about("ann", "remove", "group_1", "ann"), room("group_1", true, false, "bob"));
    }

    // notices of one's own doing

    @Test
    void createAndJoin_areNoticed() {
        lab.create("ann", "group_1", true);
        lab.request("bob", "join", "group_1");

        assertThat(lab.log)
                .containsExactly(
                        "in ann group_1",
                        "group_1/notice {\"sender\":\"ann\",\"receiver\":\"group_1\",\"status\":\"created\","
                                + "\"notice\":\"ann has created group_1\"} QoS 1",
                        "answer ann create",
                        "in bob group_1",
                        "group_1/notice {\"sender\":\"bob\",\"receiver\":\"group_1\",\"status\":\"joined\","
                                + "\"notice\":\"bob has joined group_1\"} QoS 1",
                        "answer bob join");
    }

    // the lobby

    @Test
    void lobby_isWhereEverybodyIs_andNobodyLeaves() {
        assertThat(lab.rooms.members(id("lobby")))
                .containsExactlyInAnyOrder(id("ann"), id("bob"), id("cem"), id("dag"));
        assertThat(lab.rooms.isMember(id("lobby"), id("eve"))).isFalse();
        assertThat(lab.request("ann", "join", "lobby").fault()).isEmpty();
        assertFault(lab.request("ann", "leave", "lobby"), "room_fixed");
        assertFault(lab.about("ann", "remove", "lobby", "bob"), "room_fixed");
        assertFault(lab.about("ann", "invite", "lobby", "bob"), "room_fixed");
        assertFault(lab.create("ann", "lobby", true), "room_fixed");
        assertThat(lab.store.rooms()).isEmpty();
    }

    @Test
    void lobby_switchedOff_isAnIdLikeAnother() {
        RoomsFixture without = RoomsFixture.ofTheClass("ann");
        assertDone(without.list("ann"));
        assertDone(without.create("ann", "lobby", true), room("lobby", true, true, "ann"));
    }

    @Test
    void lobby_withAnAccountsId_isNone() {
        RoomsFixture odd = RoomsFixture.ofTheClass("ann").lobby("ann");
        assertThat(odd.rooms.isRoom(id("ann"))).isFalse();
    }

    // the disk

    @Test
    void change_notYetOnDisk_isNeitherInForceNorAnswered() {
        lab.create("ann", "group_1", true);
        long epoch = lab.rooms.epoch();
        lab.store.hold();
        lab.ask("bob", "join", "group_1", "");

        assertThat(lab.answers).hasSize(1);
        assertThat(lab.rooms.isMember(id("group_1"), id("bob"))).isFalse();
        assertThat(lab.rooms.epoch()).isEqualTo(epoch);

        lab.store.release();
        assertThat(lab.answers).hasSize(2);
        assertThat(lab.rooms.isMember(id("group_1"), id("bob"))).isTrue();
        assertThat(lab.rooms.epoch()).isGreaterThan(epoch);
    }

    @Test
    void requests_whileOneIsOnItsWay_areAnsweredInOrder() {
        lab.store.hold();
        lab.ask("ann", "create", "group_1", "");
        lab.ask("bob", "join", "group_1", "");
        lab.ask("bob", "list", "x", "");
        lab.ask("ann", "leave", "group_1", "");
        assertThat(lab.answers).isEmpty();
        assertThat(lab.store.heldBack()).isEqualTo(1);

        lab.store.release();

        assertThat(lab.log.stream().filter(line -> line.startsWith("answer")))
                .containsExactly("answer ann create", "answer bob join", "answer bob list", "answer ann leave");
        assertThat(lab.answers.get(2).rooms()).contains(room("group_1", true, true, "ann", "bob"));
        assertThat(lab.rooms.members(id("group_1"))).containsExactly(id("bob"));
    }

    @Test
    void joins_ofManyAtOnce_goToTheDiskTogether() {
        lab.create("ann", "group_1", true);
        lab.store.hold();
        for (String user : List.of("bob", "cem", "dag")) {
            lab.ask(user, "join", "group_1", "");
        }
        assertThat(lab.store.heldBack()).isEqualTo(3);
        lab.ask("bob", "join", "group_1", "");
        lab.ask("cem", "leave", "group_1", "");
        assertThat(lab.store.heldBack()).isEqualTo(3);

        lab.store.release();
        assertThat(lab.answers)
                .hasSize(6)
                .allSatisfy(answer -> assertThat(answer.fault()).isEmpty());
        assertThat(lab.rooms.members(id("group_1"))).containsExactlyInAnyOrder(id("ann"), id("bob"), id("dag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "join", "leave", "invite", "remove"})
    void change_thatCannotBeKept_isNotMade(String action) {
        lab.create("ann", "group_1", true);
        lab.request("bob", "join", "group_1");
        List<RoomInfo> before = lab.list("ann").rooms();
        long epoch = lab.rooms.epoch();
        lab.store.fail(true);
        lab.log.clear();

        String who = action.equals("join") ? "cem" : "ann";
        String about = action.equals("invite") ? "dag" : "bob";
        RoomsAnswer answer = lab.request(
                who, action, action.equals("create") ? "group_2" : "group_1", ",\"user\":\"%s\"".formatted(about));

        assertFault(answer, "store_failed");
        assertThat(lab.list("ann").rooms()).isEqualTo(before);
        assertThat(lab.rooms.epoch()).isEqualTo(epoch);
        assertThat(lab.log).containsExactly("answer %s %s".formatted(who, action), "answer ann list");

        lab.store.fail(false);
        assertThat(lab.create("ann", "group_2", true).fault()).isEmpty();
    }

    @Test
    void rooms_afterARestart_areAsTheyWere() {
        lab.create("ann", "open", true);
        lab.create("ann", "closed", false);
        lab.about("ann", "invite", "closed", "bob");
        lab.request("cem", "join", "open");
        List<RoomInfo> anns = lab.list("ann").rooms();
        List<RoomInfo> bobs = lab.list("bob").rooms();

        lab.restart();

        assertThat(lab.list("ann").rooms()).isEqualTo(anns);
        assertThat(lab.list("bob").rooms()).isEqualTo(bobs);
        assertThat(lab.rooms.roomsOf(id("cem"))).containsExactlyInAnyOrder(id("open"), id("lobby"));
        assertThat(lab.request("bob", "join", "closed").fault()).isEmpty();
    }

    @Test
    void room_whoseIdBecameAnAccounts_isNotOpened() {
        lab.create("ann", "group_1", true);
        RoomsFixture later = RoomsFixture.ofTheClass("ann", "group_1");
        RoomDirectory rooms = RoomDirectory.open(
                lab.store, later.users, later.acl, labchat.protocol.topic.ChatTopics.DEFAULT, Optional.empty());

        assertThat(rooms.isRoom(id("group_1"))).isFalse();
        assertThat(rooms.roomsOf(id("ann"))).isEmpty();
        assertThat(lab.store.room("group_1")).isPresent();
    }

    // requests that are none

    @Test
    void request_inAnothersName_isRefused() {
        assertThat(lab.send(Optional.of("bob"), "{\"sender\":\"ann\",\"action\":\"list\"}"))
                .map(Refusal::code)
                .contains("sender_mismatch");
        assertThat(lab.answers).isEmpty();
    }

    @Test
    void request_withoutAUserName_isRefused() {
        assertThat(lab.send(Optional.empty(), "{\"sender\":\"ann\",\"action\":\"list\"}"))
                .map(Refusal::code)
                .contains("no_user_name");
        assertThat(lab.answers).isEmpty();
    }

    @Test
    void request_unreadable_isRefusedWithTheCodecsWords() {
        assertThat(lab.send(Optional.of("ann"), "{\"sender\":\"ann\",\"action\":\"jion\",\"room\":\"a\"}"))
                .hasValueSatisfying(refusal -> {
                    assertThat(refusal.code()).isEqualTo("invalid_request");
                    assertThat(refusal.reason()).contains("did you mean \"join\"?");
                });
        assertThat(lab.send(Optional.of("ann"), "{")).map(Refusal::code).contains("invalid_json");
        assertThat(lab.answers).isEmpty();
    }

    @Test
    void requests_beyondWhatMayWait_areTurnedAwayAtOnce() {
        lab.store.hold();
        lab.ask("ann", "create", "group_1", "");
        for (int i = 1; i < RoomRequests.MAX_WAITING; i++) {
            lab.ask("bob", "list", "x", "");
        }
        assertThat(lab.answers).isEmpty();
        assertFault(lab.request("cem", "list", "x"), "server_busy");

        lab.store.release();
        assertThat(lab.answers).hasSize(RoomRequests.MAX_WAITING + 1);
        assertThat(lab.list("cem").fault()).isEmpty();
    }

    @Test
    void members_areAViewThatFollows() {
        lab.create("ann", "group_1", true);
        Set<ChatId> view = lab.rooms.members(id("group_1"));
        lab.request("bob", "join", "group_1");
        assertThat(view).containsExactlyInAnyOrder(id("ann"), id("bob"));
    }
}
