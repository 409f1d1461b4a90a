package labchat.client.ui.full;

import static labchat.client.ui.full.Scene.ME;
import static labchat.client.ui.full.Scene.ROOM;
import static labchat.client.ui.full.Scene.TEAM2A;
import static labchat.client.ui.full.Scene.TEAM3A;
import static labchat.client.ui.full.Scene.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.client.options.Preferences.Background;
import labchat.client.session.MqttVersion;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.client.ui.Packets;
import labchat.client.ui.WireDisplay;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;

/** What keys and the network do. */
class ReactionTest {

    private final Scene scene = new Scene(80, 24).connected().online("team2a").online("team3a");

    @Test
    void message_inAnotherConversation_isDeliveredButNotRead() {
        scene.enter("/to team3a").message(TEAM2A, "Hei!", "m1").draw();

        assertThat(scene.published).extracting(ChatEvent::kind).containsExactly(ChatKind.DELIVERED);
        assertThat(scene.notified).containsExactly("team2a writes");
        assertThat(scene.model.unread()).isEqualTo(1);
    }

    @Test
    void message_inTheOpenConversation_isReadOnceItWasDrawn() {
        scene.enter("/to team2a").message(TEAM2A, "Hei!", "m1");
        assertThat(scene.published(ChatKind.READ)).isEmpty();

        scene.draw();
        scene.draw();

        assertThat(scene.published(ChatKind.READ))
                .containsExactly(new Receipt(ChatKind.READ, ME, TEAM2A, new MessageUuid("m1")));
        assertThat(scene.notified).isEmpty();
    }

    @Test
    void message_whileTheWindowIsNotLookedAt_isReadWhenItIs() {
        scene.enter("/to team2a")
                .press(Key.Code.FOCUS_OUT)
                .message(TEAM2A, "Hei!", "m1")
                .draw();
        assertThat(scene.published(ChatKind.READ)).isEmpty();
        assertThat(scene.notified).hasSize(1);

        scene.press(Key.Code.FOCUS_IN).draw();

        assertThat(scene.published(ChatKind.READ)).hasSize(1);
    }

    @Test
    void messages_outOfSight_areNotRead() {
        scene.enter("/to team3a");
        for (int i = 0; i < 50; i++) {
            scene.message(TEAM2A, "number " + i, "m" + i);
        }
        scene.enter("/to team2a").draw();
        int seen = scene.published(ChatKind.READ).size();
        assertThat(seen).isBetween(1, 24);

        scene.press(Key.Code.PAGE_UP).draw();

        assertThat(scene.published(ChatKind.READ).size()).isGreaterThan(seen).isLessThan(50);
    }

    @Test
    void receipts_switchedOff_areNotSent() {
        scene.enter("/receipts off")
                .enter("/to team2a")
                .message(TEAM2A, "Hei!", "m1")
                .draw();

        assertThat(scene.published).extracting(ChatEvent::kind).containsExactly(ChatKind.DELIVERED);
    }

    @Test
    void repeatedMessage_isShownOnce_andItsReceiptsAreSentAgain() {
        scene.enter("/to team2a").message(TEAM2A, "Hei!", "m1").draw();
        scene.published.clear();

        scene.message(TEAM2A, "Hei!", "m1");

        assertThat(scene.published).extracting(ChatEvent::kind).containsExactly(ChatKind.DELIVERED, ChatKind.READ);
        assertThat(scene.model.current.items()).hasSize(1);
    }

    @Test
    void ownMessage_risesInPlace_andNeverFalls() {
        scene.enter("/to team2a").enter("Hei!");
        assertThat(scene.text()).contains("you: Hei!  waiting");
        scene.acknowledgeAll();
        assertThat(scene.text()).contains("you: Hei!  sent");
        scene.receipt(ChatKind.READ, TEAM2A, "u1");
        assertThat(scene.text()).contains("you: Hei!  ✓✓ (read)");
        scene.receipt(ChatKind.DELIVERED, TEAM2A, "u1");
        assertThat(scene.text()).contains("you: Hei!  ✓✓ (read)");
    }

    @Test
    void receipt_ofSomebodyElse_changesNothing() {
        scene.enter("/to team2a").enter("Hei!").receipt(ChatKind.READ, TEAM3A, "u1");

        assertThat(scene.text()).contains("you: Hei!  waiting");
    }

    @Test
    void refusedMessage_saysWhy() {
        scene.enter("/to team2a").enter("Hei!");
        scene.tell(new SessionEvent.Unsent(
                scene.published(ChatKind.MESSAGE).get(0),
                new SessionFailure(SessionFailure.Kind.REFUSED, "there is no user \"team2a\".")));

        assertThat(scene.text()).contains("not sent: there is no user \"team2a\".");
    }

