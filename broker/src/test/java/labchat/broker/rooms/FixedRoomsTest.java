package labchat.broker.rooms;

import static labchat.broker.rooms.RoomsFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import labchat.broker.acl.AclSubject;
import labchat.broker.config.AclSubscribe;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedRoomsTest {

    private static final Set<ChatId> ACCOUNTS = Set.of(id("ann"), id("bob"), id("cem"));

    private static Map<ChatId, Set<ChatId>> fixed(String acl) {
        return FixedRooms.of(
                RoomsFixture.compile(RoomsFixture.CLASS_ACL + acl, AclSubscribe.STRICT), ChatTopics.DEFAULT, ACCOUNTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic readwrite ttm4175/chat/group_1/#",
                "topic ttm4175/chat/group_1/#",
                "topic write ttm4175/chat/group_1/message",
                "topic write ttm4175/chat/group_1/+",
                "topic read ttm4175/chat/group_1/#\ntopic write ttm4175/chat/+/message",
            })
    void ownLine_thatNamesARoomAndLetsWrite_makesAMember(String lines) {
        assertThat(fixed("user ann\n" + lines + "\n")).isEqualTo(Map.of(id("group_1"), Set.of(id("ann"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic read ttm4175/chat/group_1/#",
                "topic write ttm4175/chat/group_1/typing",
                "topic readwrite ttm4175/chat/bob/#",
                "topic readwrite ttm4175/chat/server/#",
                "topic readwrite ttm4175/chat/+/#",
                "topic readwrite ttm4175/chat/group_1",
                "topic readwrite ttm4175/chat/no id/#",
                "topic readwrite ttm4175/#",
                "topic readwrite other/group_1/#",
                "topic deny ttm4175/chat/group_1/#",
                "topic readwrite ttm4175/chat/group_1/#\ntopic deny ttm4175/chat/group_1/message",
                "pattern readwrite ttm4175/chat/group_1/#",
            })
    void ownLine_thatDoesNot_makesNoRoom(String lines) {
        assertThat(fixed("user ann\n" + lines + "\n")).isEmpty();
    }

    @Test
    void lines_ofNobodyAndOfUnknownUsers_makeNoRoom() {
        assertThat(FixedRooms.of(
                        RoomsFixture.compile(
                                "topic readwrite ttm4175/chat/group_1/#\nuser eve\ntopic ttm4175/chat/group_1/#\n",
                                AclSubscribe.STRICT),
                        ChatTopics.DEFAULT,
                        ACCOUNTS))
                .isEmpty();
    }

    @Test
    void lines_ofSeveralUsers_makeOneRoom() {
        assertThat(fixed("""
                        user ann
                        topic ttm4175/chat/group_1/#
                        topic ttm4175/chat/group_2/#
                        user bob
                        topic write ttm4175/chat/group_1/message
                        """))
                .isEqualTo(Map.of(
                        id("group_1"), Set.of(id("ann"), id("bob")),
                        id("group_2"), Set.of(id("ann"))));
    }

    // In use

    private final RoomsFixture lab = RoomsFixture.withRules(RoomsFixture.CLASS_ACL + """
                    user ann
                    topic ttm4175/chat/group_1/#
                    user bob
                    topic write ttm4175/chat/group_1/message
                    """, "ann", "bob", "cem");

    @Test
    void fixedRoom_isListedForItsMembersOnly() {
        RoomInfo info = new RoomInfo(id("group_1"), false, java.util.List.of(id("ann"), id("bob")), true);
        assertThat(lab.list("ann").rooms()).containsExactly(info);
        assertThat(lab.list("bob").rooms()).containsExactly(info);
        assertThat(lab.list("cem").rooms()).isEmpty();
        assertThat(lab.rooms.roomsOf(id("bob"))).containsExactly(id("group_1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "leave", "invite", "remove"})
    void fixedRoom_isNotChangedByRequests(String action) {
        RoomsAnswer answer = lab.request("ann", action, "group_1", ",\"user\":\"bob\"");
        assertThat(answer.fault()).map(RequestFault::code).contains("room_fixed");
        assertThat(lab.rooms.members(id("group_1"))).containsExactlyInAnyOrder(id("ann"), id("bob"));
    }

    @Test
    void fixedRoom_forOthers_isNone() {
        assertThat(lab.request("cem", "join", "group_1").fault())
                .map(RequestFault::code)
                .contains("unknown_room");
        assertThat(lab.create("cem", "group_1", true).fault())
                .map(RequestFault::code)
                .contains("id_taken");
    }

    @Test
    void fixedRoom_givesItsMembersTheRightsOfMembers() {
        AclSubject bob = new AclSubject(Optional.of("bob"), "c1");
        AclSubject cem = new AclSubject(Optional.of("cem"), "c1");
        TopicFilter all = new TopicFilter("ttm4175/chat/group_1/#");

        assertThat(lab.rights.subscribe(bob, all).isAllowed()).isTrue();
        assertThat(lab.rights.publish(bob, "ttm4175/chat/group_1/typing").isAllowed())
                .isTrue();
        assertThat(lab.rights.subscribe(cem, all).isAllowed()).isFalse();
        assertThat(lab.rights.read(cem, "ttm4175/chat/group_1/message").isAllowed())
                .isFalse();
    }
}
