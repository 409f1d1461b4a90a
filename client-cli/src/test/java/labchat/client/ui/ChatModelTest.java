package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;

class ChatModelTest {

    private static final SessionEvent.Received EXPLANATION = new SessionEvent.Received(
            Instant.parse("2026-11-20T10:15:30Z"), "ttm4175/chat/team1a/diagnostics", 1, "{}");

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final ChatId TEAM3A = new ChatId("team3a");

    private final AtomicInteger uuids = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private ChatModel model = model(Optional.of(List.of(TEAM2A, TEAM3A)));

    private ChatModel model(Optional<List<ChatId>> contacts) {
        return new ChatModel(ME, ChatTopics.DEFAULT, contacts, () -> new MessageUuid("u" + uuids.incrementAndGet()));
    }

    private List<Effect> type(String line) {
        return model.input(model.parse(line), now);
    }

    private List<Effect> arrives(ChatEvent event) {
        return model.session(new SessionEvent.Arrived(event, now, "ttm4175/chat/team1a/" + event.kind(), 1, "{}"), now);
    }

    private List<Effect> receipt(ChatKind kind, ChatId from, String uuid) {
        return arrives(new Receipt(kind, from, ME, new MessageUuid(uuid)));
    }

    private static List<ChatEvent> published(List<Effect> effects) {
        List<ChatEvent> events = new ArrayList<>();
        effects.forEach(effect -> {
            if (effect instanceof Effect.Publish publish) {
                events.add(publish.event());
            }
        });
        return events;
    }

    private static List<ChatLine> shown(List<Effect> effects) {
        List<ChatLine> lines = new ArrayList<>();
        effects.forEach(effect -> {
            if (effect instanceof Effect.Show show) {
                lines.add(show.line());
            }
        });
        return lines;
    }

    private static String problem(List<Effect> effects) {
        assertThat(effects).singleElement().isInstanceOf(Effect.Show.class);
        ChatLine line = shown(effects).get(0);
        assertThat(line).isInstanceOf(ChatLine.Problem.class);
        return ((ChatLine.Problem) line).text();
    }

    @Test
    void text_withoutAPartner_isKeptAndExplained() {
        assertThat(problem(type("Hei!"))).contains("/to team2a");
    }

    @Test
    void text_withAPartner_isShownAndPublished() {
        type("/to team2a");

        List<Effect> effects = type("Hei!");

        assertThat(effects)
                .containsExactly(
                        new Effect.Show(new ChatLine.Outgoing(now, Optional.of(TEAM2A), 1, "Hei!")),
                        new Effect.Publish(new ChatMessage(ME, TEAM2A, "Hei!", new MessageUuid("u1"))));
    }

    @Test
    void namedReceiver_becomesThePartnerOnlyIfThereIsNone() {
        type("team2a: Hei!");
        assertThat(model.partner()).contains(TEAM2A);

        type("team3a: Hei!");
        assertThat(model.partner()).contains(TEAM2A);
    }

    @Test
    void textTooLong_isNotSent() {
        type("/to team2a");

        assertThat(published(type("x".repeat(4_096)))).hasSize(1);
        assertThat(problem(type("x".repeat(4_097)))).contains("4097 characters, at most 4096");
    }

