package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserInputTest {

    private static final ChatId TEAM2A = new ChatId("team2a");

    private static UserInput withPartner(String line) {
        return UserInput.parse(line, Set.of(TEAM2A)::contains, true);
    }

    private static UserInput alone(String line) {
        return UserInput.parse(line, Set.of(TEAM2A)::contains, false);
    }

    private static String reason(UserInput input) {
        assertThat(input).isInstanceOf(UserInput.Wrong.class);
        return ((UserInput.Wrong) input).reason();
    }

    @Test
    void plainText_isForThePartner() {
        assertThat(withPartner("Hei!")).isEqualTo(new UserInput.Say("Hei!"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"team2a: Hei!", "team2a:Hei!", "team2a:   Hei!"})
    void knownNameAndColon_isForThatOne(String line) {
        assertThat(withPartner(line)).isEqualTo(new UserInput.SayTo(TEAM2A, "Hei!"));
    }

    @Test
    void unknownNameAndColon_withAPartner_isSentToNobody() {
        assertThat(reason(withPartner("note: bring cables")))
                .contains("\"note\" is no contact")
                .contains("/to note")
                .contains("begin it with a space");
    }

    @Test
    void unknownNameAndColon_withoutAPartner_isForThatOne() {
        assertThat(alone("kashish: Hei!")).isEqualTo(new UserInput.SayTo(new ChatId("kashish"), "Hei!"));
    }

    @ParameterizedTest
    @CsvSource({"/receipts off,true,false", "/receipts on,true,true", "/typing off,false,false"})
    void switches_areUnderstood(String line, boolean receipts, boolean on) {
        assertThat(alone(line)).isEqualTo(new UserInput.Tell(receipts, on));
    }

    @ParameterizedTest
    @CsvSource({"/receipts", "/typing perhaps"})
    void switchWithoutOnOrOff_isRefused(String line) {
        assertThat(reason(alone(line))).contains(" on, or ");
    }

    @Test
    void checklist_isOfThePartner_orOfAnotherOne() {
        assertThat(alone("/checklist")).isEqualTo(new UserInput.Checklist(Optional.empty()));
        assertThat(alone("/checklist x1")).isEqualTo(new UserInput.Checklist(Optional.of(new ChatId("x1"))));
        assertThat(reason(alone("/checklist x/1"))).contains("/checklist x1");
    }

    @ParameterizedTest
    @CsvSource({"' note: bring cables','note: bring cables'", "'//to be','/to be'", "' /to','/to'"})
    void lineWithASpaceOrASecondSlash_isTextWhateverItSays(String line, String text) {
        assertThat(withPartner(line)).isEqualTo(new UserInput.Say(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.org", "12:30 at the lab", "see: that", ":-)"})
    void colonThatNamesNobody_isNeverTakenForAKnownName(String line) {
        assertThat(withPartner(line)).isNotInstanceOf(UserInput.SayTo.class);
    }

    @Test
    void commands_areUnderstood() {
        assertThat(alone("/to team2a")).isEqualTo(new UserInput.Choose(TEAM2A));
        assertThat(alone("/all Hei alle")).isEqualTo(new UserInput.SayToAll("Hei alle"));
        assertThat(alone("/who")).isEqualTo(new UserInput.Who(Optional.empty()));
        assertThat(alone("/help ")).isEqualTo(new UserInput.Help());
        assertThat(alone("/quit")).isEqualTo(new UserInput.Quit());
        assertThat(alone("   ")).isEqualTo(new UserInput.Nothing());
    }

    @Test
    void questionsToTheServer_areUnderstood() {
        ChatId group = new ChatId("group_1");

        assertThat(alone("/who team2a")).isEqualTo(new UserInput.Who(Optional.of(TEAM2A)));
        assertThat(alone("/history")).isEqualTo(new UserInput.History(20));
        assertThat(alone("/history 200")).isEqualTo(new UserInput.History(200));
        assertThat(alone("/history more")).isEqualTo(new UserInput.Older());
        assertThat(alone("/search two words")).isEqualTo(new UserInput.Search("two words", false));
        assertThat(alone("/search all: two words")).isEqualTo(new UserInput.Search("two words", true));
        assertThat(alone("/rooms"))
                .isEqualTo(new UserInput.Rooms(Action.LIST, Optional.empty(), false, Optional.empty()));
        assertThat(alone("/create group_1"))
                .isEqualTo(new UserInput.Rooms(Action.CREATE, Optional.of(group), true, Optional.empty()));
        assertThat(alone("/create group_1 private"))
                .isEqualTo(new UserInput.Rooms(Action.CREATE, Optional.of(group), false, Optional.empty()));
        assertThat(alone("/join group_1"))
                .isEqualTo(new UserInput.Rooms(Action.JOIN, Optional.of(group), false, Optional.empty()));
        assertThat(alone("/leave"))
                .isEqualTo(new UserInput.Rooms(Action.LEAVE, Optional.empty(), false, Optional.empty()));
        assertThat(alone("/leave group_1"))
                .isEqualTo(new UserInput.Rooms(Action.LEAVE, Optional.of(group), false, Optional.empty()));
        assertThat(alone("/invite team2a"))
                .isEqualTo(new UserInput.Rooms(Action.INVITE, Optional.empty(), false, Optional.of(TEAM2A)));
        assertThat(alone("/remove team2a group_1"))
                .isEqualTo(new UserInput.Rooms(Action.REMOVE, Optional.of(group), false, Optional.of(TEAM2A)));
    }

    @Test
    void unknownCommand_isAnsweredWithTheNearest() {
        assertThat(reason(alone("/hlep"))).contains("\"/hlep\"").contains("did you mean /help?");
        assertThat(reason(alone("/dance"))).contains("known are /to, /all, /who, /history");
    }

    @ParameterizedTest
    @CsvSource({
        "/to,such as /to team2a",
        "/to team 2a,found ' ' at index 4",
        "/all,nothing to send",
        "/quit now,/quit stands alone",
        "/history 0,from 1 to 200",
        "/history 201,from 1 to 200",
        "/history yesterday,/history more",
        "/search,nothing to search for",
        "/search all:,nothing to search for",
        "/who is there,found ' ' at index 2",
        "/rooms all,/rooms stands alone",
        "/create,/create group_1 private",
        "/create my group,/create group_1 private",
        "/join,/rooms lists them",
        "/join group 1,found ' ' at index 5",
        "/leave group 1,found ' ' at index 5",
        "/invite,/invite team2a group_1",
        "/invite team2a group 1,/invite team2a group_1",
        "/remove te/am,found '/' at index 2",
        "team2a:,nothing to send"
    })
    void incompleteCommand_isAnsweredWithWhatIsMissing(String line, String answer) {
        assertThat(reason(withPartner(line))).contains(answer);
    }
}