    @Test
    void typing_isToldAtTheFirstKey_andForgottenAfterSixSeconds() {
        scene.enter("/to team2a").type("Hei");
        assertThat(scene.published(ChatKind.TYPING)).containsExactly(new Typing(ME, TEAM2A));

        scene.arrives(new Typing(TEAM2A, ME));
        assertThat(scene.text()).contains("team2a is typing…");
        assertThat(scene.nextTick()).contains(scene.model.now.plusSeconds(6));
        assertThat(scene.later(Duration.ofSeconds(6)).text()).doesNotContain("is typing");
        assertThat(scene.nextTick()).isEmpty();
    }

    @Test
    void typing_ofACommandOrSwitchedOff_isNotTold() {
        scene.enter("/to team2a").type("/who").press(Key.Code.CTRL, "u");
        scene.enter("/typing off").type("Hei");

        assertThat(scene.published).isEmpty();
    }

    @Test
    void toAll_isSentAfterTheQuestion() {
        scene.enter("/to team2a").type("Lab!").press(Key.Code.ALT, "s");
        assertThat(scene.text()).contains("Send to all 2?");
        assertThat(scene.published(ChatKind.MESSAGE)).isEmpty();

        scene.press(Key.Code.ENTER).receipt(ChatKind.READ, TEAM3A, "u2");

        assertThat(scene.published(ChatKind.MESSAGE))
                .extracting(ChatEvent::receiver)
                .containsExactlyInAnyOrder(TEAM2A, TEAM3A);
        assertThat(scene.press(Key.Code.ESCAPE).text())
                .contains("to all 2: Lab!")
                .contains("read by 1 of 2");
    }

    @Test
    void toAll_notConfirmed_keepsTheText() {
        scene.enter("/to team2a").type("Lab!").press(Key.Code.ALT, "s").press(Key.Code.ESCAPE);

        assertThat(scene.published(ChatKind.MESSAGE)).isEmpty();
        assertThat(scene.model.current.composer().text()).isEqualTo("Lab!");
    }

    @Test
    void history_comesWhenAConversationIsOpened_andOlderOnScrollingUp() {
        scene.enter("/to team2a");
        assertThat(scene.historyAsked(TEAM2A)).hasSize(1);
        scene.history(TEAM2A, true, entry(TEAM2A, ME, "newer", "h2", "2026-11-19T16:02:00Z", true));
        assertThat(scene.text()).contains("yesterday").contains("16:02 team2a: newer");

        scene.press(Key.Code.PAGE_UP);
        assertThat(scene.historyAsked(TEAM2A).get(0).before()).contains("h2");
        scene.history(TEAM2A, false, entry(TEAM2A, ME, "older", "h1", "2026-11-18T16:02:00Z", true));

        assertThat(scene.text()).contains("Wednesday 18 November 2026").contains("team2a: older");
        scene.press(Key.Code.PAGE_UP);
        assertThat(scene.historyAsked(TEAM2A)).isEmpty();
        assertThat(scene.published(ChatKind.READ)).isEmpty();
    }

    @Test
    void lateMessage_learnsItsTime() {
        scene.tell(new SessionEvent.ConnectionLost("it broke", Duration.ofSeconds(1)));
        scene.tell(new SessionEvent.Connected("localhost:1883", true));
        scene.message(TEAM2A, "while you were away", "m1");
        scene.tell(new SessionEvent.CaughtUp(true));
        scene.history(TEAM2A, false, entry(TEAM2A, ME, "while you were away", "m1", "2026-11-20T07:01:00Z", false));

        assertThat(scene.enter("/to team2a").text()).contains("07:01 team2a: while you were away");
    }

    /** The server answers before what waits in the connection has come. */
    @Test
    void historyAheadOfWhatComes_endsInTheOrderInWhichItWasSent() {
        scene.enter("/to team2a");
        scene.history(
                TEAM2A,
                false,
                entry(TEAM2A, ME, "first", "m1", "2026-11-20T10:15:27Z", true),
                entry(TEAM2A, ME, "third", "m3", "2026-11-20T10:15:29Z", false),
                entry(TEAM2A, ME, "fourth", "m4", "2026-11-20T10:15:29Z", false));
        scene.message(TEAM2A, "second", "m2");
        scene.message(TEAM2A, "third", "m3");
        scene.message(TEAM2A, "fourth", "m4");
        scene.message(TEAM2A, "fifth", "m5");

        assertThat(scene.text()).containsSubsequence("first", "second", "third", "fourth", "fifth");
    }

