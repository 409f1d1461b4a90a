package labchat.broker.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.Refusal;
import labchat.broker.steps.LabProgress.Standing;
import labchat.protocol.event.StepPart;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each part of each step: what shows that it works, and what is told where it does not. */
class LabProgressTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String ROOT = "ttm4175/chat/";
    private static final Set<String> USERS = Set.of("team1a", "team2a", "x1");

    private final Hands clock = new Hands();
    private final LabProgress progress = new LabProgress(USERS::contains, ChatTopics.DEFAULT, clock);

    private static final class Hands extends Clock {
        private Instant now = NOON;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the test's clock is UTC's");
        }
    }

    private void later(double seconds) {
        clock.now = clock.now.plusMillis(Math.round(seconds * 1_000));
    }

    private static ClientIdentity client(String user, String clientId) {
        return new ClientIdentity(Optional.of(user), clientId, "10.0.0.7:" + (user + clientId).hashCode());
    }

    private void connect(String user, String clientId) {
        progress.onEvent(new BrokerEvent.ClientConnected(clock.now, client(user, clientId), "3.1.1", "tcp", 60));
    }

    private void subscribe(String user, String filter, int qos) {
        progress.onEvent(new BrokerEvent.Subscribed(clock.now, client(user, "mine"), filter, qos));
    }

    /** Connected and subscribed as it should be. */
    private void join(String user) {
        connect(user, "mine");
        subscribe(user, ROOT + user + "/#", 1);
    }

    private void publish(String from, String to, String kind, String uuid, int qos) {
        progress.onEvent(new BrokerEvent.MessagePublished(
                clock.now,
                client(from, "mine"),
                ROOT + to + "/" + kind,
                qos,
                false,
                80,
                Optional.of(new ChatFields(kind, from, to, uuid)),
                1));
    }

    private void publish(String from, String to, String kind, String uuid) {
        publish(from, to, kind, uuid, 1);
    }

    private void refuse(String packet, String topic, String code) {
        progress.onEvent(new BrokerEvent.PacketRefused(
                clock.now, client("team1a", "mine"), packet, topic, Refusal.of(code, "the reason")));
    }

    private void advise(String topic, String code) {
        progress.onEvent(
                new BrokerEvent.Advised(clock.now, client("team1a", "mine"), topic, Refusal.of(code, "the reason")));
    }

    private StepPart part(int step, String word) {
        return progress.parts(new ChatId("team1a"), step, "run").orElseThrow().stream()
                .filter(part -> part.word().equals(word))
                .findFirst()
                .orElseThrow();
    }

    private void assertDone(int step, String word) {
        assertThat(part(step, word).done()).as(word).isPresent();
        assertThat(part(step, word).problem()).as(word).isEmpty();
    }

    private void assertOpen(int step, String word) {
        assertThat(part(step, word).done()).as(word).isEmpty();
        assertThat(part(step, word).problem()).as(word).isEmpty();
    }

    private void assertWrong(int step, String word, String code, String reason) {
        StepPart part = part(step, word);
        assertThat(part.done()).as(word).isEmpty();
        assertThat(part.problem()).as(word).isPresent();
        assertThat(part.problem().get().code()).as(word).isEqualTo(code);
        assertThat(part.problem().get().reason()).as(word).contains(reason);
    }

    @Test
    void connected_byAProgramOfOnesOwn_isDone() {
        assertOpen(2, "connected");
        connect("team1a", "mine");

        assertDone(2, "connected");
        assertDone(3, "connected");
        assertDone(4, "connected");
        assertThat(part(2, "connected").detail()).isEqualTo("client id \"mine\", MQTT 3.1.1 over tcp");
    }

    @Test
    void connected_byTheProjectsClients_isNot() {
        part(2, "connected");
        connect("team1a", "labchat-1234");
        connect("team1a", "web-1234");

        assertOpen(2, "connected");
    }

    @Test
    void connected_withAWrongPassword_isTold() {
        part(2, "connected");
        progress.onEvent(new BrokerEvent.LoginRefused(
                clock.now, client("team1a", "mine"), Refusal.of("wrong_password", "the password is wrong")));

        assertWrong(2, "connected", "wrong_password", "the password is wrong");
    }

    @Test
    void connectedBeforeTheRun_counts() {
        join("team1a");
        later(100);

        assertDone(3, "connected");
        assertDone(4, "subscribed");
    }

    @Test
    void goneBeforeTheRun_doesNotCount() {
        join("team1a");
        progress.onEvent(new BrokerEvent.ClientDisconnected(clock.now, client("team1a", "mine"), Cause.LOST, ""));

        assertOpen(3, "connected");
        assertOpen(3, "subscribed");
    }

    @Test
    void subscribed_toTheOwnTree_isDone() {
        part(2, "subscribed");
        join("team1a");

        assertDone(2, "subscribed");
        assertDone(3, "subscribed");
        assertDone(4, "subscribed");
    }

    @Test
    void subscribed_toMessagesOnly_isEnoughForStep2Only() {
        part(2, "subscribed");
        connect("team1a", "mine");
        subscribe("team1a", ROOT + "team1a/message", 1);

        assertDone(2, "subscribed");
        assertWrong(3, "subscribed", "incomplete_subscription", "delivered");
        assertWrong(4, "subscribed", "incomplete_subscription", "delivered, read, typing");
    }

    @Test
    void subscribed_toAnothersTree_isTold() {
        part(2, "subscribed");
        connect("team1a", "mine");
        refuse("SUBSCRIBE", ROOT + "team2a/#", "foreign_tree");

        assertWrong(2, "subscribed", "foreign_tree", "the reason");
    }

    @Test
    void messageSent_isDone() {
        part(3, "message_sent");
        join("team1a");
        publish("team1a", "x1", "message", "1");

        assertDone(2, "message_sent");
        assertDone(3, "message_sent");
        assertThat(part(3, "message_sent").detail()).isEqualTo("to x1, QoS 1");
    }

    @Test
    void messageSent_andRefused_isTold_andARightOneMendsIt() {
        part(3, "message_sent");
        join("team1a");
        refuse("PUBLISH", ROOT + "x1/message", "missing_field");
        assertWrong(3, "message_sent", "missing_field", "the reason");

        refuse("PUBLISH", ROOT + "x1/messages", "unknown_kind");
        assertWrong(3, "message_sent", "unknown_kind", "the reason");

        publish("team1a", "x1", "message", "1");
        assertDone(3, "message_sent");
    }

    @Test
    void newUuid_ofTheSecondMessage_isDone() {
        part(3, "new_uuid");
        publish("team1a", "x1", "message", "1");
        assertOpen(3, "new_uuid");
        publish("team1a", "x1", "message", "2");

        assertDone(3, "new_uuid");
    }

    @Test
    void newUuid_usedAgain_isTold() {
        part(3, "new_uuid");
        publish("team1a", "x1", "message", "1");
        publish("team1a", "x1", "message", "1");

        assertWrong(3, "new_uuid", "repeated_uuid", "\"1\"");
    }

    @Test
    void messageReceived_bySubscription_isDone() {
        part(3, "message_received");
        join("team1a");
        publish("x1", "team1a", "message", "1");

        assertDone(2, "message_received");
        assertDone(3, "message_received");
    }

    @Test
    void messageReceived_withoutASubscription_isNot_andSubscribedTellsWhy() {
        part(2, "message_received");
        connect("team1a", "mine");
        publish("x1", "team1a", "message", "1");
        advise(ROOT + "team1a/message", "not_subscribed");

        assertOpen(2, "message_received");
        assertWrong(2, "subscribed", "not_subscribed", "the reason");
    }

    @Test
    void deliveredSent_forAMessage_isDone() {
        part(3, "delivered_sent");
        join("team1a");
        publish("x1", "team1a", "message", "1");
        publish("team1a", "x1", "delivered", "1");

        assertDone(3, "delivered_sent");
    }

    @Test
    void deliveredSent_forAnotherUuid_isTold() {
        part(3, "delivered_sent");
        join("team1a");
        publish("x1", "team1a", "message", "1");
        advise(ROOT + "x1/delivered", "unknown_message");
        publish("team1a", "x1", "delivered", "2");

        assertWrong(3, "delivered_sent", "unknown_message", "the reason");
    }

    @Test
    void deliveredSent_never_isToldAfterAMoment() {
        part(3, "delivered_sent");
        join("team1a");
        publish("x1", "team1a", "message", "1");
        later(1);
        assertOpen(3, "delivered_sent");
        later(2);

        assertWrong(3, "delivered_sent", "", "a message from x1 came to your program, and no delivered followed");
    }

    @Test
    void deliveredReceived_forAMessage_isDone() {
        part(3, "delivered_received");
        join("team1a");
        publish("team1a", "x1", "message", "1");
        publish("x1", "team1a", "delivered", "1");

        assertDone(3, "delivered_received");
    }

    /** The two are reported by two threads. */
    @Test
    void receipts_reportedBeforeTheirMessage_countAllTheSame() {
        part(3, "delivered_received");
        join("team1a");
        publish("x1", "team1a", "delivered", "1");
        publish("x1", "team1a", "read", "1");
        publish("team1a", "x1", "message", "1");
        publish("team1a", "x1", "delivered", "2");
        publish("team1a", "x1", "read", "2");
        publish("x1", "team1a", "message", "2");

        assertDone(3, "delivered_received");
        assertDone(4, "read_received");
        assertDone(3, "delivered_sent");
        assertDone(4, "read_sent");
    }

    @Test
    void deliveredReceived_withoutASubscription_isTold_andForAnUnknownUuidIsNothing() {
        part(3, "delivered_received");
        connect("team1a", "mine");
        subscribe("team1a", ROOT + "team1a/message", 1);
        publish("team1a", "x1", "message", "1");
        publish("x1", "team1a", "delivered", "7");
        assertOpen(3, "delivered_received");
        publish("x1", "team1a", "delivered", "1");

        assertWrong(3, "delivered_received", "not_subscribed", "x1 sent one");
    }

    @Test
    void qos1_everywhere_isDone() {
        part(3, "qos_1");
        join("team1a");
        publish("team1a", "x1", "message", "1");
        assertOpen(3, "qos_1");
        publish("x1", "team1a", "message", "2");
        publish("team1a", "x1", "delivered", "2");

        assertDone(3, "qos_1");
    }

    @Test
    void qos1_notEverywhere_isTold_andNothingElseSuffers() {
        part(3, "qos_1");
        join("team1a");
        publish("team1a", "x1", "message", "1", 0);

        assertWrong(3, "qos_1", "qos_0", "a message was published at QoS 0");
        assertDone(3, "message_sent");
    }

    @Test
    void typingPaced_forMoreThanTenSeconds_isDone() {
        part(4, "typing_paced");
        for (int i = 0; i < 4; i++) {
            assertOpen(4, "typing_paced");
            publish("team1a", "x1", "typing", "");
            later(3);
        }

        assertDone(4, "typing_paced");
        assertThat(part(4, "typing_paced").detail()).isEqualTo("4 hints to x1 in 9.0 s");
    }

    @Test
    void typingPaced_atEachKey_isTold() {
        part(4, "typing_paced");
        publish("team1a", "x1", "typing", "");
        later(0.4);
        publish("team1a", "x1", "typing", "");

        assertWrong(4, "typing_paced", "", "two hints were 0.4 s apart");
    }

    @Test
    void typingPaced_tooSeldom_isTold() {
        part(4, "typing_paced");
        publish("team1a", "x1", "typing", "");
        later(10);
        publish("team1a", "x1", "typing", "");

        assertWrong(4, "typing_paced", "", "two hints were 10.0 s apart");
    }

    @Test
    void typingStops_whenNothingFollowsTheText_isDone() {
        part(4, "typing_stops");
        publish("team1a", "x1", "typing", "");
        later(2);
        publish("team1a", "x1", "message", "1");
        later(5.9);
        assertOpen(4, "typing_stops");
        later(0.1);

        assertDone(4, "typing_stops");
    }

    @Test
    void typingStops_withATextThatNoHintCameBefore_isNot() {
        part(4, "typing_stops");
        publish("team1a", "x1", "message", "1");
        later(60);

        assertOpen(4, "typing_stops");
    }

    @Test
    void typingStops_whenHintsGoOn_isTold() {
        part(4, "typing_stops");
        publish("team1a", "x1", "typing", "");
        later(2);
        publish("team1a", "x1", "message", "1");
        later(2.9);
        publish("team1a", "x1", "typing", "");
        later(60);

        assertWrong(4, "typing_stops", "", "a hint followed 2.9 s after the text was sent");
    }

    @Test
    void typingReceived_isDoneWithASubscription_andToldWithout() {
        part(4, "typing_received");
        connect("team1a", "mine");
        publish("x1", "team1a", "typing", "");
        assertWrong(4, "typing_received", "not_subscribed", "x1 sent one");

        subscribe("team1a", ROOT + "team1a/#", 1);
        publish("x1", "team1a", "typing", "");
        assertDone(4, "typing_received");
    }

    @Test
    void readSent_afterDelivered_isDone() {
        part(4, "read_sent");
        join("team1a");
        publish("x1", "team1a", "message", "1");
        publish("team1a", "x1", "delivered", "1");
        assertOpen(4, "read_sent");
        publish("team1a", "x1", "read", "1");

        assertDone(4, "read_sent");
    }

    @Test
    void readSent_withoutDelivered_isTold() {
        part(4, "read_sent");
        join("team1a");
        publish("x1", "team1a", "message", "1");
        publish("team1a", "x1", "read", "1");

        assertWrong(4, "read_sent", "", "no delivered before it");
    }

    @Test
    void readReceived_isDoneForOnesOwnMessageOnly() {
        part(4, "read_received");
        join("team1a");
        publish("x1", "team1a", "read", "2");
        assertOpen(4, "read_received");
        publish("team1a", "x1", "message", "1");
        publish("x1", "team1a", "read", "1");

        assertDone(4, "read_received");
    }

    @Test
    void run_thatBeginsLater_seesNothingOfWhatWasBefore_butTheClassDoes() {
        join("team1a");
        publish("team1a", "x1", "message", "1");

        assertOpen(3, "message_sent");
        Standing standing = progress.standings(List.of("team1a")).get(0);
        assertThat(standing.done()).containsKeys(LabPart.MESSAGE_SENT_2, LabPart.SUBSCRIBED_4);
        assertThat(standing.done()).doesNotContainKey(LabPart.DELIVERED_SENT_3);
    }

    @Test
    void whatOneTeamDoes_isNoOthers() {
        part(3, "message_sent");
        join("team2a");
        publish("team2a", "x1", "message", "1");

        assertOpen(3, "message_sent");
        assertThat(progress.standings(List.of("team1a")).get(0).done()).isEmpty();
    }

    @Test
    void standing_hasTheCodeOfWhatIsWrong_untilItIsDone() {
        refuse("PUBLISH", ROOT + "x1/message", "missing_field");
        assertThat(progress.standings(List.of("team1a")).get(0).problems())
                .containsEntry(LabPart.MESSAGE_SENT_3, "missing_field");

        publish("team1a", "x1", "message", "1");
        assertThat(progress.standings(List.of("team1a")).get(0).problems()).isEmpty();
    }

    @Test
    void forget_leavesWhoIsConnected() {
        join("team1a");
        publish("team1a", "x1", "message", "1");
        progress.forget();

        assertThat(progress.standings(List.of("team1a")).get(0).done())
                .containsOnlyKeys(
                        LabPart.CONNECTED_2,
                        LabPart.CONNECTED_3,
                        LabPart.CONNECTED_4,
                        LabPart.SUBSCRIBED_2,
                        LabPart.SUBSCRIBED_3,
                        LabPart.SUBSCRIBED_4);
    }

    @Test
    void run_nobodyAsksFor_isGivenUp() {
        part(3, "message_sent");
        later(LabProgress.RUN_KEPT.plus(Duration.ofSeconds(1)).toSeconds());
        publish("team1a", "x1", "message", "1");

        assertOpen(3, "message_sent");
    }

    @Test
    void nobodysParts_areEmpty() {
        assertThat(progress.parts(new ChatId("nobody"), 3, "run")).isEmpty();
    }

    @Test
    void file_bringsTheProgressBack_andABrokenOneHurtsNobody(@TempDir Path directory) throws IOException {
        join("team1a");
        publish("team1a", "x1", "message", "1");
        ProgressFile.open(directory, progress).close();

        LabProgress next = new LabProgress(USERS::contains, ChatTopics.DEFAULT, clock);
        ProgressFile.open(directory, next).close();
        assertThat(next.standings(List.of("team1a")).get(0).done())
                .isEqualTo(progress.standings(List.of("team1a")).get(0).done());

        Files.writeString(directory.resolve(ProgressFile.FILE_NAME), "team1a:MESSAGE_SENT_3:yesterday\nnonsense\n");
        LabProgress other = new LabProgress(USERS::contains, ChatTopics.DEFAULT, clock);
        ProgressFile.open(directory, other).close();
        assertThat(other.standings(List.of("team1a")).get(0).done()).isEmpty();
    }

    @Test
    void partners_areWhoTellChecklists_andAreThere() {
        ServerRequests.checklist(progress, "x1");
        assertThat(progress.partners()).isEmpty();
        connect("x1", "labchat-1");

        assertThat(progress.partners()).containsExactly(new ChatId("x1"));
    }
}
