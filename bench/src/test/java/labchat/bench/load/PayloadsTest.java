package labchat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadsTest {

    private final Target target = new Target("localhost", 1883, "root", "u%d", 3, "secret");
    private final Payloads payloads = new Payloads(target, 3, "0badcafe", 3);

    private ByteBuf buffer(int length) {
        return Unpooled.copiedBuffer(payloads.bytes(), 0, length);
    }

    @Test
    void aMessage_isTheProtocols_andSaysWhichItIs() {
        ByteBuf message = buffer(payloads.message(0, 2, 0x12ab));

        assertThat(message.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"sender\":\"u1\",\"receiver\":\"u3\",\"message\":\"Hei\",\"uuid\":\"0badcafe0000000012ab\"}");
        assertThat(payloads.isOfThisRun(message, 0, message.readableBytes())).isTrue();
        assertThat(Payloads.author(message, message.readableBytes())).isZero();
        assertThat(Payloads.number(message, message.readableBytes())).isEqualTo(0x12ab);
    }

    @Test
    void aReceipt_namesTheAuthorsMessage() {
        ByteBuf receipt = buffer(payloads.delivered(2, 1, 77));

        assertThat(receipt.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"sender\":\"u3\",\"receiver\":\"u2\",\"status\":\"delivered\",\"uuid\":\"0badcafe00010000004d\"}");
        assertThat(Payloads.author(receipt, receipt.readableBytes())).isEqualTo(1);
        assertThat(Payloads.number(receipt, receipt.readableBytes())).isEqualTo(77);
    }

    @Test
    void whatAnotherRunSent_isNotTakenForOurs() {
        ByteBuf message = buffer(new Payloads(target, 3, "00000001", 3).message(0, 1, 1));
        ByteBuf other = buffer(payloads.message(0, 1, 1));
        other.setByte(other.readableBytes() - 22, 'x');

        assertThat(payloads.isOfThisRun(message, 0, 3)).isFalse();
        assertThat(payloads.isOfThisRun(other, 0, other.readableBytes())).isFalse();
    }
}
