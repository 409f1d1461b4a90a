package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.Notice;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
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
    void to_somebodyTheServerHasNotToldOf_isDoubted_butNotToTheServerItself() {
        model = model(Optional.empty());
        model.session(new SessionEvent.Presence(TEAM2A, true, Optional.of(now)), now);

        assertThat(shown(type("/to nobody")).toString()).contains("nobody the server has told of");
        assertThat(shown(type("/to team2a")).toString()).doesNotContain("told of");
        assertThat(shown(type("/to server")).toString()).doesNotContain("told of");
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

    private static final ChatId GROUP = new ChatId("group_1");

    private void inGroup(ChatId... members) {
        model.session(
                new SessionEvent.Rooms(new RoomsAnswer(
                        ME,
                        "list",
                        Optional.empty(),
                        List.of(new RoomInfo(GROUP, true, List.of(members), true)),
                        Optional.empty())),
                now);
    }

    private static HistoryEntry entry(ChatMessage message, Instant sent) {
        return new HistoryEntry(message, sent, false, Map.of(), Map.of());
    }

    private static HistoryAnswer history(boolean more, HistoryEntry... entries) {
        return new HistoryAnswer(ME, Optional.empty(), List.of(entries), more, Optional.empty());
    }

    @SuppressWarnings("unchecked")
    private static Effect.Ask<HistoryAnswer> asksHistory(List<Effect> effects) {
        List<Effect> questions =
                effects.stream().filter(Effect.Ask.class::isInstance).toList();
        assertThat(questions).hasSize(1);
        return (Effect.Ask<HistoryAnswer>) questions.get(0);
    }

    @SuppressWarnings("unchecked")
    private static Effect.Ask<RoomsAnswer> asksRooms(List<Effect> effects) {
        assertThat(effects).singleElement().isInstanceOf(Effect.Ask.class);
        return (Effect.Ask<RoomsAnswer>) effects.get(0);
    }

    private static HistoryRequest request(Effect.Ask<HistoryAnswer> question) {
        return ((ServerRequest.History) question.request()).request();
    }

    private static RoomsRequest roomsRequest(Effect.Ask<RoomsAnswer> question) {
        return ((ServerRequest.Rooms) question.request()).request();
    }

    private static List<String> notes(List<Effect> effects) {
        return shown(effects).stream()
                .map(line -> ((ChatLine.Note) line).text())
                .toList();
    }

    private static RoomsAnswer did(RoomsRequest request, RoomInfo... rooms) {
        return new RoomsAnswer(ME, request.action().word(), request.room(), List.of(rooms), Optional.empty());
    }

    @Test
    void messageInARoom_isShownWithTheRoom_andReceiptedToItsAuthorWithTheRoom() {
        inGroup(ME, TEAM2A);

        assertThat(arrives(new ChatMessage(TEAM2A, GROUP, "Hei!", new MessageUuid("m1"))))
                .containsExactly(
                        new Effect.Publish(
                                new Receipt(ChatKind.DELIVERED, ME, TEAM2A, new MessageUuid("m1"), Optional.of(GROUP))),
                        new Effect.Show(new ChatLine.Incoming(now, TEAM2A, Optional.of(GROUP), "Hei!", now)),
                        new Effect.Publish(
                                new Receipt(ChatKind.READ, ME, TEAM2A, new MessageUuid("m1"), Optional.of(GROUP))));
    }

    @Test
    void ownMessageInARoom_thatComesBack_isNeitherShownAgainNorReceipted() {
        inGroup(ME, TEAM2A);
        ChatEvent message = published(type("group_1: Hei!")).get(0);

        assertThat(arrives(message)).isEmpty();
    }

    @Test
    void ownMessageInARoom_fromAnotherProgramOfOnes_isShownOnceAsOnesOwn() {
        inGroup(ME, TEAM2A);
        ChatMessage message = new ChatMessage(ME, GROUP, "Hei!", new MessageUuid("elsewhere"));

        assertThat(arrives(message))
                .containsExactly(new Effect.Show(new ChatLine.Outgoing(now, Optional.of(GROUP), 1, "Hei!")));
        assertThat(arrives(message)).isEmpty();
    }

    @Test
    void receiptsInARoom_areCountedByMember() {
        inGroup(ME, TEAM2A, TEAM3A);
        type("group_1: Hei!");
        roomReceipt(ChatKind.DELIVERED, TEAM2A);
        roomReceipt(ChatKind.READ, TEAM2A);
        roomReceipt(ChatKind.DELIVERED, TEAM2A);
        roomReceipt(ChatKind.DELIVERED, TEAM3A);

        assertThat(shown(model.tick(now.plus(Broadcast.TALLY_PAUSE))))
                .containsExactly(new ChatLine.Tally(Optional.of(GROUP), "Hei!", 2, 2, 1, List.of()));
    }

    private List<Effect> roomReceipt(ChatKind kind, ChatId from) {
        return arrives(new Receipt(kind, from, ME, new MessageUuid("u1"), Optional.of(GROUP)));
    }

    @Test
    void receiptWithoutTheRoom_saysNothingOfAMessageInTheRoom() {
        inGroup(ME, TEAM2A);
        type("group_1: Hei!");
        receipt(ChatKind.READ, TEAM2A, "u1");
        arrives(new Receipt(ChatKind.READ, TEAM2A, ME, new MessageUuid("u1"), Optional.of(new ChatId("lobby"))));

        assertThat(model.tick(now.plusSeconds(5))).isEmpty();
    }

    @Test
    void receiptWithARoom_saysNothingOfAMessageToAUser() {
        inGroup(ME, TEAM2A);
        type("team2a: Hei!");

        assertThat(roomReceipt(ChatKind.READ, TEAM2A)).isEmpty();
    }

    @Test
    void refusedMessageToARoom_isTold() {
        inGroup(ME, TEAM2A);
        ChatEvent message = published(type("group_1: Hei!")).get(0);
        SessionFailure failure = new SessionFailure(SessionFailure.Kind.REFUSED, "you are not a member");

        assertThat(problem(model.session(new SessionEvent.Unsent(message, failure), now)))
                .isEqualTo("not sent to group_1: \"Hei!\": you are not a member.");
    }

    @Test
    void notice_isShown_andChangesWhoIsThere() {
        inGroup(ME, TEAM2A);

        assertThat(notes(notice(TEAM3A, Notice.Change.JOINED, "team3a has joined group_1")))
                .containsExactly("team3a has joined group_1");
        assertThat(model.rooms().get(0).members()).containsExactly(ME, TEAM2A, TEAM3A);
        notice(TEAM2A, Notice.Change.LEFT, "team2a has left group_1");
        assertThat(model.rooms().get(0).members()).containsExactly(ME, TEAM3A);
    }

    private List<Effect> notice(ChatId user, Notice.Change change, String text) {
        return model.session(new SessionEvent.NoticeCame(new Notice(user, GROUP, change, text)), now);
    }

    @Test
    void removalOfOneself_isShown_andNobodyIsTalkedToThereAnyMore() {
        inGroup(ME, TEAM2A);
        type("/to group_1");

        assertThat(notes(notice(ME, Notice.Change.REMOVED, "team2a has removed team1a from group_1")))
                .hasSize(1);
        assertThat(model.partner()).isEmpty();
    }

    @Test
    void invitationOfOneself_saysHowToTakeItUp() {
        assertThat(notes(notice(ME, Notice.Change.INVITED, "team2a has invited team1a to group_1")))
                .containsExactly("team2a has invited team1a to group_1; /join group_1 gets you in");
    }

    @Test
    void create_talksInTheNewRoom() {
        Effect.Ask<RoomsAnswer> question = asksRooms(type("/create group_1 private"));
        RoomsRequest request = roomsRequest(question);

        assertThat(request)
                .isEqualTo(
                        new RoomsRequest(ME, RoomsRequest.Action.CREATE, Optional.of(GROUP), false, Optional.empty()));
        assertThat(notes(question.then().answered(did(request), now)))
                .containsExactly("group_1 is open; let others in with /invite team2a group_1");
        assertThat(model.partner()).contains(GROUP);
    }

    @Test
    void join_talksInTheRoomAndNamesTheOthers() {
        Effect.Ask<RoomsAnswer> question = asksRooms(type("/join group_1"));
        inGroup(ME, TEAM2A);

        assertThat(notes(question.then().answered(did(roomsRequest(question)), now)))
                .containsExactly("you are in group_1 with team2a");
        assertThat(model.partner()).contains(GROUP);
    }

    @Test
    void leave_withoutAName_leavesTheRoomOneTalksIn() {
        inGroup(ME, TEAM2A);
        type("/to group_1");
        Effect.Ask<RoomsAnswer> question = asksRooms(type("/leave"));
        notice(ME, Notice.Change.LEFT, "team1a has left group_1");

        assertThat(roomsRequest(question).room()).contains(GROUP);
        assertThat(notes(question.then().answered(did(roomsRequest(question)), now)))
                .containsExactly("you have left group_1");
        assertThat(model.partner()).isEmpty();
    }

    @Test
    void leave_whereNoRoomIsTalkedIn_asksForItsName() {
        inGroup(ME, TEAM2A);
        type("/to team2a");

        assertThat(problem(type("/leave"))).contains("name the one you mean");
    }

    @Test
    void ownInvitation_isToldOnceThoughTheNoticeComesToo() {
        inGroup(ME, TEAM2A);
        type("/to group_1");
        Effect.Ask<RoomsAnswer> question = asksRooms(type("/invite team3a"));

        assertThat(notice(TEAM3A, Notice.Change.INVITED, "team1a has invited team3a to group_1"))
                .isEmpty();
        assertThat(notes(question.then().answered(did(roomsRequest(question)), now)))
                .containsExactly("team3a is invited to group_1");
        assertThat(notice(TEAM3A, Notice.Change.INVITED, "team2a has invited team3a to group_1"))
                .hasSize(1);
    }

    @Test
    void refusedRequest_isToldInTheServersWords() {
        Effect.Ask<RoomsAnswer> question = asksRooms(type("/join group_1"));
        SessionFailure failure = new SessionFailure(SessionFailure.Kind.REFUSED, "there is no room \"group_1\"");

        assertThat(problem(question.then().failed(failure, now))).isEqualTo("/join: there is no room \"group_1\"");
    }

    @Test
    void rooms_areListed() {
        Effect.Ask<RoomsAnswer> question = asksRooms(type("/rooms"));
        RoomInfo room = new RoomInfo(GROUP, true, List.of(TEAM2A), false);

        assertThat(shown(question.then().answered(did(roomsRequest(question), room), now)))
                .containsExactly(new ChatLine.Rooms(List.of(room)));
    }

    @Test
    void toARoomThatOneIsNotIn_saysHowToGetIn() {
        model.session(
                new SessionEvent.Rooms(new RoomsAnswer(
                        ME,
                        "list",
                        Optional.empty(),
                        List.of(new RoomInfo(GROUP, true, List.of(TEAM2A), false)),
                        Optional.empty())),
                now);

        assertThat(notes(type("/to group_1"))).containsExactly("you are not in group_1: type /join group_1 first");
    }

    @Test
    void whoInARoom_listsItsMembers() {
        inGroup(ME, TEAM2A);
        model.session(new SessionEvent.Presence(TEAM2A, false, Optional.of(now)), now);

        assertThat(shown(type("/who group_1")))
                .containsExactly(new ChatLine.People(
                        true,
                        List.of(
                                new Contact(ME, Optional.of(true), Optional.empty(), false),
                                new Contact(TEAM2A, Optional.of(false), Optional.of(now), false)),
                        now));
    }

    @Test
    void history_isOfThisConversation_andGoesOnWhereItEnded() {
        type("/to team2a");
        ChatMessage message = new ChatMessage(TEAM2A, ME, "old", new MessageUuid("m7"));
        Effect.Ask<HistoryAnswer> question = asksHistory(type("/history 5"));

        assertThat(request(question))
                .isEqualTo(new HistoryRequest(ME, Optional.of(TEAM2A), Optional.empty(), 5, Optional.empty()));
        assertThat(shown(question.then().answered(history(true, entry(message, now)), now)))
                .containsExactly(new ChatLine.Past(
                        ME,
                        "history with team2a",
                        List.of(entry(message, now)),
                        "/history more for what is older",
                        now));
        Effect.Ask<HistoryAnswer> older = asksHistory(type("/history more"));
        assertThat(request(older).before()).contains("m7");
        assertThat(request(older).limit()).isEqualTo(5);
        assertThat(notes(older.then().answered(history(false), now)))
                .containsExactly("nothing older was said with team2a");
        assertThat(problem(type("/history more"))).contains("nothing older");
    }

    @Test
    void historyOfNobody_isTheNewestOfEachConversation_withoutPages() {
        Effect.Ask<HistoryAnswer> question = asksHistory(type("/history"));
        assertThat(request(question).with()).isEmpty();
        ChatMessage message = new ChatMessage(TEAM2A, ME, "old", new MessageUuid("m7"));

        ChatLine line = shown(question.then().answered(history(true, entry(message, now)), now))
                .get(0);
        assertThat(((ChatLine.Past) line).hint()).isEmpty();
    }

    @Test
    void searchEverywhere_goesOnByTime() {
        type("/to team2a");
        assertThat(request(asksHistory(type("/search old words"))))
                .isEqualTo(new HistoryRequest(
                        ME,
                        Optional.of(TEAM2A),
                        Optional.empty(),
                        UserInput.HISTORY_MESSAGES,
                        Optional.of("old words")));
        Effect.Ask<HistoryAnswer> everywhere = asksHistory(type("/search all: old"));
        assertThat(request(everywhere).with()).isEmpty();
        ChatMessage message = new ChatMessage(TEAM2A, ME, "old", new MessageUuid("m7"));
        everywhere.then().answered(history(true, entry(message, now)), now);

        assertThat(request(asksHistory(type("/history more"))).before()).contains("2026-11-20T10:00:00Z");
    }

    @Test
    void historyThatFails_isTold() {
        SessionFailure failure = new SessionFailure(
                SessionFailure.Kind.TIMED_OUT, "the server at x:1 does not answer history requests.");

        assertThat(problem(asksHistory(type("/history")).then().failed(failure, now)))
                .isEqualTo("no history: the server at x:1 does not answer history requests.");
    }

    @Test
    void missedMessages_areShownTogetherInTheirOrderWithTheirTimes() {
        model.session(new SessionEvent.Connected("localhost:1883", false), now);
        ChatMessage first = new ChatMessage(TEAM2A, ME, "one", new MessageUuid("m1"));
        ChatMessage second = new ChatMessage(TEAM2A, ME, "two", new MessageUuid("m2"));
        Instant yesterday = now.minus(Duration.ofDays(1));

        assertThat(published(arrives(second))).extracting(ChatEvent::kind).containsExactly(ChatKind.DELIVERED);
        assertThat(arrives(first)).hasSize(1);
        assertThat(published(arrives(first))).extracting(ChatEvent::kind).containsExactly(ChatKind.DELIVERED);
        Effect.Ask<HistoryAnswer> question = asksHistory(model.session(new SessionEvent.CaughtUp(true), now));
        assertThat(request(question).with()).contains(TEAM2A);
        List<Effect> effects = question.then()
                .answered(history(false, entry(first, yesterday), entry(second, yesterday.plusSeconds(60))), now);

        assertThat(shown(effects))
                .containsExactly(
                        new ChatLine.Missed(2, Optional.of(yesterday), now),
                        new ChatLine.Incoming(yesterday, TEAM2A, Optional.empty(), "one", now),
                        new ChatLine.Incoming(yesterday.plusSeconds(60), TEAM2A, Optional.empty(), "two", now));
        assertThat(published(effects)).extracting(ChatEvent::kind).containsOnly(ChatKind.READ);
        assertThat(shown(arrives(new ChatMessage(TEAM2A, ME, "live", new MessageUuid("m3")))))
                .containsExactly(new ChatLine.Incoming(now, TEAM2A, "live"));
    }

    @Test
    void missedMessages_fartherBackThanOnePage_areLookedUpOnTheNext() {
        model.session(new SessionEvent.Connected("localhost:1883", false), now);
        ChatMessage message = new ChatMessage(TEAM2A, ME, "one", new MessageUuid("m1"));
        arrives(message);
        ChatMessage other = new ChatMessage(ME, TEAM2A, "mine", new MessageUuid("m9"));
        Effect.Ask<HistoryAnswer> question = asksHistory(model.session(new SessionEvent.CaughtUp(true), now));
        Effect.Ask<HistoryAnswer> next = asksHistory(question.then().answered(history(true, entry(other, now)), now));

        assertThat(request(next).before()).contains("m9");
        assertThat(shown(next.then().answered(history(true, entry(message, now)), now)))
                .hasSize(2);
    }

    @Test
    void missedMessages_whoseTimesAreNotKnown_areShownAsTheyCame() {
        model.session(new SessionEvent.Connected("localhost:1883", false), now);
        arrives(new ChatMessage(TEAM2A, ME, "one", new MessageUuid("m1")));
        Effect.Ask<HistoryAnswer> question = asksHistory(model.session(new SessionEvent.CaughtUp(true), now));
        SessionFailure failure = new SessionFailure(SessionFailure.Kind.TIMED_OUT, "no answer");

        assertThat(shown(question.then().failed(failure, now)))
                .containsExactly(
                        new ChatLine.Missed(1, Optional.empty(), now), new ChatLine.Incoming(now, TEAM2A, "one"));
    }

    @Test
    void nothingMissed_saysNothing() {
        model.session(new SessionEvent.Connected("localhost:1883", false), now);

        assertThat(model.session(new SessionEvent.CaughtUp(true), now)).isEmpty();
    }

    @Test
    void leavingBeforeAllHasCome_showsWhatIsThere() {
        model.session(new SessionEvent.Connected("localhost:1883", false), now);
        arrives(new ChatMessage(TEAM2A, ME, "one", new MessageUuid("m1")));

        assertThat(shown(model.leaving(now))).hasSize(2);
        assertThat(model.leaving(now)).isEmpty();
    }

    @Test
    void withoutReceiptsAndTyping_othersAreToldOfNeither() {
        model.telling(false, false);
        type("/to team2a");

        assertThat(published(arrives(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1")))))
                .extracting(ChatEvent::kind)
                .containsExactly(ChatKind.DELIVERED);
        assertThat(model.key("H", now)).isEmpty();

        type("/receipts on");
        type("/typing on");
        assertThat(published(arrives(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m2")))))
                .extracting(ChatEvent::kind)
                .containsExactly(ChatKind.DELIVERED, ChatKind.READ);
        assertThat(published(model.key("H", now))).hasSize(1);
    }

    @Test
    void checklist_isAskedOfThePartner_orOfWhomOneNames() {
        assertThat(problem(type("/checklist"))).contains("/checklist x1");
        assertThat(published(type("/checklist team3a")))
                .containsExactly(new ChatMessage(ME, TEAM3A, "checklist", new MessageUuid("u1")));
    }
}
