package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server tells those who made a mistake, on {@code ROOT/<id>/diagnostics}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DiagnosticsIT {

    private static final String TO_TEAM2A = Chat.messageTopic("team2a");

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    @OnEveryListener
    void brokenPayload_isExplainedToItsAuthorAndToNobodyElse(Wire wire) throws IOException {
        // Each run has an author of its own: the same mistake is not explained again for a while.
        String author = "team" + (3 + wire.ordinal()) + "a";
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        RawMqtt client = BROKER.receiver(wire, author, 1);
        String broken = "{'sender': '%s'}".formatted(author) + "x".repeat(300);
        client.publish(TO_TEAM2A, broken, 1);

        Packet explanation = client.diagnostics();
        assertThat(explanation.topic()).isEqualTo(Chat.ROOT + author + "/diagnostics");
        assertThat(explanation.isRetain()).isFalse();
        assertThat(explanation.text())
                .matches(Pattern.compile(
                        ("\\{\"sender\":\"server\",\"receiver\":\"%s\",\"status\":\"error\",\"code\":\"invalid_json\","
                                        + "\"topic\":\"%s\",\"reason\":\".+\",\"hint\":\".+\",\"payload\":\"%s\"}")
                                .formatted(author, TO_TEAM2A, Pattern.quote(broken.substring(0, 200)))));

        // The same again says nothing, another mistake does.
        client.publish(TO_TEAM2A, broken, 1);
        client.publish(TO_TEAM2A, Chat.message("team3b", "team2a", "forged"), 1);
        assertThat(client.diagnostics().text()).contains("\"code\":\"sender_mismatch\"");

        String good = Chat.message(author, "team2a", "hei");
        client.publish(TO_TEAM2A, good, 1);
        Packet next = team2a.expect(Type.PUBLISH);
        assertThat(next.text()).isEqualTo(good);
    }

    @OnEveryListener
    void explanation_thatIsForged_isRefused(Wire wire) throws IOException {
        String victim = "team" + (7 + wire.ordinal()) + "a";
        RawMqtt reader = BROKER.receiver(wire, victim, 1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        RefusalIT.assertRefused(
                wire,
                team1a,
                Publish.to(Chat.ROOT + victim + "/diagnostics", "{\"sender\":\"server\"}"),
                1,
                List.of(0x87));
        String good = Chat.message("team1a", victim, "hei");
        team1a.publish(Chat.messageTopic(victim), good, 1);
        assertThat(reader.expect(Type.PUBLISH).text()).isEqualTo(good);
    }
}
