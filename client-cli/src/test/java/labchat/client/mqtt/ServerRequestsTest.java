package labchat.client.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.MqttVersion;
import labchat.client.session.Password;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.client.session.SessionState;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.HistoryCodec;
import labchat.protocol.codec.NoticeCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.codec.RoomsCodec;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.Notice;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the session asks of the server, and what it makes of the answers; server and time are the test's. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerRequestsTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final ChatId TEAM3A = new ChatId("team3a");
    private static final ChatId GROUP = new ChatId("group_1");
    private static final ChatId LOBBY = new ChatId("lobby");
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

    private final List<FakeLink> links = new CopyOnWriteArrayList<>();
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    private final ManualLoop loop = new ManualLoop();
    private HiveMqChatSession session;

    @AfterEach
    void stop() {
        loop.shutdownNow();
    }

    private FakeLink connected(MqttVersion version, Interest interest) {
        ConnectSettings settings = new ConnectSettings(
                "localhost",
                1883,
                ME,
                new Password("secret"),
                version,
                OptionalInt.empty(),
                Duration.ofSeconds(60),
                ChatTopics.DEFAULT);
        session = new HiveMqChatSession(
                settings,
                interest,
                events::add,
                listener -> {
                    FakeLink link = new FakeLink(listener);
                    links.add(link);
                    return link;
                },
                Clock.fixed(AT, ZoneOffset.UTC),
                loop,
                new Random(1));
        session.start();
        await().until(() -> !links.isEmpty());
        links.get(0).connected.complete(null);
        await().until(() -> session.state() == SessionState.CONNECTED);
        return links.get(0);
    }

    private static ServerRequest.History historyWith(ChatId with) {
        return new ServerRequest.History(
                new HistoryRequest(ME, Optional.of(with), Optional.empty(), 10, Optional.empty()));
    }

    private static ServerRequest.Rooms rooms(Action action, ChatId room) {
        return new ServerRequest.Rooms(
                new RoomsRequest(ME, action, Optional.ofNullable(room), false, Optional.empty()));
    }

    private static ChatMessage message(ChatId from, ChatId to, String uuid) {
        return new ChatMessage(from, to, "text " + uuid, new MessageUuid(uuid));
    }

    private static HistoryAnswer said(Optional<ChatId> with, ChatMessage... messages) {
        return new HistoryAnswer(
                ME,
                with,
                List.of(messages).stream()
                        .map(m -> new HistoryEntry(m, AT, false, Map.of(), Map.of()))
                        .toList(),
                false,
                Optional.empty());
    }

    private static RoomInfo room(ChatId id, boolean joined) {
        return new RoomInfo(id, true, joined ? List.of(ME, TEAM2A) : List.of(TEAM2A), joined);
    }

    private static RoomsAnswer answer(Action action, ChatId room, RoomInfo... rooms) {
        return new RoomsAnswer(ME, action.word(), Optional.ofNullable(room), List.of(rooms), Optional.empty());
    }

    private static FakeLink.Requested requested(FakeLink link, int number) {
        await().until(() -> link.requested.size() > number);
        return link.requested.get(number);
    }

    private static void answers(FakeLink link, HistoryAnswer answer, String correlation) {
        link.listener.arrived(
                "ttm4175/chat/team1a/history", 1, HistoryCodec.encode(answer), Optional.ofNullable(correlation));
    }

    private static void answers(FakeLink link, RoomsAnswer answer, String correlation) {
        link.listener.arrived(
                "ttm4175/chat/team1a/rooms", 1, RoomsCodec.encode(answer), Optional.ofNullable(correlation));
    }

    private static SessionFailure failure(CompletableFuture<?> answer) {
        await().until(answer::isDone);
        assertThat(answer).isCompletedExceptionally();
        return answer.handle((value, thrown) -> SessionFailure.of(thrown)).join();
    }

    @Test
    void aScriptThatAsks_subscribesToItsAnswersOnly_soThatNoMessageIsTaken() {
        FakeLink link = connected(MqttVersion.V3_1_1, Interest.asking(HistoryRequest.LEVEL));

        assertThat(link.subscribed).containsExactly("ttm4175/chat/team1a/history", "ttm4175/chat/team1a/diagnostics");
        assertThat(link.requested).isEmpty();
    }

    @Test
    void request_goesToTheServer_andNamesWhereItsAnswerIsWanted() {
        FakeLink link = connected(MqttVersion.V5, Interest.asking(HistoryRequest.LEVEL));
        session.request(historyWith(TEAM2A));

        FakeLink.Requested request = requested(link, 0);
        assertThat(request.topic()).isEqualTo("ttm4175/chat/server/history");
        assertThat(request.answerTopic()).isEqualTo("ttm4175/chat/team1a/history");
        assertThat(request.payload()).contains("\"with\":\"team2a\"", "\"limit\":10");
    }

    @Test
    void answersInAnyOrder_areToldApartByTheirCorrelation() {
        FakeLink link = connected(MqttVersion.V5, Interest.asking(HistoryRequest.LEVEL));
        CompletableFuture<HistoryAnswer> first = session.request(historyWith(TEAM2A));
        CompletableFuture<HistoryAnswer> second = session.request(historyWith(TEAM2A));
        HistoryAnswer one = said(Optional.of(TEAM2A), message(TEAM2A, ME, "m1"));
        HistoryAnswer two = said(Optional.of(TEAM2A), message(TEAM2A, ME, "m2"));
        requested(link, 1);
        answers(link, two, "of-another-program");
        answers(link, two, null);
        answers(link, two, link.requested.get(1).correlation());
        answers(link, one, link.requested.get(0).correlation());

        assertThat(first.join()).isEqualTo(one);
        assertThat(second.join()).isEqualTo(two);
    }

    @Test
    void answersWithoutCorrelation_areToldApartByWhatTheyRepeat() {
        FakeLink link = connected(MqttVersion.V3_1_1, Interest.asking(HistoryRequest.LEVEL));
        CompletableFuture<HistoryAnswer> first = session.request(historyWith(TEAM2A));
        CompletableFuture<HistoryAnswer> second = session.request(historyWith(TEAM3A));
        requested(link, 1);
        answers(link, said(Optional.of(TEAM3A)), null);
        answers(link, said(Optional.of(TEAM2A)), null);

        assertThat(second.join().with()).contains(TEAM3A);
        assertThat(first.join().with()).contains(TEAM2A);
    }

    @Test
    void requestsThatCouldNotBeToldApart_goOutOneAfterTheOther() {
        FakeLink link = connected(MqttVersion.V3_1_1, Interest.asking(HistoryRequest.LEVEL));
        CompletableFuture<HistoryAnswer> first = session.request(historyWith(TEAM2A));
        CompletableFuture<HistoryAnswer> second = session.request(historyWith(TEAM2A));
        CompletableFuture<HistoryAnswer> other = session.request(historyWith(TEAM3A));
        requested(link, 1);
        answers(link, said(Optional.of(TEAM3A)), null);
        other.join();
        assertThat(link.requested).hasSize(2);
        assertThat(second).isNotDone();

        answers(link, said(Optional.of(TEAM2A), message(TEAM2A, ME, "m1")), null);
        requested(link, 2);
        answers(link, said(Optional.of(TEAM2A), message(TEAM2A, ME, "m2")), null);

        assertThat(first.join().messages().get(0).message().uuid().value()).isEqualTo("m1");
        assertThat(second.join().messages().get(0).message().uuid().value()).isEqualTo("m2");
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void requestWithoutAnAnswer_failsInTimeWithWords(MqttVersion version) {
        FakeLink link = connected(version, Interest.asking(HistoryRequest.LEVEL));
        CompletableFuture<HistoryAnswer> answer = session.request(historyWith(TEAM2A));
        requested(link, 0).acknowledgement().complete(null);
        loop.passTime();

        SessionFailure failure = failure(answer);
        assertThat(failure.kind()).isEqualTo(SessionFailure.Kind.TIMED_OUT);
        assertThat(failure.message()).isEqualTo("the server at localhost:1883 does not answer history requests.");
    }

    @Test
    void requestThatNobodyTakes_failsAtOnce() {
        FakeLink link = connected(MqttVersion.V5, Interest.asking(HistoryRequest.LEVEL));
        CompletableFuture<HistoryAnswer> answer = session.request(historyWith(TEAM2A));
        requested(link, 0)
                .acknowledgement()
                .completeExceptionally(new LinkException(SessionFailure.Kind.OTHER, "nobody takes it", null));

        assertThat(failure(answer).message())
                .isEqualTo("the server at localhost:1883 does not answer history requests: it is a plain MQTT server.");
    }

    @Test
    void answerWithAFault_isAFailureInTheServersWords() {
        FakeLink link = connected(MqttVersion.V5, Interest.asking(RoomsRequest.LEVEL));
        CompletableFuture<RoomsAnswer> answer = session.request(rooms(Action.JOIN, GROUP));
        RoomsAnswer refusal = new RoomsAnswer(
                ME,
                "join",
                Optional.of(GROUP),
                List.of(),
                Optional.of(new RequestFault("unknown_room", "there is no room \"group_1\"")));
        answers(link, refusal, requested(link, 0).correlation());

        assertThat(failure(answer))
                .isEqualTo(new SessionFailure(SessionFailure.Kind.REFUSED, "there is no room \"group_1\""));
    }

    @Test
    void refusalThatComesAsAnExplanation_failsTheRequestAndIsNotToldTwice() {
        FakeLink link = connected(MqttVersion.V3_1_1, Interest.asking(RoomsRequest.LEVEL));
        CompletableFuture<RoomsAnswer> answer = session.request(rooms(Action.JOIN, GROUP));
        requested(link, 0).acknowledgement().complete(null);
        explains(link);

        assertThat(failure(answer))
                .isEqualTo(new SessionFailure(SessionFailure.Kind.NOT_AUTHORISED, "no rule matches. Ask the staff."));
        explains(link);
        await().until(() -> events.size() == 2);
        assertThat(events.get(1)).isInstanceOf(SessionEvent.Diagnostics.class);
    }

    @Test
    void refusedRequest_ofVersion5_isNotToldTwice() {
        FakeLink link = connected(MqttVersion.V5, Interest.asking(RoomsRequest.LEVEL));
        CompletableFuture<RoomsAnswer> answer = session.request(rooms(Action.JOIN, GROUP));
        requested(link, 0)
                .acknowledgement()
                .completeExceptionally(new LinkException(SessionFailure.Kind.NOT_AUTHORISED, "refused: why", null));

        assertThat(failure(answer).message()).isEqualTo("refused: why");
        explains(link);
        explains(link);
        await().until(() -> events.size() == 2);
        assertThat(events.get(1)).isInstanceOf(SessionEvent.Diagnostics.class);
    }

    private static void explains(FakeLink link) {
        String explanation =
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"status\":\"error\",\"code\":\"acl_denied\","
                        + "\"topic\":\"ttm4175/chat/server/rooms\",\"reason\":\"no rule matches\",\"hint\":\"Ask the staff.\","
                        + "\"payload\":\"\"}";
        link.listener.arrived("ttm4175/chat/team1a/diagnostics", 1, explanation.getBytes(UTF_8), Optional.empty());
    }

    @Test
    void lostConnection_failsWhatWaits_andWhatIsAskedThen() {
        FakeLink link = connected(MqttVersion.V5, Interest.asking(HistoryRequest.LEVEL));
        CompletableFuture<HistoryAnswer> waiting = session.request(historyWith(TEAM2A));
        requested(link, 0);
        link.listener.lost("cable");

        assertThat(failure(waiting).kind()).isEqualTo(SessionFailure.Kind.UNAVAILABLE);
        assertThat(failure(session.request(historyWith(TEAM2A))).message())
                .isEqualTo("there is no connection to the server; try again when there is.");
    }

    @Test
    void endedSession_answersNoRequest() {
        connected(MqttVersion.V5, Interest.asking(HistoryRequest.LEVEL));
        session.close();

        assertThatThrownBy(session.request(historyWith(TEAM2A))::join)
                .cause()
                .isInstanceOf(SessionException.class)
                .hasMessage("the session has ended.");
    }

    @Test
    void chat_asksForItsRoomsAndSubscribesToThoseItIsIn() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        answers(
                link,
                answer(Action.LIST, null, room(GROUP, false), room(LOBBY, true)),
                requested(link, 0).correlation());
        await().until(() -> events.size() == 2);

        assertThat(link.subscribed)
                .containsExactly("ttm4175/chat/team1a/#", "ttm4175/chat/+/presence", "ttm4175/chat/lobby/#");
        assertThat(events.get(1)).isInstanceOf(SessionEvent.Rooms.class);
    }

    @Test
    void joinedRoom_isSubscribedTo_andLeftOneIsNot() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        requested(link, 1);
        CompletableFuture<RoomsAnswer> joined = session.request(rooms(Action.JOIN, GROUP));
        answers(
                link,
                answer(Action.JOIN, GROUP, room(GROUP, true)),
                requested(link, 2).correlation());
        joined.join();
        assertThat(link.subscribed).last().isEqualTo("ttm4175/chat/group_1/#");

        CompletableFuture<RoomsAnswer> left = session.request(rooms(Action.LEAVE, GROUP));
        answers(
                link,
                answer(Action.LEAVE, GROUP, room(GROUP, false)),
                requested(link, 3).correlation());
        left.join();
        assertThat(link.subscribed).last().isEqualTo("not ttm4175/chat/group_1/#");
    }

    @Test
    void removalThatWasNotAskedFor_endsTheSubscription() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        answers(
                link,
                answer(Action.LIST, null, room(GROUP, true)),
                requested(link, 0).correlation());
        await().until(() -> events.size() == 2);
        Notice removed = new Notice(ME, GROUP, Notice.Change.REMOVED, "team2a has removed team1a from group_1");
        link.listener.arrived("ttm4175/chat/team1a/notice", 1, NoticeCodec.encode(removed), Optional.empty());
        answers(link, answer(Action.REMOVE, GROUP, room(GROUP, false)), null);
        await().until(() -> events.size() == 4);

        assertThat(link.subscribed).last().isEqualTo("not ttm4175/chat/group_1/#");
        assertThat(events.get(2)).isEqualTo(new SessionEvent.NoticeCame(removed));
    }

    @Test
    void noticeOnAnothersTopic_isNotBelieved() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        requested(link, 1);
        Notice notice = new Notice(TEAM2A, GROUP, Notice.Change.LEFT, "team2a has left group_1");
        link.listener.arrived("ttm4175/chat/lobby/notice", 1, NoticeCodec.encode(notice), Optional.empty());
        link.listener.arrived("ttm4175/chat/group_1/notice", 1, NoticeCodec.encode(notice), Optional.empty());
        await().until(() -> events.size() == 2);

        assertThat(events.get(1)).isEqualTo(new SessionEvent.NoticeCame(notice));
    }

    @Test
    void roomsAfterAReconnect_areSubscribedToAgain() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        answers(
                link,
                answer(Action.LIST, null, room(GROUP, true)),
                requested(link, 0).correlation());
        await().until(() -> events.size() == 2);
        link.listener.lost("cable");
        await().until(() -> session.state() == SessionState.WAITING);
        loop.passTime();
        await().until(() -> links.size() == 2);
        links.get(1).connected.complete(null);
        answers(
                links.get(1),
                answer(Action.LIST, null, room(GROUP, true)),
                requested(links.get(1), 0).correlation());
        await().until(() -> links.get(1).subscribed.contains("ttm4175/chat/group_1/#"));
    }

    @Test
    void quietAfterBothAnswers_isCaughtUp() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        answers(link, answer(Action.LIST, null), requested(link, 0).correlation());
        answers(link, said(Optional.empty()), requested(link, 1).correlation());
        await().until(() -> loop.waits(CatchUp.QUIET));
        assertThat(events).doesNotHaveAnyElementsOfTypes(SessionEvent.CaughtUp.class);
        loop.passTime(CatchUp.QUIET);
        await().until(() -> events.contains(new SessionEvent.CaughtUp(true)));
    }

    @Test
    void messageThatIsStillToCome_isWaitedFor() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        ChatMessage missed = message(TEAM2A, ME, "m1");
        answers(link, answer(Action.LIST, null), requested(link, 0).correlation());
        answers(link, said(Optional.empty(), missed), requested(link, 1).correlation());
        await().until(() -> loop.waits(CatchUp.EXPECTED));
        assertThat(loop.waits(CatchUp.QUIET)).isFalse();

        link.listener.arrived(
                "ttm4175/chat/team1a/message",
                1,
                new ChatCodec(ProtocolLimits.DEFAULT).encode(missed),
                Optional.empty());
        await().until(() -> loop.waits(CatchUp.QUIET));
        loop.passTime(CatchUp.QUIET);
        await().until(() -> events.contains(new SessionEvent.CaughtUp(true)));
    }

    @Test
    void messageThatNeverComes_isNotWaitedForLong() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        answers(link, answer(Action.LIST, null), requested(link, 0).correlation());
        answers(
                link,
                said(Optional.empty(), message(TEAM2A, ME, "m1")),
                requested(link, 1).correlation());
        await().until(() -> loop.waits(CatchUp.EXPECTED));
        loop.passTime(CatchUp.EXPECTED);
        await().until(() -> loop.waits(CatchUp.QUIET));
        loop.passTime(CatchUp.QUIET);
        await().until(() -> events.contains(new SessionEvent.CaughtUp(true)));
    }

    @Test
    void serverThatAnswersNothing_isCaughtUpWithAllTheSame() {
        FakeLink link = connected(MqttVersion.V5, Interest.CHAT);
        requested(link, 0)
                .acknowledgement()
                .completeExceptionally(new LinkException(SessionFailure.Kind.OTHER, "nobody", null));
        requested(link, 1)
                .acknowledgement()
                .completeExceptionally(new LinkException(SessionFailure.Kind.OTHER, "nobody", null));
        await().until(() -> loop.waits(CatchUp.QUIET));
        loop.passTime(CatchUp.QUIET);
        await().until(() -> events.contains(new SessionEvent.CaughtUp(false)));
    }
}
