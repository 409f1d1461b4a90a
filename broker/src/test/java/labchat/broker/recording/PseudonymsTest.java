package labchat.broker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PseudonymsTest {

    private final Pseudonyms names = new Pseudonyms(Set.of("team1a", "team2a", "ada"), "group_1"::equals);

    @Test
    void id_sameName_hasTheSamePseudonym() {
        String one = names.id("team1a");

        assertThat(names.id("team2a")).isNotEqualTo(one);
        assertThat(names.id("team1a")).isEqualTo(one);
    }

    @Test
    void id_ofSomebodyCalledLikeAPseudonym_isAnother() {
        assertThat(names.id("team1a")).as("ada is an account").isEqualTo("alan");
        assertThat(names.id("ada")).isEqualTo("grace");
    }

    @Test
    void id_ofARoomAndTheServer_isARoomsAndTheServers() {
        assertThat(names.id("group_1")).isEqualTo("room1");
        assertThat(names.id("server")).isEqualTo("server");
        assertThat(names.id("")).isEmpty();
    }

    @Test
    void id_ofMoreUsersThanNames_isDifferentForEach() {
        Set<String> given = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            given.add(names.id("user" + i));
        }

        assertThat(given).hasSize(300);
    }

    @Test
    void client_andUuid_tellNothing() {
        assertThat(names.client("team1a", "team1a-laptop")).isEqualTo("alan-1");
        assertThat(names.client("team1a", "phone")).isEqualTo("alan-2");
        assertThat(names.client("team1a", "team1a-laptop")).isEqualTo("alan-1");
        assertThat(names.uuid("team1a-0001")).isEqualTo("m1");
        assertThat(names.uuid("other")).isEqualTo("m2");
        assertThat(names.uuid("team1a-0001")).isEqualTo("m1");
    }

    @Test
    void inText_namesOfAccounts_areReplacedWholeOnly() {
        assertThat(names.inText("Hei TEAM1A, team1a! team1ab is nobody; team2a_x? server"))
                .isEqualTo("Hei alan, alan! team1ab is nobody; grace_x? server");
    }
}
