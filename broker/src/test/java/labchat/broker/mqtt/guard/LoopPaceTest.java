package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopPaceTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong now = new AtomicLong();
    private final LoopPace pace = new LoopPace(channel.eventLoop(), now::get);

    @SuppressWarnings("deprecation")
    private int bytesARead() {
        return pace.newHandle().guess();
    }

    private void round(long millis) {
        pace.packet();
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        channel.runPendingTasks();
    }

    @Test
    void longRounds_readLessOfEach_downToAMessage() {
        int before = bytesARead();
        round(150);
        assertThat(bytesARead()).isEqualTo(before / 2);
        for (int i = 0; i < 10; i++) {
            round(500);
        }
        assertThat(bytesARead()).isEqualTo(256);
    }

    @Test
    void shortRounds_readMoreAgain_butNotMoreThanAtFirst() {
        int before = bytesARead();
        round(150);
        round(150);
        round(10);
        assertThat(bytesARead()).isEqualTo(before / 2);
        for (int i = 0; i < 10; i++) {
            round(1);
        }
        assertThat(bytesARead()).isEqualTo(before);
    }

    @Test
    void roundsOfAModerateLength_changeNothing() {
        round(150);
        int between = bytesARead();
        round(60);
        assertThat(bytesARead()).isEqualTo(between);
    }

    @Test
    void whatIsUrgent_isDoneBetweenTwoPackets_andOnce() {
        List<String> done = new ArrayList<>();
        pace.packet();
        pace.soon(() -> done.add("urgent"));
        assertThat(done).isEmpty();
        pace.packet();
        assertThat(done).containsExactly("urgent");
        channel.runPendingTasks();
        assertThat(done).containsExactly("urgent");
    }

    @Test
    void whatIsUrgent_needsNoPacket() {
        List<String> done = new ArrayList<>();
        pace.soon(() -> done.add("urgent"));
        channel.runPendingTasks();
        assertThat(done).containsExactly("urgent");
    }
}
