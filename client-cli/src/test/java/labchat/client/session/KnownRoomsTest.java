package labchat.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import labchat.protocol.event.Notice;
import labchat.protocol.event.Notice.Change;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;

class KnownRoomsTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final ChatId OPEN = new ChatId("open");
    private static final ChatId SECRET = new ChatId("secret");

    private final KnownRooms rooms = new KnownRooms(ME);

    private static RoomInfo room(ChatId id, ChatId... members) {
        return new RoomInfo(
                id, id.equals(OPEN), List.of(members), List.of(members).contains(ME));
    }

    private void answer(String action, ChatId about, RoomInfo... told) {
        rooms.learn(new RoomsAnswer(ME, action, Optional.ofNullable(about), List.of(told), Optional.empty()));
    }

    private void notice(ChatId user, ChatId room, Change change) {
        rooms.learn(new Notice(user, room, change, "words"));
    }

    @Test
    void list_replacesAll() {
        answer("list", null, room(SECRET, ME));
        answer("list", null, room(OPEN, TEAM2A));

        assertThat(rooms.all()).containsExactly(room(OPEN, TEAM2A));
        assertThat(rooms.joined()).isEmpty();
    }

    @Test
    void otherAnswers_changeTheirRoomOnly() {
        answer("list", null, room(OPEN, TEAM2A), room(SECRET, ME));
        answer("join", OPEN, room(OPEN, ME, TEAM2A));
        assertThat(rooms.joined()).containsExactly(OPEN, SECRET);

        answer("leave", SECRET);
        assertThat(rooms.all()).containsExactly(room(OPEN, ME, TEAM2A));
    }

    @Test
    void refusal_changesNothing() {
        answer("list", null, room(OPEN, ME));
        rooms.learn(new RoomsAnswer(
                ME, "leave", Optional.of(OPEN), List.of(), Optional.of(new RequestFault("room_fixed", "words"))));

        assertThat(rooms.isJoined(OPEN)).isTrue();
    }

    @Test
    void notices_changeTheMembers() {
        answer("list", null, room(OPEN, ME));
        notice(TEAM2A, OPEN, Change.JOINED);
        assertThat(rooms.all()).containsExactly(room(OPEN, ME, TEAM2A));
        notice(TEAM2A, OPEN, Change.LEFT);
        assertThat(rooms.all()).containsExactly(room(OPEN, ME));
    }

    @Test
    void invitation_makesNobodyAMember() {
        answer("list", null, room(SECRET, ME));
        notice(TEAM2A, SECRET, Change.INVITED);
        notice(ME, OPEN, Change.INVITED);

        assertThat(rooms.all()).containsExactly(room(SECRET, ME));
    }

    @Test
    void removalOfOneself_leavesAPublicRoomToBeSeen_butNotAPrivateOne() {
        answer("list", null, room(OPEN, ME, TEAM2A), room(SECRET, ME, TEAM2A));
        notice(ME, OPEN, Change.REMOVED);
        notice(ME, SECRET, Change.REMOVED);

        assertThat(rooms.all()).containsExactly(room(OPEN, TEAM2A));
    }
}