    @Test
    void historyThatComesAgain_staysWhereItWas() {
        scene.enter("/to team2a");
        scene.history(
                TEAM2A,
                false,
                entry(TEAM2A, ME, "theirs", "m1", "2026-11-20T10:15:27Z", false),
                entry(ME, TEAM2A, "mine", "m2", "2026-11-20T10:15:29Z", false));
        scene.message(TEAM2A, "theirs", "m1");

        assertThat(scene.text()).containsSubsequence("team2a: theirs", "you: mine");
    }

    @Test
    void scrolledUp_whatComes_movesNothing() {
        scene.enter("/to team2a");
        for (int i = 0; i < 60; i++) {
            scene.message(TEAM2A, "number " + i, "m" + i);
        }
        List<String> before = pane(scene.press(Key.Code.PAGE_UP));

        scene.message(TEAM2A, "one more", "m60");

        assertThat(pane(scene)).isEqualTo(before);
        assertThat(scene.press(Key.Code.END).text()).contains("one more");
    }

    /** Without the list and the status, which count what is new. */
    private static List<String> pane(Scene scene) {
        return scene.text()
                .lines()
                .limit(22)
                .map(line -> line.substring(line.indexOf('│')))
                .toList();
    }

    @Test
    void keys_goFromOneConversationToAnother() {
        scene.message(TEAM3A, "Hei!", "m1").press(Key.Code.ALT, "a");
        assertThat(scene.model.current.with()).contains(TEAM3A);
        scene.press(Key.Code.CTRL, "k").enter("m2");
        assertThat(scene.model.current.with()).contains(TEAM2A);
        scene.press(Key.Code.ALT, "1");
        assertThat(scene.model.current.with()).contains(TEAM3A);
        scene.press(Key.Code.DOWN);
        assertThat(scene.model.current.with()).contains(TEAM2A);
        scene.press(Key.Code.ESCAPE);
        assertThat(scene.model.current).isSameAs(scene.model.home);
        scene.draw();
        scene.click(1);
        assertThat(scene.model.current.with()).contains(TEAM3A);
    }

    @Test
    void tab_completesNamesAndCommands() {
        scene.type("/to te").press(Key.Code.TAB);
        assertThat(scene.model.current.composer().text()).isEqualTo("/to team");
        assertThat(scene.hint()).contains("team2a  team3a");
        scene.type("2").press(Key.Code.TAB).press(Key.Code.ENTER);
        assertThat(scene.model.current.with()).contains(TEAM2A);

        scene.type("/jo").press(Key.Code.TAB);
        assertThat(scene.model.current.composer().text()).isEqualTo("/join ");
    }

    @Test
    void unknownCommand_suggestsTheNearest_andKeepsTheLine() {
        scene.enter("/recipts off");

        assertThat(scene.hint()).contains("did you mean /receipts?");
        assertThat(scene.model.current.composer().text()).isEqualTo("/recipts off");
    }

    @Test
    void text_withNobodyChosen_isKeptAndExplained() {
        scene.enter("Hei!");

        assertThat(scene.hint()).contains("nobody is chosen");
        assertThat(scene.published).isEmpty();
        assertThat(scene.model.current.composer().text()).isEqualTo("Hei!");
    }

    @Test
    void textTooLong_isKeptAndExplained() {
        scene.enter("/to team2a").press(Key.Code.PASTE, "x".repeat(4_097)).press(Key.Code.ENTER);

        assertThat(scene.hint()).contains("4097 characters, at most 4096");
        assertThat(scene.published(ChatKind.MESSAGE)).isEmpty();
    }

    @Test
    void altW_showsThePackets_andAltM_theirCommands_oneAfterAnother() {
        Scene scene = new Scene(80, 24).connected();
        scene.press(Key.Code.ALT, "w");
        assertThat(scene.model.showsWire()).as("nobody gave it a wire").isFalse();
        scene.model.wire = Optional.of(new WireDisplay(Packets.log(), Packets.settings(MqttVersion.V5), false));

        scene.press(Key.Code.ALT, "w");
        assertThat(scene.model.showsWire()).isTrue();
        scene.press(Key.Code.ALT, "m");
        assertThat(scene.model.hint.orElse("")).startsWith("packet 5: mosquitto_pub ");
        scene.press(Key.Code.ALT, "m");
        assertThat(scene.model.hint.orElse("")).startsWith("packet 3: mosquitto_sub ");
        scene.press(Key.Code.ALT, "m");
        assertThat(scene.model.hint.orElse("")).startsWith("packet 5: ");
        scene.enter("/wire off");
        assertThat(scene.model.showsWire()).isFalse();
    }

