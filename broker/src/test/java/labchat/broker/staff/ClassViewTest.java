package labchat.broker.staff;

import static labchat.broker.staff.Happenings.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.Refusal;
import labchat.broker.staff.ClassView.Stuck;
import labchat.broker.staff.ClassView.Team;
import org.junit.jupiter.api.Test;

class ClassViewTest {

    private static final String MESSAGE = "ttm4175/chat/team2a/message";
    private static final Set<String> USERS = Set.of("team1a", "team2a");

    private final Happenings.Hands clock = new Happenings.Hands();
    private final ClassView view = new ClassView(USERS::contains, false, clock);

    private Team team() {
        return view.teams(List.of("team1a")).get(0);
    }

    private void refuse(int times, String packet, String topic, String code) {
        for (int i = 0; i < times; i++) {
            view.onEvent(Happenings.refused(clock.instant(), "team1a", packet, topic, code));
        }
    }

    @Test
    void teams_nothingHeard_areOffline() {
        assertThat(team().links()).isEmpty();
        assertThat(team().seen()).isEmpty();
        assertThat(team().stuck()).isEmpty();
    }

    @Test
    void teams_severalClients_areOnlineUntilTheLastIsGone() {
        view.onEvent(Happenings.connected(NOON, "team1a", 1));
        view.onEvent(Happenings.connected(NOON.plusSeconds(1), "team1a", 2));
        assertThat(team().links()).extracting(ClassView.Link::address).containsExactly("10.0.0.7:1", "10.0.0.7:2");

        view.onEvent(Happenings.gone(NOON.plusSeconds(2), "team1a", 1));
        assertThat(team().links()).hasSize(1);
        view.onEvent(Happenings.gone(NOON.plusSeconds(3), "team1a", 2));
        assertThat(team().links()).isEmpty();
        assertThat(team().seen()).contains(NOON.plusSeconds(3));
    }

    @Test
    void teams_ofStrangers_holdNothing() {
        view.onEvent(Happenings.loginRefused(NOON, "mallory"));

        assertThat(view.troubles()).isEmpty();
        assertThat(view.teams(List.of("mallory")).get(0).refused()).isZero();
    }

    @Test
    void stuck_threeOfOneCode_isStuckFromTheFirst() {
        refuse(2, "PUBLISH", MESSAGE, "invalid_json");
        assertThat(team().stuck()).isEmpty();
        clock.forward(Duration.ofMinutes(1));
        refuse(1, "PUBLISH", MESSAGE, "invalid_json");

        assertThat(team().stuck()).contains(new Stuck("invalid_json", 3, NOON));
    }

    @Test
    void stuck_differentCodes_isNotStuck() {
        refuse(2, "PUBLISH", MESSAGE, "invalid_json");
        refuse(2, "PUBLISH", MESSAGE, "sender_mismatch");

        assertThat(team().stuck()).isEmpty();
    }

    @Test
    void stuck_overALongTime_isNotStuck() {
        for (int i = 0; i < 3; i++) {
            refuse(1, "PUBLISH", MESSAGE, "invalid_json");
            clock.forward(Duration.ofMinutes(3));
        }

        assertThat(team().stuck()).isEmpty();
    }

    @Test
    void stuck_untilAMessageGetsThrough_isFreeAgain() {
        refuse(3, "PUBLISH", "chat/team2a", "outside_chat_tree");
        view.onEvent(Happenings.published(NOON, "team1a", "ttm4175/chat/team2a/typing", "typing"));
        assertThat(team().stuck()).as("a typing hint is not the same").isPresent();

        view.onEvent(Happenings.published(NOON, "team1a", MESSAGE, "message"));

        assertThat(team().stuck()).isEmpty();
        assertThat(team().accepted()).isEqualTo(2);
        assertThat(team().refused()).isEqualTo(3);
    }

    @Test
    void stuck_subscriptionsOrLogins_areFreeAfterOneOfTheirOwn() {
        refuse(3, "SUBSCRIBE", "ttm4175/chat/team2a/#", "foreign_tree");
        view.onEvent(Happenings.published(NOON, "team1a", MESSAGE, "message"));
        assertThat(team().stuck()).isPresent();
        view.onEvent(Happenings.subscribed(NOON, "team1a"));
        assertThat(team().stuck()).isEmpty();

        for (int i = 0; i < 3; i++) {
            view.onEvent(Happenings.loginRefused(NOON, "team1a"));
        }
        assertThat(team().stuck()).map(Stuck::code).contains("bad_password");
        view.onEvent(Happenings.connected(NOON, "team1a", 1));
        assertThat(team().stuck()).isEmpty();
    }

    @Test
    void troubles_areTheNewestFirstAndBounded() {
        for (int i = 0; i < 300; i++) {
            view.onEvent(Happenings.refused(NOON.plusSeconds(i), "team1a", "PUBLISH", MESSAGE, "code-" + i));
        }

        assertThat(view.troubles()).hasSize(200);
        assertThat(view.troubles().get(0).refusal().code()).isEqualTo("code-299");
        assertThat(team().lastTrouble().orElseThrow().refusal().code()).isEqualTo("code-299");
    }

    @Test
    void troubles_reasonThatQuotesAMessage_isCutUnlessStaffMaySeeMessages() {
        ClassView open = new ClassView(USERS::contains, true, clock);
        BrokerEvent event = new BrokerEvent.PacketRefused(
                NOON,
                Happenings.client("team1a", 1),
                "PUBLISH",
                MESSAGE,
                new Refusal(
                        "invalid_json",
                        "line 1, column 12: expected a comma? {\"message\":»secret«",
                        Optional.empty(),
                        "Publish json.dumps(data)."));
        view.onEvent(event);
        open.onEvent(event);

        assertThat(view.troubles().get(0).refusal().reason()).isEqualTo("line 1, column 12: expected a comma");
        assertThat(view.troubles().get(0).refusal().hint()).isEqualTo("Publish json.dumps(data).");
        assertThat(open.troubles().get(0).refusal().reason()).contains("secret");
    }

    @Test
    void checklist_ofAUser_isHeldUpToItsBounds() {
        view.checklist("team1a", new Checklist(Instant.EPOCH, "x6", List.of("y".repeat(100)), List.of("typing")));
        view.checklist("mallory", new Checklist(Instant.EPOCH, "x6", List.of(), List.of()));

        assertThat(team().checklist().orElseThrow().done().get(0)).hasSize(64);
        assertThat(view.teams(List.of("mallory")).get(0).checklist()).isEmpty();
    }
}
