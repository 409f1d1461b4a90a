package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;

/** "typing at the first key and then at most every 3 s while typing, none after sending" */
class TypingThrottleTest {

    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final ChatId TEAM3A = new ChatId("team3a");
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    private final TypingThrottle throttle = new TypingThrottle();

    @Test
    void firstKey_isHinted() {
        assertThat(throttle.key(TEAM2A, START)).isTrue();
    }

    @Test
    void keysWithinThreeSeconds_areNot() {
        throttle.key(TEAM2A, START);

        assertThat(throttle.key(TEAM2A, START.plusMillis(1))).isFalse();
        assertThat(throttle.key(TEAM2A, START.plusMillis(2_999))).isFalse();
    }

    @Test
    void keyAfterThreeSeconds_isHintedAgain() {
        throttle.key(TEAM2A, START);

        assertThat(throttle.key(TEAM2A, START.plusSeconds(3))).isTrue();
        assertThat(throttle.key(TEAM2A, START.plusSeconds(5))).isFalse();
    }

    @Test
    void keyForAnother_isHintedAtOnce() {
        throttle.key(TEAM2A, START);

        assertThat(throttle.key(TEAM3A, START.plusMillis(1))).isTrue();
    }

    @Test
    void firstKeyOfTheNextLine_isHintedAtOnce() {
        throttle.key(TEAM2A, START);
        throttle.lineEnded();

        assertThat(throttle.key(TEAM2A, START.plusMillis(1))).isTrue();
    }
}
