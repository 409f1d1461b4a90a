package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code allow_anonymous}: clients without a name, under the lines before the first {@code user}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnonymousIT {

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().anonymous("""
                    topic readwrite ttm4175/chat/+/message
                    """);

    @OnEveryListener
    void namelessClients_chatUnderTheNamesTheyGive(Wire wire) throws IOException {
        RawMqtt receiver = nameless(wire);
        assertThat(receiver.subscribe(Chat.messageTopic("team2a"), 1)).isEqualTo(1);
        RawMqtt sender = nameless(wire);
        String payload = Chat.message("team1a", "team2a", "hei");
        sender.publish(Chat.messageTopic("team2a"), payload, 1);
        assertThat(receiver.message().text()).isEqualTo(payload);
        assertThat(BROKER.recorder()
                        .await(sender, ClientConnected.class)
                        .client()
                        .user())
                .isEmpty();
    }

    @OnEveryListener
    void namelessClient_beyondItsLines_isRefused(Wire wire) throws IOException {
        RawMqtt client = nameless(wire);
        // The patterns with a user's name are not for it; those without are.
        assertThat(client.subscribe(Chat.ROOT + "team2a/#", 1)).isEqualTo(wire.pick(0x80, 0x87));
        assertThat(client.subscribe(Chat.ROOT + "+/presence", 1)).isEqualTo(1);
        RefusalIT.assertRefused(wire, client, Publish.to("ttm4175/elsewhere", "x"), 1, List.of(0x87));
    }

    @OnEveryListener
    void namedClient_getsNothingFromTheNamelessLines(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        assertThat(team1a.subscribe(Chat.messageTopic("team2a"), 1)).isEqualTo(wire.pick(0x80, 0x87));
        RefusalIT.assertRefused(
                wire,
                team1a,
                Publish.to(Chat.messageTopic("team2a"), Chat.message("team3b", "team2a", "forged")),
                1,
                List.of(0x87));
    }

    @OnEveryListener
    void namedClient_withTheWrongPassword_isStillRefused(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        assertThat(client.connect(Connect.as(wire).clientId(client.name()).login("team1a", "wrong"))
                        .code())
                .isIn(4, 5, 0x86);
    }

    @OnEveryListener
    void brokenPayload_isRefusedFromTheNamelessToo(Wire wire) throws IOException {
        RawMqtt client = nameless(wire);
        RefusalIT.assertRefused(wire, client, Publish.to(Chat.messageTopic("team2a"), "{"), 1, List.of(0x99));
    }

    private static RawMqtt nameless(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        assertThat(client.connect(Connect.as(wire).clientId(client.name())).code())
                .isZero();
        return client;
    }
}
