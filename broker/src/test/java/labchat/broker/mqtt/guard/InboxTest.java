package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import labchat.broker.store.MessageStore;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static final ChatId TEAM2A = new ChatId("team2a");

    private final List<Long> noted = new ArrayList<>();
    private final Inbox inbox = inboxAt(0);

    private Inbox inboxAt(long position) {
        MessageStore store = (MessageStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MessageStore.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isIn("handedOver", "begins");
                    noted.add((Long) arguments[3]);
                    return null;
                });
        return new Inbox(TEAM2A, TEAM2A, ChatKind.MESSAGE, store, position);
    }

    /** As after the first replay of a client that found nothing. */
    private void caughtUp() {
        inbox.replayed(0, 0, new Sequences());
    }

    private static Sequences of(long... values) {
        Sequences sequences = new Sequences();
        for (long value : values) {
            sequences.add(value);
        }
        return sequences;
    }

    @Test
    void afterAStart_somethingMayWait() {
        assertThat(inbox.hasWaiting()).isTrue();
        assertThat(inbox.isHandedOver(1)).isFalse();
    }

    @Test
    void acknowledged_isHandedOver() {
        caughtUp();
        inbox.published(10, true);
        assertThat(inbox.hasWaiting()).isTrue();
        assertThat(inbox.isHandedOver(10)).isFalse();
        inbox.handedOver(10);
        assertThat(inbox.hasWaiting()).isFalse();
        assertThat(inbox.isHandedOver(10)).isTrue();
        assertThat(noted).containsExactly(10L);
    }

    @Test
    void position_staysBeforeTheFirstThatIsNotAcknowledged() {
        caughtUp();
        inbox.published(10, true);
        inbox.published(12, true);
        inbox.published(15, true);
        inbox.handedOver(12);
        assertThat(inbox.position()).isEqualTo(9);
        assertThat(inbox.isHandedOver(12)).isTrue();
        assertThat(inbox.isHandedOver(15)).isFalse();
        inbox.handedOver(10);
        assertThat(inbox.position()).isEqualTo(14);
        inbox.handedOver(15);
        assertThat(inbox.position()).isEqualTo(15);
    }

    @Test
    void nobodyConnected_waitsUntilItIsReplayedAndAcknowledged() {
        caughtUp();
        inbox.published(10, true);
        inbox.handedOver(10);
        inbox.published(11, false);
        inbox.published(12, false);
        assertThat(inbox.hasWaiting()).isTrue();
        assertThat(inbox.position()).isEqualTo(10);
        inbox.sentAgain(11);
        inbox.sentAgain(12);
        inbox.replayed(10, 12, of(11, 12));
        assertThat(inbox.position()).isEqualTo(10);
        assertThat(inbox.isHandedOver(11)).isFalse();
        inbox.handedOver(11);
        inbox.handedOver(12);
        assertThat(inbox.hasWaiting()).isFalse();
        assertThat(inbox.position()).isEqualTo(12);
    }

    @Test
    void acknowledgedWhileOthersWait_isNotReplayed() {
        caughtUp();
        inbox.published(10, true);
        inbox.published(11, false);
        inbox.handedOver(10);
        assertThat(inbox.isHandedOver(10)).isTrue();
        assertThat(inbox.isHandedOver(11)).isFalse();
    }

    @Test
    void acknowledgedBehindOneThatIsNot_isNotReplayed_evenIfMoreIsMissed() {
        caughtUp();
        inbox.published(9, true);
        inbox.published(10, true);
        inbox.handedOver(10);
        inbox.published(11, false);
        assertThat(inbox.isHandedOver(9)).isFalse();
        assertThat(inbox.isHandedOver(10)).isTrue();
        assertThat(inbox.isHandedOver(11)).isFalse();
    }

    @Test
    void missedDuringAReplay_goesOnWaiting() {
        inbox.sentAgain(5);
        inbox.published(8, false);
        inbox.replayed(0, 7, of(5));
        inbox.handedOver(5);
        assertThat(inbox.hasWaiting()).isTrue();
        assertThat(inbox.isHandedOver(8)).isFalse();
    }

    @Test
    void newDuringAReplay_isNotTakenForHandedOver() {
        inbox.published(8, true);
        inbox.replayed(0, 7, new Sequences());
        assertThat(inbox.isHandedOver(8)).isFalse();
        inbox.handedOver(8);
        assertThat(inbox.position()).isEqualTo(8);
    }

    @Test
    void whatTheStoreHasNot_isNotWaitedFor() {
        caughtUp();
        inbox.published(10, true);
        inbox.published(11, true);
        inbox.replayed(0, 11, of(11));
        inbox.handedOver(11);
        assertThat(inbox.hasWaiting()).isFalse();
    }

    @Test
    void stillUnacknowledgedFromBefore_isKept() {
        caughtUp();
        inbox.published(10, true);
        inbox.published(11, false);
        inbox.sentAgain(11);
        inbox.replayed(10, 11, of(11));
        assertThat(inbox.isHandedOver(10)).isFalse();
    }

    @Test
    void ownMessage_isHandedOverAtOnce() {
        caughtUp();
        inbox.own(10);
        assertThat(inbox.hasWaiting()).isFalse();
        assertThat(inbox.position()).isEqualTo(10);
    }

    @Test
    void newMember_hasNothingWaiting() {
        inbox.startAt(40);
        assertThat(inbox.hasWaiting()).isFalse();
        assertThat(inbox.isHandedOver(40)).isTrue();
        assertThat(inbox.isHandedOver(41)).isFalse();
        assertThat(noted).containsExactly(40L);
    }

    @Test
    void sentAgainThoughHandedOver_isNotWaitedFor() {
        caughtUp();
        inbox.published(10, true);
        inbox.handedOver(10);
        inbox.sentAgain(10);
        assertThat(inbox.hasWaiting()).isFalse();
    }
}
