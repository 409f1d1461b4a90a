package labchat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkTest {

    private final List<String> heard = new ArrayList<>();
    private final Link link = new Link(0, "u1", new Link.Listener() {
        @Override
        public void connected(Link link, int code, boolean sessionPresent) {
            heard.add("connected " + code + " " + sessionPresent);
        }

        @Override
        public void subscribed(Link link, int code) {
            heard.add("subscribed " + code);
        }

        @Override
        public void arrived(Link link, ByteBuf in, int topicAt, int topicEnd, int payloadAt, int payloadEnd) {
            heard.add(in.toString(topicAt, topicEnd - topicAt, StandardCharsets.UTF_8)
                    + " "
                    + in.toString(payloadAt, payloadEnd - payloadAt, StandardCharsets.UTF_8));
        }

        @Override
        public void acknowledged(Link link, long token) {
            heard.add("acknowledged " + token);
        }

        @Override
        public void closed(Link link, String why) {
            heard.add("closed");
        }
    });
    private final EmbeddedChannel channel = new EmbeddedChannel(link);

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private String written() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.append(ByteBufUtil.hexDump(next));
            next.release();
        }
        return all.toString();
    }

    private void receive(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    @Test
    void connect_isMqtt311_withNameAndPassword() {
        link.connect("c", "pw", true);

        // CONNECT, length 21; "MQTT", 4; name, password, clean; keep-alive 0; "c"; "u1"; "pw"
        assertThat(written())
                .isEqualTo("1015" + "00044d515454" + "04" + "c2" + "0000" + "000163" + "00027531" + "00027077");
    }

    @Test
    void packets_inAnyPieces_areHeardOnce() {
        String all = "20020000" + "9003ffff01" + "3006000161" + "686569" + "32080001610007686569";

        for (int i = 0; i < all.length(); i += 2) {
            receive(all.substring(i, i + 2));
        }

        assertThat(heard).containsExactly("connected 0 false", "subscribed 1", "a hei", "a hei");
        assertThat(written()).isEqualTo("40020007");
    }

    @Test
    void qos2_inBothDirections_takesItsFourPackets() {
        receive("34080001610007686569");
        receive("3c080001610007686569");
        receive("62020007");
        link.publish(new byte[] {'a'}, new byte[] {'x'}, 1, 2, 42);
        link.flush();
        receive("50020001");
        receive("70020001");

        assertThat(heard).containsExactly("a hei", "acknowledged 42");
        assertThat(written())
                .isEqualTo("50020007" + "50020007" + "70020007" + "3406" + "000161" + "0001" + "78" + "62020001");
    }

    @Test
    void manyInFlight_areAcknowledgedByTheirOwnIds_alsoBehindOneThatIsStuck() {
        for (int i = 1; i <= 70_000; i++) {
            link.publish(new byte[] {'a'}, new byte[0], 0, 1, i);
            String hex = written();
            link.flush();
            hex = written();
            if (i > 100) {
                receive("4002" + hex.substring(hex.length() - 4));
            }
        }

        assertThat(link.inFlight()).isEqualTo(100);
        assertThat(heard).hasSize(69_900).startsWith("acknowledged 101").endsWith("acknowledged 70000");
        receive("40020005");
        assertThat(heard).endsWith("acknowledged 5");
        receive("40020005");
        assertThat(heard).hasSize(69_901);
    }
}