    @Test
    void altEnter_makesALine_ofOneMessage() {
        scene.enter("/to team2a").type("one").press(Key.Code.NEW_LINE).enter("two");

        assertThat(scene.published(ChatKind.MESSAGE))
                .containsExactly(new ChatMessage(ME, TEAM2A, "one\ntwo", new MessageUuid("u1")));
    }

    @Test
    void roomMessage_getsReceiptsThatNameTheRoom() {
        scene.room(ME, TEAM2A).enter("/to group_1");
        scene.arrives(new ChatMessage(TEAM2A, ROOM, "Hei!", new MessageUuid("m1")))
                .draw();

        assertThat(scene.published)
                .containsExactly(
                        new Receipt(ChatKind.DELIVERED, ME, TEAM2A, new MessageUuid("m1"), Optional.of(ROOM)),
                        new Receipt(ChatKind.READ, ME, TEAM2A, new MessageUuid("m1"), Optional.of(ROOM)));
    }

    @Test
    void draft_staysInItsConversation() {
        scene.enter("/to team2a").type("half");
        scene.press(Key.Code.NEXT);
        assertThat(scene.model.current.composer().isEmpty()).isTrue();
        scene.press(Key.Code.PREVIOUS);

        assertThat(scene.model.current.composer().text()).isEqualTo("half");
    }

    @Test
    void control_keysLeave() {
        scene.type("x").press(Key.Code.CTRL, "c");
        assertThat(scene.others).isEmpty();
        scene.press(Key.Code.CTRL, "c")
                .press(Key.Code.CTRL, "d")
                .press(Key.Code.CTRL, "z")
                .enter("/quit");

        assertThat(scene.others).containsExactly("interrupt", "leave", "suspend", "leave");
    }

    @Test
    void thousandsOfMessages_areNotAllKept() {
        scene.enter("/to team2a");
        for (int i = 0; i < 3_000; i++) {
            scene.message(TEAM2A, "number " + i, "m" + i);
        }

        assertThat(scene.model.current.items()).hasSize(2_000);
        assertThat(scene.model.current.unread()).isEqualTo(2_000);
        assertThat(scene.model.now).isAfter(Instant.EPOCH);
    }

    @Test
    void switches_areKept() {
        scene.enter("/receipts off").enter("/notify desktop").enter("/notify");

        assertThat(scene.others).containsExactly("keep receipts off", "keep notify desktop");
        assertThat(scene.hint()).contains("/notify is desktop");
        assertThat(scene.enter("/mouse maybe").hint()).contains("one of: on, off");
    }

    @Test
    void typing_switchedOff_isNotTold() {
        scene.enter("/to team2a").enter("/typing off").type("Hei");

        assertThat(scene.published).isEmpty();
    }

    @Test
    void checklist_isAskedOfThePartner() {
        scene.enter("/checklist");
        assertThat(scene.hint()).contains("/checklist x1");

        scene.enter("/checklist team3a");

        assertThat(scene.published(ChatKind.MESSAGE))
                .containsExactly(new ChatMessage(ME, TEAM3A, "checklist", new MessageUuid("u1")));
        assertThat(scene.model.current.with()).contains(TEAM3A);
    }

    @Test
    void ownMessages_areChosen_andTellWhatBecameOfThem() {
        scene.room(ME, TEAM2A, TEAM3A).enter("/to group_1").enter("first");
        for (int i = 2; i <= 40; i++) {
            scene.enter("number " + i);
        }
        scene.acknowledgeAll();
        scene.arrives(new Receipt(ChatKind.READ, TEAM2A, ME, new MessageUuid("u1"), Optional.of(ROOM)));

        scene.press(Key.Code.ALT, "r");
        assertThat(scene.text()).contains("Read by: nobody", "Not delivered yet: team2a, team3a");

        scene.press(Key.Code.HOME);
        assertThat(scene.text())
                .contains("you: first", "Read by: team2a 10:15:30", "Not delivered yet: team3a")
                .doesNotContain("number 40");

        scene.press(Key.Code.DOWN).press(Key.Code.ESCAPE);
        assertThat(scene.text()).contains("number 40").doesNotContain("Read by:");
        assertThat(scene.press(Key.Code.ALT, "r")
                        .type("x")
                        .model
                        .current
                        .composer()
                        .text())
                .isEqualTo("x");
    }

    @Test
    void terminalsAnswer_setsTheColours_unlessTheUserHas() {
        scene.press(Key.Code.BACKGROUND, "11;rgb:ffff/ffff/ffff");
        assertThat(scene.model.theme.background()).isEqualTo(Background.LIGHT);

        scene.enter("/background dark").press(Key.Code.BACKGROUND, "11;rgb:ffff/ffff/ffff");
        assertThat(scene.model.theme.background()).isEqualTo(Background.DARK);
    }
}
