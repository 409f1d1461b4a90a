package labchat.broker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {

    private final Pseudonyms names = new Pseudonyms(Set.of("team1a", "team2a"), "group_1"::equals);
    private final Mask mask = new Mask(names, "ttm4175/chat", false);
    private final Mask keeping = new Mask(names, "ttm4175/chat", true);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttm4175/chat/team1a/message | ttm4175/chat/ada/message",
                "ttm4175/chat/nobody-real/message | ttm4175/chat/ada/message",
                "ttm4175/chat/team1a/#, ttm4175/chat/+/presence | ttm4175/chat/ada/#, ttm4175/chat/+/presence",
                "+/+/team1a/# | +/+/ada/#",
                "ttm4175/chat/group_1/# | ttm4175/chat/room1/#",
                "ttm4175/bot/team1a-x/out | ttm4175/bot/ada-x/out",
                "# | #",
                "ttm4175/chat | ttm4175/chat"
            })
    void topics_ofUsersAndRooms_haveOtherNames(String real, String masked) {
        assertThat(mask.topics(real)).isEqualTo(masked);
    }

    @Test
    void payload_message_hasOtherNamesAndATextOfTheSameLength() {
        String masked = mask.payload(
                "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"Kari 😀!\",\"uuid\":\"team1a-1\"}");

        assertThat(masked)
                .startsWith("{\"sender\":\"ada\",\"receiver\":\"alan\",\"message\":\"")
                .endsWith("\",\"uuid\":\"m1\"}")
                .doesNotContain("Kari", "team1a");
        String text = masked.replaceFirst(".*\"message\":\"([^\"]*)\".*", "$1");
        assertThat(text).hasSize("Kari 😀!".codePointCount(0, "Kari 😀!".length()));
    }

    @Test
    void payload_withTextsKept_losesOnlyNamesOfAccounts() {
        assertThat(keeping.payload(
                        "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"Hei team2a, Kari here\"}"))
                .isEqualTo("{\"sender\":\"ada\",\"receiver\":\"alan\",\"message\":\"Hei alan, Kari here\"}");
        assertThat(keeping.payload("plain team1a text")).isEqualTo("plain ada text");
    }

    @Test
    void payload_ofTheServer_keepsWhatIsNobodys() {
        assertThat(mask.payload("{\"sender\":\"team2a\",\"status\":\"online\",\"since\":\"2026-11-20T10:15:30.123Z\"}"))
                .isEqualTo("{\"sender\":\"ada\",\"status\":\"online\",\"since\":\"2026-11-20T10:15:30.123Z\"}");
        assertThat(mask.payload(
                        "{\"rooms\":[{\"id\":\"group_1\",\"members\":[\"team1a\",\"team2a\"],\"joined\":true}]}"))
                .isEqualTo("{\"rooms\":[{\"id\":\"room1\",\"members\":[\"alan\",\"ada\"],\"joined\":true}]}");
    }

    @Test
    void payload_whatTheProtocolDoesNotKnow_isReplaced() {
        String masked = mask.payload(
                "{\"phone\":\"91234567\",\"team1a\":12345,\"status\":\"Kari says\",\"x\":[\"Kari\",null,true]}");

        assertThat(masked)
                .doesNotContain("phone", "91234567", "team1a", "12345", "Kari")
                .contains("\"field1\":\"", "\"field2\":0", "\"field3\":[", "null,true]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Kari", "[\"Kari\"]", "{\"sender\":\"Kari\"", "{\"sender\":\"Kari\"} Kari", "\"Kari\"", "{"})
    void payload_thatIsNoObject_isATextOfTheSameLength(String payload) {
        assertThat(mask.payload(payload)).hasSize(payload.length()).doesNotContain("Kari");
    }

    @Test
    void payload_empty_staysEmpty() {
        assertThat(mask.payload("")).isEmpty();
    }
}
