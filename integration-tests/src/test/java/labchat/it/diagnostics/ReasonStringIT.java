package labchat.it.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import labchat.broker.event.BrokerEvent;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import labchat.protocol.codec.DiagnosticCodec;
import labchat.protocol.event.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An MQTT 5 client reads the same words in the answer to its packet; a login that is refused has nothing else. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReasonStringIT {

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    private static void assertSameWords(Packet answer, Packet explanation, String code) {
        Diagnostic diagnostic = DiagnosticCodec.decode(
                        explanation.text().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .orElseThrow();
        assertThat(diagnostic.code()).isEqualTo(code);
        assertThat(answer.props().text(Prop.REASON_STRING)).contains(diagnostic.reason() + ". " + diagnostic.hint());
    }

    @Test
    void refusedPublish_hasTheExplanationAsReasonString() throws IOException {
        RawMqtt client = BROKER.receiver(Wire.TCP_V5, "team1a", 1);
        Packet invalid = client.publish(Chat.messageTopic("team2a"), "{'sender': 'team1a'}", 1);
        assertThat(invalid.code()).isEqualTo(0x99);
        assertSameWords(invalid, client.diagnostics(), "invalid_json");

        Packet forged = client.publish(Chat.messageTopic("team2a"), Chat.message("team3a", "team2a", "hei"), 2);
        assertThat(forged.code()).isEqualTo(0x87);
        assertSameWords(forged, client.diagnostics(), "sender_mismatch");

        Packet unknown = client.publish(Chat.messageTopic("taem2a"), Chat.message("team1a", "taem2a", "hei"), 1);
        assertThat(unknown.code()).isEqualTo(0x90);
        assertSameWords(unknown, client.diagnostics(), "unknown_receiver");

        Packet noId = client.publish(Chat.messageTopic("team 2a"), Chat.message("team1a", "team2a", "hei"), 1);
        assertThat(noId.code()).isEqualTo(0x90);
        assertSameWords(noId, client.diagnostics(), "invalid_id");
    }

    @Test
    void goodPublish_hasNoReasonString() throws IOException {
        RawMqtt client = BROKER.receiver(Wire.TCP_V5, "team2b", 1);
        Packet puback = client.publish(Chat.messageTopic("team2a"), Chat.message("team2b", "team2a", "hei"), 1);
        assertThat(puback.code()).isZero();
        assertThat(puback.props().all(Prop.REASON_STRING)).isEmpty();
    }

    @Test
    void refusedSubscription_hasTheExplanationAsReasonString() throws IOException {
        RawMqtt client = BROKER.receiver(Wire.TCP_V5, "team3a", 1);
        Packet suback = client.subscribe(Props.NONE, "ttm4175/chat/#", 1);
        assertThat(suback.code()).isEqualTo(0x87);
        assertSameWords(suback, client.diagnostics(), "filter_too_wide");
    }

    @Test
    void wildcardInTopic_closesWithTheExplanationAsReasonString() throws IOException {
        RawMqtt watcher = BROKER.receiver(Wire.TCP_V5, "team4a", 1);
        RawMqtt client = BROKER.login(Wire.TCP_V5, "team4a");
        client.send(Publish.to("ttm4175/chat/+/message", "{}").qos(1, 7).encode(Wire.TCP_V5));
        Packet disconnect = client.take(Type.DISCONNECT);
        assertThat(disconnect.code()).isEqualTo(0x90);
        assertSameWords(disconnect, watcher.diagnostics(), "wildcard_in_topic");
        client.expectClosed();
    }

    @Test
    void refusedWill_isLoggedAndHasTheExplanationAsReasonString() throws IOException {
        RawMqtt watcher = BROKER.receiver(Wire.TCP_V5, "team5a", 1);
        RawMqtt client = BROKER.open(Wire.TCP_V5);
        Packet connack = client.connect(
                TestBroker.loginOf(client, "team5a").will("ttm4175/chat/team5a/presence", "gone", 1, false));
        assertThat(connack.code()).isEqualTo(0x87);
        assertSameWords(connack, watcher.diagnostics(), "acl_denied");
        BrokerEvent.LoginRefused event = BROKER.recorder().await(client, BrokerEvent.LoginRefused.class);
        assertThat(event.refusal().words())
                .isEqualTo(connack.props().text(Prop.REASON_STRING).orElseThrow());
        assertThat(event.client().user()).isEqualTo(Optional.of("team5a"));
    }

    @Test
    void wrongPassword_isLoggedAndHasAReasonString() throws IOException {
        RawMqtt client = BROKER.open(Wire.TCP_V5);
        Packet connack =
                client.connect(Connect.as(Wire.TCP_V5).clientId(client.name()).login("team6a", "guessed"));
        assertThat(connack.code()).isEqualTo(0x86);
        assertThat(connack.props().text(Prop.REASON_STRING)).contains("bad user name or password");
        BrokerEvent.LoginRefused event = BROKER.recorder().await(client, BrokerEvent.LoginRefused.class);
        assertThat(event.refusal().code()).isEqualTo("bad_credentials");
        assertThat(event.client().user()).isEqualTo(Optional.of("team6a"));
        assertThat(event.toString()).doesNotContain("guessed");
    }
}
