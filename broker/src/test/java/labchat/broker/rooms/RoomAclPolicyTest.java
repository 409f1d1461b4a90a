package labchat.broker.rooms;

import static labchat.broker.rooms.RoomsFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclSubject;
import labchat.broker.config.AclSubscribe;
import labchat.broker.event.RoomAccess.Standing;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ann and deny are in both rooms; bob is in none and invited to the private one; cem is in none. */
class RoomAclPolicyTest {

    private static final String ROOT = "ttm4175/chat/";
    private static final String ACL = """
            topic read ttm4175/chat/open/#
            user staff
            topic read ttm4175/#
            user writer
            topic readwrite ttm4175/chat/+/message
            user deny
            topic deny ttm4175/chat/open/typing
            topic deny ttm4175/chat/open/secret
            """ + RoomsFixture.CLASS_ACL + """
            pattern readwrite ttm4175/chat/+/photo
            """;

    private final RoomsFixture lab = RoomsFixture.withRules(ACL, "ann", "bob", "cem", "staff", "writer", "deny");

    @BeforeEach
    void makeRooms() {
        for (String room : List.of("open", "closed")) {
            lab.create("ann", room, room.equals("open"));
            lab.about("ann", "invite", room, "deny");
            lab.request("deny", "join", room);
        }
        lab.about("ann", "invite", "closed", "bob");
    }

    private static AclSubject user(String name) {
        return new AclSubject(Optional.of(name).filter(n -> !n.equals("-")), "c+1");
    }

    @ParameterizedTest
    @CsvSource({
        "ann,  open/message,     true",
        "ann,  open/typing,      true",
        "ann,  open/delivered,   false",
        "ann,  open/read,        false",
        "ann,  open/notice,      false",
        "ann,  open/photo,       false",
        "ann,  closed/message,   true",
        "ann,  closed/typing,    true",
        "deny, open/message,     true",
        "deny, open/typing,      false",
        "deny, closed/typing,    true",
        "cem,  open/photo,       false",
        "cem,  open/notice,      false",
        "cem,  open/x/y,         false",
        "cem,  closed/photo,     false",
        "bob,  closed/photo,     false",
        "staff,open/photo,       false",
        "writer,closed/message,  true",
        "writer,closed/photo,    false",
        "-,    open/photo,       false",
    })
    void publish_belowARoom_isForMembersAndOwnLines(String who, String topic, boolean allowed) {
        assertThat(lab.rights.publish(user(who), ROOT + topic).isAllowed()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "typing", "delivered", "read"})
    void publish_ofTheFourKindsByAStranger_isLeftToTheChatsRules(String kind) {
        AclSubject cem = new AclSubject(Optional.of("cem"), "c1");
        for (String room : List.of("open", "closed", "nosuch")) {
            assertThat(lab.rights.publish(cem, ROOT + room + "/" + kind).isAllowed())
                    .isTrue();
        }
        assertThat(lab.rights.standing(Optional.of("cem"), id("open"))).isEqualTo(Standing.OUTSIDE);
        assertThat(lab.rights.standing(Optional.of("cem"), id("closed"))).isEqualTo(Standing.NO_ROOM);
    }

    @ParameterizedTest
    @CsvSource({
        "ann,   open/message,   true",
        "ann,   open/notice,    true",
        "ann,   open/x/y,       true",
        "ann,   closed/message, true",
        "deny,  open/message,   true",
        "deny,  open/secret,    false",
        "bob,   open/message,   false",
        "bob,   closed/message, false",
        "bob,   open/photo,     false",
        "cem,   open/presence,  false",
        "staff, open/message,   true",
        "staff, closed/notice,  true",
        "-,     open/message,   true",
        "-,     closed/message, false",
        "writer,closed/message, true",
        "writer,closed/notice,  false",
    })
    void read_belowARoom_isForMembersAndOwnLines(String who, String topic, boolean allowed) {
        assertThat(lab.rights.read(user(who), ROOT + topic).isAllowed()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "ann,   open/#,        true",
        "ann,   open/message,  true",
        "ann,   closed/#,      true",
        "ann,   closed/+,      true",
        "deny,  open/#,        false",
        "deny,  open/message,  true",
        "deny,  closed/#,      true",
        "bob,   open/#,        false",
        "bob,   closed/#,      false",
        "cem,   open/photo,    false",
        "cem,   closed/#,      false",
        "cem,   nosuch/#,      false",
        "staff, open/#,        true",
        "staff, closed/#,      true",
        "writer,closed/message,true",
        "writer,closed/#,      false",
        "-,     open/#,        true",
    })
    void subscribe_belowARoom_isForMembersAndOwnLines(String who, String filter, boolean allowed) {
        assertThat(lab.rights
                        .subscribe(user(who), new TopicFilter(ROOT + filter))
                        .isAllowed())
                .isEqualTo(allowed);
    }