    @Test
    void incomingMessage_isDeliveredThenShownThenRead() {
        List<Effect> effects = arrives(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1")));

        assertThat(effects)
                .containsExactly(
                        new Effect.Publish(new Receipt(ChatKind.DELIVERED, ME, TEAM2A, new MessageUuid("m1"))),
                        new Effect.Show(new ChatLine.Incoming(now, TEAM2A, "Hei!")),
                        new Effect.Publish(new Receipt(ChatKind.READ, ME, TEAM2A, new MessageUuid("m1"))));
    }

    @Test
    void repeatedMessage_isShownOnceAndItsReceiptsAreSentAgain() {
        ChatMessage message = new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1"));
        arrives(message);

        List<Effect> effects = arrives(message);

        assertThat(shown(effects)).isEmpty();
        assertThat(published(effects)).extracting(ChatEvent::kind).containsExactly(ChatKind.DELIVERED, ChatKind.READ);
    }

    @Test
    void sameUuid_fromAnother_isAnotherMessage() {
        arrives(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1")));

        assertThat(shown(arrives(new ChatMessage(TEAM3A, ME, "Hei!", new MessageUuid("m1")))))
                .hasSize(1);
    }

    @Test
    void status_rises() {
        type("team2a: Hei!");

        assertThat(shown(receipt(ChatKind.DELIVERED, TEAM2A, "u1")))
                .containsExactly(new ChatLine.Status(ChatKind.DELIVERED, TEAM2A, "Hei!"));
        assertThat(shown(receipt(ChatKind.READ, TEAM2A, "u1")))
                .containsExactly(new ChatLine.Status(ChatKind.READ, TEAM2A, "Hei!"));
    }

    @Test
    void status_neverFallsOrRepeats() {
        type("team2a: Hei!");
        receipt(ChatKind.READ, TEAM2A, "u1");

        assertThat(receipt(ChatKind.DELIVERED, TEAM2A, "u1")).isEmpty();
        assertThat(receipt(ChatKind.READ, TEAM2A, "u1")).isEmpty();
    }

    @Test
    void receipt_fromSomebodyElseOrForAnUnknownMessage_saysNothing() {
        type("team2a: Hei!");

        assertThat(receipt(ChatKind.READ, TEAM3A, "u1")).isEmpty();
        assertThat(receipt(ChatKind.READ, TEAM2A, "u9")).isEmpty();
    }

    @Test
    void all_goesToEachContactOnceWithItsOwnUuid() {
        List<Effect> effects = type("/all Hei alle");

        assertThat(published(effects))
                .containsExactly(
                        new ChatMessage(ME, TEAM2A, "Hei alle", new MessageUuid("u1")),
                        new ChatMessage(ME, TEAM3A, "Hei alle", new MessageUuid("u2")));
        assertThat(shown(effects)).containsExactly(new ChatLine.Outgoing(now, Optional.empty(), 2, "Hei alle"));
    }

    @Test
    void all_withoutAList_goesToTheClassButNotToOneself() {
        model = model(Optional.empty());

        assertThat(published(type("/all Hei")))
                .hasSize(29)
                .extracting(ChatEvent::receiver)
                .doesNotContain(ME)
                .doesNotHaveDuplicates();
    }

    @Test
    void all_withOneselfOnTheList_goesToOneselfToo() {
        model = model(Optional.of(List.of(ME, TEAM2A)));

        assertThat(published(type("/all Hei"))).extracting(ChatEvent::receiver).containsExactly(ME, TEAM2A);
    }

    @Test
    void receiptsForAll_areCountedInOneLineAfterAPause() {
        type("/all Hei");
        assertThat(shown(receipt(ChatKind.DELIVERED, TEAM2A, "u1"))).isEmpty();
        receipt(ChatKind.READ, TEAM2A, "u1");
        receipt(ChatKind.READ, TEAM3A, "u2");

        assertThat(model.tick(now.plus(Broadcast.TALLY_PAUSE).minusMillis(1))).isEmpty();
        assertThat(shown(model.tick(now.plus(Broadcast.TALLY_PAUSE))))
                .containsExactly(new ChatLine.Tally(Optional.empty(), "Hei", 2, 2, 2, List.of()));
        assertThat(model.tick(now.plusSeconds(60))).isEmpty();
    }

    @Test
    void refusalsForAll_areCountedWithTheReceipts() {
        List<ChatEvent> messages = published(type("/all Hei"));
        SessionFailure failure = new SessionFailure(SessionFailure.Kind.REFUSED, "no such user");
        assertThat(model.session(new SessionEvent.Unsent(messages.get(1), failure), now))
                .isEmpty();

        assertThat(shown(model.tick(now.plusSeconds(1))))
                .containsExactly(new ChatLine.Tally(Optional.empty(), "Hei", 2, 0, 0, List.of(TEAM3A)));
    }

    @Test
    void refusal_isToldOnceThoughTheServerExplainsItToo() {
        ChatEvent message = published(type("team2a: Hei!")).get(0);
        SessionFailure failure = new SessionFailure(SessionFailure.Kind.REFUSED, "no such user.");

        List<Effect> first = model.session(new SessionEvent.Unsent(message, failure), now);
        List<Effect> second = model.session(
                new SessionEvent.Diagnostics(
                        Optional.of("ttm4175/chat/team2a/message"),
                        "unknown_receiver",
                        "no such user",
                        Optional.empty(),
                        EXPLANATION),
                now);

        assertThat(problem(first)).isEqualTo("not sent to team2a: \"Hei!\": no such user.");
        assertThat(second).isEmpty();
    }

    @Test
    void serversExplanation_isToldWithItsHint() {
        List<Effect> effects = model.session(
                new SessionEvent.Diagnostics(
                        Optional.of("ttm4175/chat/x/message"),
                        "unknown_receiver",
                        "no user \"x\"",
                        Optional.of("See /who."),
                        EXPLANATION),
                now);

        assertThat(problem(effects)).isEqualTo("not sent to x: no user \"x\". See /who.");
    }

    @Test
    void serversExplanation_ofWhatWasPassedOn_doesNotSayThatItWasRefused() {
        SessionEvent.Diagnostics advice = new SessionEvent.Diagnostics(
                Optional.of("ttm4175/chat/team2a/message"),
                "qos_0",
                "a message was published at QoS 0",
                Optional.of("Use QoS 1."),
                EXPLANATION);

        assertThat(problem(model.session(advice, now)))
                .isEqualTo("the server explains: a message was published at QoS 0. Use QoS 1.");
        assertThat(model.session(advice, now)).isEmpty();
    }

    @Test
    void serversExplanation_aboutNoTopic_isTold() {
        SessionEvent.Diagnostics explanation = new SessionEvent.Diagnostics(
                Optional.empty(), "wrong_password", "a program tried to log in", Optional.empty(), EXPLANATION);

        assertThat(problem(model.session(explanation, now)))
                .isEqualTo("the server explains: a program tried to log in.");
    }

    @Test
    void typingHint_isDroppedAfterSixSeconds() {
        assertThat(arrives(new Typing(TEAM2A, ME))).containsExactly(new Effect.ShowTyping(Set.of(TEAM2A)));
        assertThat(arrives(new Typing(TEAM2A, ME))).isEmpty();
        assertThat(model.tick(now.plusMillis(5_999))).isEmpty();
        assertThat(model.tick(now.plusSeconds(6))).containsExactly(new Effect.ShowTyping(Set.of()));
    }

    @Test
    void newTypingHint_liesSixSecondsFromThen() {
        arrives(new Typing(TEAM2A, ME));
        now = now.plusSeconds(4);
        arrives(new Typing(TEAM2A, ME));

        assertThat(model.tick(now.plusSeconds(5))).isEmpty();
        assertThat(model.tick(now.plusSeconds(6))).containsExactly(new Effect.ShowTyping(Set.of()));
    }

    @Test
    void message_endsTheTypingHintOfItsAuthor() {
        arrives(new Typing(TEAM2A, ME));

        assertThat(arrives(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1"))))
                .contains(new Effect.ShowTyping(Set.of()));
    }

    @Test
    void keys_hintThePartnerOrTheOneNamed() {
        type("/to team2a");

        assertThat(published(model.key("H", now))).containsExactly(new Typing(ME, TEAM2A));
        assertThat(model.key("He", now.plusSeconds(1))).isEmpty();
        assertThat(published(model.key("team3a: x", now.plusSeconds(1)))).containsExactly(new Typing(ME, TEAM3A));
    }

    @Test
    void keys_ofACommandOrWithoutAPartner_hintNobody() {
        assertThat(model.key("H", now)).isEmpty();
        type("/to team2a");
        assertThat(model.key("/who", now)).isEmpty();
    }

    @Test
    void presence_replacesTheClassListAndMarksWhoIsThere() {
        model = model(Optional.empty());
        model.session(new SessionEvent.Presence(TEAM2A, true, Optional.of(now)), now);
        model.session(new SessionEvent.Presence(ME, true, Optional.of(now)), now);

        assertThat(shown(type("/who")))
                .containsExactly(new ChatLine.People(
                        true, List.of(new Contact(TEAM2A, Optional.of(true), Optional.of(now), false)), now));
        assertThat(published(type("/all Hei"))).extracting(ChatEvent::receiver).containsExactly(TEAM2A);
    }

    @Test
    void presence_addsNobodyToOnesOwnList() {
        model.session(new SessionEvent.Presence(new ChatId("x1"), true, Optional.of(now)), now);

        assertThat(model.contactIds()).containsExactly(TEAM2A, TEAM3A);
    }

    @Test
    void contacts_areInTheOrderOfTheirNumbers() {
        model = model(Optional.of(List.of(new ChatId("team10a"), TEAM3A, TEAM2A)));

        assertThat(model.contactIds()).containsExactly(TEAM2A, TEAM3A, new ChatId("team10a"));
    }

    @Test
    void lostConnection_isToldAtLengthOnce() {
        SessionEvent lost = new SessionEvent.ConnectionLost("the server is shutting down", Duration.ofSeconds(1));

        assertThat(shown(model.session(lost, now)))
                .containsExactly(
                        new ChatLine.Note(
                                "connection lost: the server is shutting down; trying again in 1 s. What you type meanwhile is sent then."));
        assertThat(shown(model.session(lost, now)))
                .containsExactly(new ChatLine.Note("still no connection, trying again in 1 s"));
        assertThat(shown(model.session(new SessionEvent.Connected("localhost:1883", true), now)))
                .containsExactly(new ChatLine.Note("connected again"));
    }

    @Test
    void endOfTheSession_leavesWithItsFailure() {
        SessionFailure failure = new SessionFailure(SessionFailure.Kind.LOGIN_REFUSED, "wrong");

        assertThat(model.session(new SessionEvent.Ended(failure), now))
                .containsExactly(new Effect.Leave(Optional.of(failure)));
    }

    @Test
    void quit_leavesWithoutOne() {
        assertThat(type("/quit")).containsExactly(new Effect.Leave(Optional.empty()));
    }
}
