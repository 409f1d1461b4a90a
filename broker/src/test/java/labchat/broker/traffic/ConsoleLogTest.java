package labchat.broker.traffic;

import static labchat.broker.traffic.Packets.TEAM1A;
import static labchat.broker.traffic.Packets.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.event.BrokerEvent.Subscribed;
import labchat.broker.event.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class ConsoleLogTest {

    private final List<String> info = new CopyOnWriteArrayList<>();
    private final List<String> warn = new CopyOnWriteArrayList<>();

    @Test
    void onEvent_refusal_isAWarningAndTheRestInformation() {
        try (ConsoleLog log = new ConsoleLog(info::add, warn::add, 16)) {
            log.onEvent(new Subscribed(TIME, TEAM1A, "lab/x", 1));
            log.onEvent(new LoginRefused(TIME, TEAM1A, Refusal.of("bad_credentials", "bad user name or password")));
        }

        assertThat(info).singleElement().asString().startsWith("subscribe");
        assertThat(warn).singleElement().asString().startsWith("login refused");
    }

    @Test
    void onEvent_onlyRefusalsAreSeen_nothingElseIsMade() {
        try (ConsoleLog log = new ConsoleLog(info::add, warn::add, 16, true)) {
            log.onEvent(new Subscribed(TIME, TEAM1A, "lab/x", 1));
            log.onEvent(new LoginRefused(TIME, TEAM1A, Refusal.of("bad_credentials", "bad user name or password")));
        }

        assertThat(info).isEmpty();
        assertThat(warn).hasSize(1);
    }

    @Test
    void onPacket_anything_isNeitherWantedNorShown() {
        try (ConsoleLog log = new ConsoleLog(info::add, warn::add, 16)) {
            assertThat(log.wantsPackets()).isFalse();
            log.onPacket(Packets.ping());
        }

        assertThat(info).isEmpty();
    }

    @Test
    void onEvent_terminalStopped_returnsAndSaysLaterWhatIsMissing() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ConsoleLog log = new ConsoleLog(
                line -> {
                    stopped.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    info.add(line);
                },
                warn::add,
                8)) {
            log.onEvent(new Subscribed(TIME, TEAM1A, "lab/1", 1));
            stopped.await();
            // The first still holds its place, since it is being written.
            for (int n = 2; n <= 20; n++) {
                log.onEvent(new Subscribed(TIME, TEAM1A, "lab/" + n, 1));
            }
            goOn.countDown();
        }

        assertThat(info).hasSize(8);
        assertThat(warn).containsExactly("12 events are missing here: the console could not keep up");
    }

    @Test
    void onEvent_lineCannotBeMade_theNextOnesAreShown() {
        try (ConsoleLog log = new ConsoleLog(
                line -> {
                    if (line.contains("lab/bad")) {
                        throw new IllegalStateException("terminal");
                    }
                    info.add(line);
                },
                warn::add,
                8)) {
            log.onEvent(new Subscribed(TIME, TEAM1A, "lab/bad", 1));
            log.onEvent(new Subscribed(TIME, TEAM1A, "lab/good", 1));
        }

        assertThat(info).singleElement().asString().contains("lab/good");
        assertThat(warn).singleElement().asString().startsWith("1 event is missing");
    }
}
