package labchat.broker.diagram.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "connect | CONNECT",
                "CONNECT() | CONNECT",
                "1: Connect to broker | CONNECT",
                "disconnect | DISCONNECT",
                "subscribe(ttm4175/chat/team1a/#) | SUBSCRIBE",
                "Subscribe to ttm4175/chat/team1a/message | SUBSCRIBE",
                "unsubscribe | UNSUBSCRIBE",
                "send(ttm4175/chat/team2a/message, uuid 16fd) | MESSAGE",
                "send(ttm4175/chat/team2a/typing, typing x5) | TYPING",
                "send(ttm4175/chat/team1a/delivered, have read) | DELIVERED",
                "publish: message | MESSAGE",
                "publish: delivered | DELIVERED",
                "Message delivered | DELIVERED",
                "delivery receipt | DELIVERED",
                "READ receipt | READ",
                "message: have you read it? | MESSAGE",
                "message \"have you read it?\" | MESSAGE",
                "send message to room | MESSAGE",
                "is typing… | TYPING",
                "sendTyping() | TYPING",
                "{\"status\": \"read\"} | READ",
                "PUBACK | PUBACK",
                "pub ack for the message | PUBACK",
                "melding | MESSAGE",
                "skriver | TYPING",
                "online | PRESENCE"
            })
    void kinds_ofAWord_areThatPacket(String label, PacketKind kind) {
        assertThat(Labels.kinds(label, true)).containsExactly(kind);
    }

    @Test
    void kinds_fromTheBroker_areItsAnswers() {
        assertThat(Labels.kinds("connected", false)).containsExactly(PacketKind.CONNACK);
        assertThat(Labels.kinds("subscribed", false)).containsExactly(PacketKind.SUBACK);
        assertThat(Labels.kinds("message", false)).containsExactly(PacketKind.MESSAGE);
    }

    @Test
    void kinds_unclear_areSeveralOrNone() {
        assertThat(Labels.kinds("send(topic, data)", true)).isEqualTo(PacketKind.PUBLISHES);
        assertThat(Labels.kinds("ack", false)).isEqualTo(PacketKind.ACKS);
        assertThat(Labels.kinds("delivered / read", true)).isEqualTo(EnumSet.of(PacketKind.DELIVERED, PacketKind.READ));
        assertThat(Labels.kinds("Hei!", true)).isEmpty();
        assertThat(Labels.kinds("", true)).isEmpty();
    }

    @Test
    void everyKindsWord_isUnderstood() {
        Set<PacketKind> understood = Arrays.stream(PacketKind.values())
                .filter(kind -> Labels.kinds(kind.word(), true).contains(kind))
                .collect(Collectors.toSet());

        assertThat(understood).containsExactlyInAnyOrder(PacketKind.values());
    }

    @Test
    void plain_charactersByNumberAndBreaks_areReadable() {
        assertThat(Labels.plain("a#35;b &#60;c&gt; <br/>d\\ne **f**")).isEqualTo("a#b <c> d e f");
    }
}