    /** Else one could find out by asking which ids are private rooms. */
    @ParameterizedTest
    @ValueSource(strings = {"#", "message", "presence", "photo", "notice", "+", "x/y", "+/#"})
    void subscribe_hiddenRoom_isAnsweredLikeNone_andBringsNothing(String below) {
        AclSubject cem = new AclSubject(Optional.of("cem"), "c1");
        AclDecision hidden = lab.rights.subscribe(cem, new TopicFilter(ROOT + "closed/" + below));
        AclDecision none = lab.rights.subscribe(cem, new TopicFilter(ROOT + "nosuch/" + below));

        assertThat(hidden.toString().replace("closed", "nosuch")).isEqualTo(none.toString());
        assertThat(lab.rights.read(cem, ROOT + "closed/photo").isAllowed()).isFalse();
    }

    @Test
    void subscribe_mosquittosWay_isGrantedAndEachDeliveryChecked() {
        RoomAclPolicy rights =
                new RoomAclPolicy(RoomsFixture.compile(ACL, AclSubscribe.MOSQUITTO), lab.rooms, ChatTopics.DEFAULT);

        assertThat(rights.subscribe(user("cem"), new TopicFilter(ROOT + "open/#"))
                        .isAllowed())
                .isTrue();
        assertThat(rights.read(user("cem"), ROOT + "open/message").isAllowed()).isFalse();
        assertThat(rights.read(user("ann"), ROOT + "open/message").isAllowed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttm4175/chat/ann/message",
                "ttm4175/chat/cem/message",
                "ttm4175/chat/ann/presence",
                "ttm4175/chat/nosuch/photo",
                "ttm4175/chat/open",
                "ttm4175/chat/",
                "ttm4175/chat",
                "ttm4175/chatter/open/message",
                "ttm4175/cha/open/message",
                "open/message",
                "$SYS/x",
                "",
                "+/#"
            })
    void anyQuestion_aboutNoRoom_isAnsweredByTheFileAlone(String topic) {
        AclSubject ann = new AclSubject(Optional.of("ann"), "c1");
        assertThat(lab.rights.publish(ann, topic)).isEqualTo(lab.acl.publish(ann, topic));
        assertThat(lab.rights.read(ann, topic)).isEqualTo(lab.acl.read(ann, topic));
        if (TopicFilter.problem(topic).isEmpty()) {
            assertThat(lab.rights.subscribe(ann, new TopicFilter(topic)))
                    .isEqualTo(lab.acl.subscribe(ann, new TopicFilter(topic)));
        }
    }

    @Test
    void subscribe_wildcardForTheId_isAnsweredByTheFileAlone() {
        for (String filter : List.of("ttm4175/chat/+/presence", "ttm4175/chat/#", "ttm4175/chat/+/message")) {
            assertThat(lab.rights.subscribe(user("ann"), new TopicFilter(filter)))
                    .isEqualTo(lab.acl.subscribe(user("ann"), new TopicFilter(filter)));
        }
    }

    @Test
    void decision_byMembership_namesNoRule_andByOwnLineNamesIt() {
        assertThat(lab.rights.publish(user("ann"), ROOT + "open/message").rule())
                .isEmpty();
        assertThat(lab.rights.publish(user("deny"), ROOT + "open/typing").rule())
                .hasValueSatisfying(rule -> assertThat(rule.text()).startsWith("topic deny"));
        assertThat(lab.rights.read(user("staff"), ROOT + "open/message").rule())
                .hasValueSatisfying(rule -> assertThat(rule.text()).isEqualTo("topic read ttm4175/#"));
    }

    @Test
    void rights_endWithMembership_andTheEpochRises() {
        long before = lab.rights.epoch();
        assertThat(lab.rights.read(user("deny"), ROOT + "closed/message").isAllowed())
                .isTrue();
        lab.request("deny", "leave", "closed");

        assertThat(lab.rights.epoch()).isGreaterThan(before);
        assertThat(lab.rights.read(user("deny"), ROOT + "closed/message").isAllowed())
                .isFalse();
        assertThat(lab.rights.publish(user("deny"), ROOT + "closed/photo").isAllowed())
                .isFalse();
    }

    @Test
    void rights_ofARoomThatEnded_areThoseOfNoRoom() {
        AclSubject cem = new AclSubject(Optional.of("cem"), "c1");
        assertThat(lab.rights.publish(cem, ROOT + "open/photo").isAllowed()).isFalse();
        lab.request("deny", "leave", "open");
        lab.request("ann", "leave", "open");
        assertThat(lab.rights.publish(cem, ROOT + "open/photo").isAllowed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ann,    open,   INSIDE",
        "ann,    closed, INSIDE",
        "bob,    open,   OUTSIDE",
        "bob,    closed, OUTSIDE",
        "cem,    closed, NO_ROOM",
        "writer, closed, INSIDE",
        "staff,  closed, NO_ROOM",
        "ann,    nosuch, NO_ROOM",
        "ann,    bob,    NO_ROOM",
        "-,      open,   OUTSIDE",
        "-,      closed, NO_ROOM",
    })
    void standing_isByMembershipOwnLinesAndWhatOneIsTold(String who, String room, Standing standing) {
        assertThat(lab.rights.standing(user(who).user(), id(room))).isEqualTo(standing);
    }
}
