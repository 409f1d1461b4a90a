package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import labchat.broker.config.AclSubscribe;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code acl_subscribe mosquitto}: every SUBSCRIBE is granted, each delivery is checked. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MosquittoModeIT {

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().aclSubscribe(AclSubscribe.MOSQUITTO);

    @OnEveryListener
    void wideFilter_isGrantedButDeliversOnlyWhatMayBeRead(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        assertThat(team1a.subscribe("#", 1)).isEqualTo(1);
        RawMqtt staff = BROKER.login(wire, "staff");
        assertThat(staff.subscribe("#", 1)).isEqualTo(1);
        RawMqtt team3a = BROKER.login(wire, "team3a");

        String foreign = Chat.message("team3a", "team2a", "not for team1a");
        String own = Chat.message("team3a", "team1a", "for team1a");
        team3a.publish(Chat.messageTopic("team2a"), foreign, 1);
        team3a.publish(Chat.messageTopic("team1a"), own, 1);
        team3a.publish("ttm4175/other/both", "both", 1);

        assertThat(team1a.message().text()).isEqualTo(own);
        assertThat(team1a.message().text()).isEqualTo("both");
        assertThat(staff.message().text()).isEqualTo(foreign);
        assertThat(staff.message().text()).isEqualTo(own);
        assertThat(staff.message().text()).isEqualTo("both");
    }

    @OnEveryListener
    void passedOnTopic_outsideTheRules_isNotDelivered(Wire wire) throws IOException {
        // x6 may read other topics like everybody, but nothing of x5's tree, retained or live.
        RawMqtt x6 = BROKER.login(wire, "x6");
        assertThat(x6.subscribe("ttm4175/#", 1)).isEqualTo(1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        team1a.publish(Chat.messageTopic("x5"), Chat.message("team1a", "x5", "not for x6"), 1);
        String own = Chat.message("team1a", "x6", "for x6");
        team1a.publish(Chat.messageTopic("x6"), own, 1);
        assertThat(x6.message().text()).isEqualTo(own);
    }

    @OnEveryListener
    void retainedPresence_outsideTheRules_isNotDelivered(Wire wire) throws IOException {
        RawMqtt x6 = BROKER.login(wire, "x6");
        assertThat(x6.subscribe("ttm4175/chat/+/presence", 1)).isEqualTo(1);
        x6.ping();

        assertThat(x6.keptPresence())
                .extracting(Packet::topic)
                .contains(Chat.ROOT + "x4/presence")
                .doesNotContain(Chat.ROOT + "x5/presence");
    }

    @OnEveryListener
    void share_isRefusedHereToo(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        assertThat(team1a.subscribe("$share/g/ttm4175/chat/team1a/#", 1)).isGreaterThanOrEqualTo(0x80);
    }
}
