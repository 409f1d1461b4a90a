package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import labchat.broker.config.Limits;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.PacketTrace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTimeoutHandlerTest {

    private static final long TIMEOUT = Limits.STANDARD.packetTimeout().toMillis();
    private static final byte[] PINGREQ = {(byte) 0xc0, 0};

    private static final class Refusals implements BrokerEventListener {
        private final List<String> codes = new ArrayList<>();

        @Override
        public void onEvent(BrokerEvent event) {
            if (event instanceof BrokerEvent.LoginRefused refused) {
                codes.add(refused.refusal().code());
            }
        }

        @Override
        public void onPacket(PacketTrace packet) {}
    }

    private final Refusals refusals = new Refusals();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    PacketTimeoutHandlerTest() {
        channel.freezeTime();
        Connection connection = new GuardFixture(new GuardFixture.SwitchedAcl(), refusals).connection(channel);
        channel.pipeline().addFirst(new PacketTimeoutHandler(connection));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** A PUBLISH whose body has this many bytes. */
    private static byte[] packet(int bodyBytes) {
        ByteBuf packet = Unpooled.buffer();
        packet.writeByte(0x30);
        int left = bodyBytes;
        do {
            packet.writeByte(left & 0x7f | (left > 0x7f ? 0x80 : 0));
            left >>= 7;
        } while (left > 0);
        packet.writeZero(bodyBytes);
        byte[] bytes = new byte[packet.readableBytes()];
        packet.readBytes(bytes).release();
        return bytes;
    }

    private void read(byte[] bytes, int from, int to) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
        ReferenceCountUtil.release(channel.readInbound());
    }

    private void readAll(byte[] bytes) {
        read(bytes, 0, bytes.length);
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 127, 128, 16_383, 16_384, 100_000, 2_097_151, 2_097_152})
    void wholePacket_inOnePiece_neverTimesOut(int bodyBytes) {
        readAll(packet(bodyBytes));
        pass(10 * TIMEOUT);
        assertThat(channel.isOpen()).isTrue();
        assertThat(refusals.codes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 300, 16_384})
    void packetByteByByte_endedInTime_neverTimesOut(int bodyBytes) {
        byte[] packet = packet(bodyBytes);
        for (int i = 0; i < packet.length; i++) {
            read(packet, i, i + 1);
            pass(TIMEOUT / (packet.length + 1));
        }
        pass(10 * TIMEOUT);
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 100, 302})
    void packet_thatStopsInTheMiddle_isCutOffWhenTimeIsUp(int bytes) {
        byte[] packet = packet(300);
        assertThat(packet).hasSize(303);
        read(packet, 0, bytes);
        pass(TIMEOUT - 1);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(refusals.codes).containsExactly("packet_timeout");
    }

    @Test
    void packetByteByByte_tooSlowly_isCutOffAllTheSame() {
        byte[] packet = packet(300);
        for (int i = 0; i < 10; i++) {
            read(packet, i, i + 1);
            pass(TIMEOUT / 10);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void packetsOneIntoTheOther_eachInTime_neverTimeOut() {
        // There is always one begun, but never one that is old.
        byte[] two = new byte[] {PINGREQ[1], PINGREQ[0]};
        read(PINGREQ, 0, 1);
        for (int i = 0; i < 50; i++) {
            pass(TIMEOUT / 2);
            readAll(two);
        }
        assertThat(channel.isOpen()).isTrue();
        pass(TIMEOUT);
        pass(TIMEOUT);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void silence_betweenPackets_neverTimesOut() {
        readAll(PINGREQ);
        pass(100 * TIMEOUT);
        readAll(PINGREQ);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void connection_thatEndsWithinAPacket_leavesNoTimer() {
        read(packet(10), 0, 3);
        channel.close();
        pass(2 * TIMEOUT);
        assertThat(refusals.codes).isEmpty();
    }
}
