package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
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
        "team2a:,nothing to send"
    })
    void incompleteCommand_isAnsweredWithWhatIsMissing(String line, String answer) {
        assertThat(reason(withPartner(line))).contains(answer);
    }
}
