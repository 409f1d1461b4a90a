package labchat.client.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import labchat.client.ui.Packets;
import labchat.client.wire.WireLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireTapTest {

    private final WireLog log = new WireLog(Clock.systemUTC());
    private final EmbeddedChannel channel = new EmbeddedChannel(new WireTap());

    @AfterEach
    void close() {
        WireTap.unregister("c");
        channel.finishAndReleaseAll();
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private List<String> seen() {
        return log.entries().stream()
                .map(entry -> (entry.outgoing() ? "> " : "< ") + entry.packet().name())
                .toList();
    }

    @Test
    void packetsOfARegisteredSession_areSeenBothWays_andPassUnchanged() {
        WireTap.register("c", log);

        channel.writeOutbound(bytes(Packets.CONNECT));
        channel.writeInbound(bytes("20 03 00"), bytes("00 00 40 02 00"), bytes("07"));
        channel.writeOutbound(bytes("e0 00"));

        assertThat(seen()).containsExactly("> CONNECT", "< CONNACK", "< PUBACK", "> DISCONNECT");
        ByteBuf sent = channel.readOutbound();
        assertThat(sent).isEqualTo(bytes(Packets.CONNECT));
        ByteBuf received = channel.readInbound();
        assertThat(received).isEqualTo(bytes("20 03 00"));
        sent.release();
        received.release();
    }

    @Test
    void connectionOfAnotherSession_isLeftAlone() {
        WireTap.register("other", log);
        try {
            channel.writeOutbound(bytes(Packets.CONNECT));
            channel.writeInbound(bytes("20 03 00 00 00"));

            assertThat(seen()).isEmpty();
            assertThat(channel.pipeline().get(WireTap.class)).isNull();
        } finally {
            WireTap.unregister("other");
        }
    }
}
