package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import labchat.broker.TestClock;
import labchat.broker.config.Limits;
import labchat.broker.store.KeptSession;
import labchat.broker.store.KeptSession.KeptSubscription;
import labchat.broker.store.SessionStore;
import org.junit.jupiter.api.Test;

class SessionsTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final KeptSubscription OWN_TREE =
            new KeptSubscription("ttm4175/chat/team1a/#", 1, false, false, 0, 0);

    /** Keeps in memory what would be on disk. */
    private static final class Disk implements SessionStore {
        private final Map<String, KeptSession> sessions = new LinkedHashMap<>();

        @Override
        public List<KeptSession> sessions() {
            return new ArrayList<>(sessions.values());
        }

        @Override
        public CompletionStage<Void> save(KeptSession session) {
            sessions.put(session.user() + ":" + session.clientId(), session);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> remove(String user, String clientId) {
            sessions.remove(user + ":" + clientId);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void position(String user, String clientId, long upTo) {
            // Not looked at here.
        }
    }

    private final Disk disk = new Disk();
    private final TestClock clock = new TestClock("2026-11-21T10:00:00Z");
    private Sessions sessions = open();

    private Sessions open() {
        return new Sessions(disk, clock, () -> Limits.STANDARD);
    }

    private void leave(Session session, Duration expiry) {
        sessions.left(session, expiry, 7, 5, Session.Parked.NOTHING);
    }

    private Session createAndLeave(String user, String clientId) {
        Session session = sessions.create(user, clientId);
        session.subscriptions().put(OWN_TREE.filter(), OWN_TREE);
        leave(session, HOUR);
        return session;
    }

    @Test
    void resume_whatWasLeft_isTheSame() {
        Session session = createAndLeave("team1a", "laptop");
        assertThat(sessions.resume("team1a", "laptop")).containsSame(session);
        assertThat(session.position()).isEqualTo(7);
        assertThat(session.isAway()).isFalse();
    }

    @Test
    void resume_anothersOrNone_isNothing() {
        createAndLeave("team1a", "laptop");
        assertThat(sessions.resume("team2a", "laptop")).isEmpty();
        assertThat(sessions.resume("team1a", "phone")).isEmpty();
    }

    @Test
    void resume_justBeforeItExpires_isThere_andAtThatMomentNotAnyMore() {
        Session session = createAndLeave("team1a", "laptop");
        clock.set(clock.instant().plus(HOUR).minusMillis(1));
        assertThat(sessions.resume("team1a", "laptop")).isPresent();
        leave(session, HOUR);
        clock.set(clock.instant().plus(HOUR));
        assertThat(sessions.resume("team1a", "laptop")).isEmpty();
        assertThat(disk.sessions).isEmpty();
    }

    @Test
    void whileConnected_itDoesNotExpire() {
        createAndLeave("team1a", "laptop");
        Session session = sessions.resume("team1a", "laptop").orElseThrow();
        clock.set(clock.instant().plus(Duration.ofDays(2)));
        sessions.create("team1a", "another");
        leave(session, HOUR);
        assertThat(sessions.resume("team1a", "laptop")).isPresent();
    }

    @Test
    void expiryOfZero_endsIt() {
        Session session = createAndLeave("team1a", "laptop");
        leave(session, Duration.ZERO);
        assertThat(sessions.resume("team1a", "laptop")).isEmpty();
        assertThat(disk.sessions).isEmpty();
    }

    @Test
    void restart_bringsItBackFromWhereTheClientHadAll() {
        createAndLeave("team1a", "laptop");
        sessions = open();
        Session session = sessions.resume("team1a", "laptop").orElseThrow();
        assertThat(session.subscriptions()).containsEntry(OWN_TREE.filter(), OWN_TREE);
        assertThat(session.position()).isEqualTo(5);
    }

    @Test
    void restart_afterItsTime_forgetsIt() {
        createAndLeave("team1a", "laptop");
        clock.set(clock.instant().plus(HOUR));
        sessions = open();
        assertThat(disk.sessions).isEmpty();
        assertThat(sessions.resume("team1a", "laptop")).isEmpty();
    }

    @Test
    void restart_whileItsClientWasConnected_givesItTheLongestTime() {
        sessions.save(sessions.create("team1a", "laptop"), 3);
        assertThat(disk.sessions.get("team1a:laptop").expires()).isEqualTo(Optional.empty());
        sessions = open();
        clock.set(clock.instant().plus(Limits.STANDARD.maxSessionAge()).minusMillis(1));
        assertThat(sessions.resume("team1a", "laptop")).isPresent();
    }

    @Test
    void tooManyOfOneUser_theOldestThatIsAwayGoes() {
        for (int i = 0; i < Limits.STANDARD.maxUserSessions(); i++) {
            createAndLeave("team1a", "client-" + i);
            clock.set(clock.instant().plusMillis(1));
        }
        createAndLeave("team2a", "laptop");
        sessions.create("team1a", "one-more");
        assertThat(sessions.resume("team1a", "client-0")).isEmpty();
        assertThat(sessions.resume("team1a", "client-1")).isPresent();
        assertThat(sessions.resume("team2a", "laptop")).isPresent();
    }

    private static Session.Parked parkedOf(int bytes) {
        Delivery delivery = new Delivery("t", new byte[bytes], 1, PublishProperties.NONE, Optional.empty());
        Session.InFlight one = new Session.InFlight(3, delivery, 1, new int[0], null, false);
        return new Session.Parked(List.of(one), 3, Set.of(), List.of(9));
    }

    @Test
    void whatIsUnderWay_isHandedOnOnce() {
        Session session = sessions.create("team1a", "laptop");
        sessions.left(session, HOUR, 7, 5, parkedOf(100));
        Session again = sessions.resume("team1a", "laptop").orElseThrow();
        assertThat(again.takeParked().sent()).hasSize(1);
        assertThat(again.takeParked().sent()).isEmpty();
        assertThat(again.position()).isEqualTo(7);
    }

    @Test
    void tooMuchUnderWay_isReadFromTheStoreInstead_untilThereIsRoomAgain() {
        Session first = sessions.create("team1a", "first");
        sessions.left(first, HOUR, 7, 5, parkedOf(30 << 20));
        Session second = sessions.create("team1a", "second");
        sessions.left(second, HOUR, 7, 5, parkedOf(3 << 20));
        assertThat(second.position()).isEqualTo(5);
        Session.Parked parked = second.takeParked();
        assertThat(parked.sent()).isEmpty();
        assertThat(parked.lastId()).isEqualTo(3);
        assertThat(parked.received()).containsExactly(9);

        sessions.discard("team1a", "first");
        Session third = sessions.create("team1a", "third");
        sessions.left(third, HOUR, 7, 5, parkedOf(3 << 20));
        assertThat(third.position()).isEqualTo(7);
        assertThat(third.takeParked().sent()).hasSize(1);
    }

    @Test
    void connectionThatEndsBeforeItTakesTheSessionUp_leavesItAsItWas() {
        Session session = sessions.create("team1a", "laptop");
        sessions.left(session, HOUR, 7, 5, parkedOf(100));
        sessions.leftUntouched(sessions.resume("team1a", "laptop").orElseThrow(), HOUR);
        assertThat(disk.sessions.get("team1a:laptop").position()).isEqualTo(5);
        Session again = sessions.resume("team1a", "laptop").orElseThrow();
        assertThat(again.position()).isEqualTo(7);
        assertThat(again.takeParked().sent()).hasSize(1);
    }

    @Test
    void endSubscriptions_ofTheUserAndTreeOnly() {
        Session session = createAndLeave("team1a", "laptop");
        sessions.endSubscriptions("team2a", "ttm4175/chat/team1a/");
        sessions.endSubscriptions("team1a", "ttm4175/chat/group_1/");
        assertThat(session.subscriptions()).hasSize(1);
        sessions.endSubscriptions("team1a", "ttm4175/chat/team1a/");
        assertThat(session.subscriptions()).isEmpty();
        assertThat(disk.sessions.get("team1a:laptop").subscriptions()).isEmpty();
    }
}
