package labchat.broker.staff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import labchat.broker.staff.StaffSessions.Session;
import org.junit.jupiter.api.Test;

class StaffSessionsTest {

    private final Happenings.Hands clock = new Happenings.Hands();
    private final StaffSessions sessions = new StaffSessions(clock);
    private final LoginThrottle throttle = new LoginThrottle(clock);

    @Test
    void use_openSession_isTheUsersWithATokenOfItsOwn() {
        String one = sessions.open("x1");
        String two = sessions.open("x1");

        Session first = sessions.use(one).orElseThrow();
        Session second = sessions.use(two).orElseThrow();

        assertThat(one).isNotEqualTo(two).hasSizeGreaterThan(40);
        assertThat(first.user()).isEqualTo("x1");
        assertThat(first.csrf()).isNotEqualTo(second.csrf()).isNotEqualTo(one);
        assertThat(first.hasToken(first.csrf())).isTrue();
        assertThat(first.hasToken(second.csrf())).isFalse();
        assertThat(first.hasToken("")).isFalse();
        assertThat(first.toString()).doesNotContain(first.csrf());
    }

    @Test
    void use_unknownKey_isNobody() {
        assertThat(sessions.use("")).isEmpty();
        assertThat(sessions.use("guessed")).isEmpty();
    }

    @Test
    void use_keepsASessionOpen_lookDoesNot() {
        String used = sessions.open("x1");
        String looked = sessions.open("x1");
        clock.forward(StaffSessions.IDLE.minusSeconds(1));
        assertThat(sessions.use(used)).isPresent();
        assertThat(sessions.look(looked)).isPresent();
        clock.forward(Duration.ofSeconds(1));

        assertThat(sessions.use(used)).isPresent();
        assertThat(sessions.use(looked)).isEmpty();
    }

    @Test
    void use_afterTheLongestTime_hasEnded() {
        String key = sessions.open("x1");
        for (int i = 0; i < 24; i++) {
            clock.forward(Duration.ofMinutes(30).minusSeconds(1));
            assertThat(sessions.use(key)).isPresent();
        }
        clock.forward(Duration.ofSeconds(24));

        assertThat(sessions.use(key)).isEmpty();
    }

    @Test
    void close_endsOneOrAllOfAUser() {
        String one = sessions.open("x1");
        String two = sessions.open("x1");
        String other = sessions.open("x2");

        sessions.close(one);
        assertThat(sessions.use(one)).isEmpty();
        assertThat(sessions.use(two)).isPresent();
        sessions.closeAll("x1");
        assertThat(sessions.use(two)).isEmpty();
        assertThat(sessions.use(other)).isPresent();
    }

    @Test
    void attempt_tooMany_waitUntilTheFirstIsOld() {
        for (int i = 0; i < LoginThrottle.MOST; i++) {
            assertThat(throttle.attempt("10.0.0.7", "x" + i)).isEmpty();
        }
        assertThat(throttle.attempt("10.0.0.7", "x9")).isEqualTo(Optional.of(LoginThrottle.WITHIN));
        assertThat(throttle.attempt("10.0.0.8", "x9")).isEmpty();
        clock.forward(LoginThrottle.WITHIN);
        assertThat(throttle.attempt("10.0.0.7", "x9")).isEmpty();
    }

    @Test
    void attempt_fromManyAddresses_countsForTheNameToo() {
        for (int i = 0; i < LoginThrottle.MOST; i++) {
            assertThat(throttle.attempt("10.0.0." + i, "x1")).isEmpty();
        }
        assertThat(throttle.attempt("10.0.0.99", "x1")).isPresent();
    }

    @Test
    void attempt_afterARightPassword_isFree() {
        for (int i = 1; i < LoginThrottle.MOST; i++) {
            throttle.attempt("10.0.0.7", "x1");
        }
        throttle.succeeded("10.0.0.7", "x1");
        for (int i = 0; i < LoginThrottle.MOST; i++) {
            assertThat(throttle.attempt("10.0.0.7", "x1")).isEmpty();
        }
    }
}
