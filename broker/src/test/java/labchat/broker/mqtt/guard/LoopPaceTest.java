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

    @Test
    void whoFillsABuffer_isReadFromWithALargerOne_whileRoundsAreVeryShort() {
        round(1);
        assertThat(bytesAReadAfter(1023)).isEqualTo(1024);
        assertThat(bytesAReadAfter(1024)).isEqualTo(8192);
        round(10);
        assertThat(bytesAReadAfter(1024)).isEqualTo(1024);
        round(1);
        round(1);
        round(1);
        assertThat(bytesAReadAfter(1024)).isEqualTo(8192);
        round(150);
        assertThat(bytesAReadAfter(1024)).isEqualTo(512);
    }

    @Test
    void whoFillsABuffer_isReadFromAsUsual_whenTheRoundHasHadManyPackets() {
        for (int i = 0; i < 255; i++) {
            pace.packet();
        }
        assertThat(bytesAReadAfter(1024)).isEqualTo(8192);
        pace.packet();
        assertThat(bytesAReadAfter(1024)).isEqualTo(1024);
        channel.runPendingTasks();
        assertThat(bytesAReadAfter(1024)).isEqualTo(8192);
    }

    @SuppressWarnings("deprecation")
    private int bytesAReadAfter(int read) {
        var handle = pace.newHandle();
        handle.lastBytesRead(read);
        return handle.guess();
    }

    private final List<String> order = new ArrayList<>();

    /** Rounds that follow, with packets in each. */
    private void rounds(int count, int packets, long micros) {
        if (count > 0) {
            channel.eventLoop().execute(() -> {
                order.add("round");
                now.addAndGet(TimeUnit.MICROSECONDS.toNanos(micros));
                packets(packets);
                rounds(count - 1, packets, micros);
            });
        }
    }

    private void packets(int count) {
        for (int i = 0; i < count; i++) {
            pace.packet();
        }
    }

    @Test
    void flush_littleToDo_isAtTheEndOfTheRound() {
        packets(1);
        pace.flushLater(() -> order.add("flush"));
        assertThat(order).isEmpty();
        rounds(3, 1, 100);
        channel.runPendingTasks();
        assertThat(order).startsWith("flush").containsOnlyOnce("flush");
    }

    @Test
    void flush_muchToDo_isSomeRoundsLater_inTheOrderOfTheCalls() {
        packets(2);
        pace.flushLater(() -> order.add("flush 1"));
        pace.flushLater(() -> order.add("flush 2"));
        rounds(100, 2, 1);
        channel.runPendingTasks();
        assertThat(order.indexOf("flush 1")).isBetween(4, 12);
        assertThat(order.indexOf("flush 2")).isEqualTo(order.indexOf("flush 1") + 1);
        assertThat(order).containsOnlyOnce("flush 1", "flush 2");
    }

    @Test
    void flush_muchToDoAndNothingFollows_isInTheNextRound() {
        packets(2);
        pace.flushLater(() -> order.add("flush"));
        rounds(3, 0, 1);
        channel.runPendingTasks();
        assertThat(order.indexOf("flush")).isBetween(1, 2);
    }

    @Test
    void flush_muchToDoInLongRounds_isNotPutOffBeyondTheTime() {
        packets(2);
        pace.flushLater(() -> order.add("flush"));
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        rounds(3, 2, 1);
        channel.runPendingTasks();
        assertThat(order).startsWith("flush");
    }

    @Test
    void flush_causedByAnother_followsIt() {
        pace.flushLater(() -> {
            order.add("flush 1");
            pace.flushLater(() -> order.add("flush 3"));
        });
        pace.flushLater(() -> order.add("flush 2"));
        channel.runPendingTasks();
        assertThat(order).containsExactly("flush 1", "flush 2", "flush 3");
    }

    @Test
    void flush_thatFails_keepsNoOtherBack() {
        pace.flushLater(() -> {
            throw new IllegalStateException("a broken connection");
        });
        pace.flushLater(() -> order.add("flush"));
        // An embedded loop ends its round at a failure.
        channel.runPendingTasks();
        channel.runPendingTasks();
        assertThat(order).containsExactly("flush");
    }
}
