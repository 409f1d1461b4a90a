package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MenuTest {

    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final ChatId TEAM3A = new ChatId("team3a");
    private static final ChatId ROOM = new ChatId("group_1");
    private static final ChatId OTHER = new ChatId("group_2");

    private final Menu menu = new Menu();
    private final List<Contact> people = List.of(
            new Contact(TEAM2A, Optional.of(false), Optional.empty(), false),
            new Contact(TEAM3A, Optional.of(true), Optional.empty(), false));
    private List<RoomInfo> rooms =
            List.of(new RoomInfo(ROOM, true, List.of(TEAM2A), true), new RoomInfo(OTHER, true, List.of(TEAM2A), false));

    /** Types lines; what the last brings. */
    private Menu.Step type(String... lines) {
        Menu.Step step = null;
        for (String line : lines) {
            step = menu.line(line, people, rooms);
        }
        return step;
    }

    @Test
    void one_offersAllPeople_byNumber_andSends() {
        assertThat(menu.start()).containsSubsequence("1 personal message", "2 group", "3 leave a group", "0 quit");
        assertThat(type("1").say()).contains("1 choose from all people", "2 choose from those who are online");
        assertThat(type("1").say()).containsSubsequence("1 team2a", "2 team3a, online", "0 back");
        assertThat(type("2").say()).first().asString().startsWith("To team3a.");
        assertThat(type(" Hei: du/ ").input()).contains(new UserInput.SayTo(TEAM3A, " Hei: du/ "));
        assertThat(type("1").input()).contains(new UserInput.SayTo(TEAM3A, "1"));
        assertThat(type("").say()).contains("0 quit");
    }

    @Test
    void one_offersOnlyThoseWhoAreOnline_alsoByName() {
        assertThat(type("1", "2").say()).contains("1 team3a, online").doesNotContain("2 team2a");
        assertThat(type("team3a").say()).first().asString().startsWith("To team3a.");
    }

    @Test
    void two_writesInAGroup_orGetsInFirst_orMakesOne() {
        assertThat(type("2").say())
                .contains("1 group_1, 1 member, you are in it", "2 group_2, 1 member, choosing it gets you in");
        assertThat(type("1").input()).isEmpty();
        Menu.Step joining = type("", "2", "2");
        assertThat(joining.input())
                .contains(new UserInput.Rooms(Action.JOIN, Optional.of(OTHER), false, Optional.empty()));
        assertThat(menu.answered(joining, rooms)).as("not let in").contains("1 personal message");
        Menu.Step making = type("2", "group_3");
        assertThat(making.input())
                .contains(
                        new UserInput.Rooms(Action.CREATE, Optional.of(new ChatId("group_3")), true, Optional.empty()));
        rooms = List.of(new RoomInfo(new ChatId("group_3"), true, List.of(), true));
        assertThat(menu.answered(making, rooms)).first().asString().startsWith("To group_3.");
    }

    @Test
    void three_leavesAGroup_ofThoseOneIsIn() {
        assertThat(type("3").say()).contains("1 group_1").doesNotContain("2 group_2");
        assertThat(type("1").input())
                .contains(new UserInput.Rooms(Action.LEAVE, Optional.of(ROOM), false, Optional.empty()));
        rooms = List.of();
        assertThat(type("3").say()).first().isEqualTo("You are in no group.");
    }

    @Test
    void zero_quits_andElsewhereGoesBack() {
        assertThat(type("0").input()).contains(new UserInput.Quit());
        assertThat(type("1", "0").say()).contains("0 quit");
        assertThat(type("1", "1", "0").say()).contains("0 quit");
        assertThat(type("2", "0").say()).contains("0 quit");
        assertThat(type("3", "0").say()).contains("0 quit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "x", "/help", "\u001b[2J"})
    void whatWasNotOffered_isSaid_andNothingIsDone(String word) {
        Menu.Step step = type(word);
        assertThat(step.input()).isEmpty();
        assertThat(step.say()).singleElement().asString().endsWith("was not offered. Type 1, 2, 3 or 0.");
        assertThat(step.say().get(0)).doesNotContain("\u001b");
        assertThat(type("1", "1", "9").say()).containsExactly("\"9\" was not offered. Type 1 to 2, or 0 to go back.");
    }
}
