package labchat.it.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.it.support.Chat;
import labchat.it.support.Mosquitto;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Props;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Staff read {@code $SYS}, nobody else does, and nobody writes it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SysTopicsIT {

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass()
            .moreRules("user staff\ntopic read $SYS/#\ntopic write $SYS/#\nuser x1\ntopic read #\n")
            .sysInterval(Duration.ofSeconds(1));

    @TempDir
    private static Path directory;

    @OnEveryListener
    void staff_getWhatIsRetainedAndThenWhatChanges(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");

        assertThat(staff.subscribe("$SYS/broker/#", 2)).isEqualTo(2);

        Packet version = staff.take("the version", packet -> isOn(packet, "$SYS/broker/version"));
        assertThat(version.isRetain()).isTrue();
        assertThat(version.qos()).isEqualTo(2);
        assertThat(version.text()).startsWith("labchat version ");
        Packet uptime =
                staff.take("a later uptime", packet -> isOn(packet, "$SYS/broker/uptime") && !packet.isRetain());
        assertThat(uptime.text()).matches("[0-9]+ seconds");
    }

    private static boolean isOn(Packet packet, String topic) {
        return packet.type() == Packet.Type.PUBLISH && packet.topic().equals(topic);
    }

    @OnEveryListener
    void student_isRefusedAndReadsNothing(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.receiver(wire, "team1a", 1);

        Packet suback = team1a.subscribe(Props.NONE, "$SYS/broker/clients/connected", 0);

        assertThat(suback.codes()).containsExactly(wire.pick(0x80, 0x87));
        PacketRefused refused = BROKER.recorder().await(team1a, PacketRefused.class);
        assertThat(refused.refusal().code()).isEqualTo("acl_denied");
    }

    @OnEveryListener
    void subscriptionToEverything_doesNotBringIt(Wire wire) throws IOException {
        RawMqtt reader = BROKER.login(wire, "x1");
        RawMqtt staff = BROKER.login(wire, "staff");
        assertThat(reader.subscribe("#", 0)).isZero();
        staff.subscribe("$SYS/broker/uptime", 0);
        staff.take("a later uptime", packet -> isOn(packet, "$SYS/broker/uptime") && !packet.isRetain());
        String fence = Chat.message("team1a", "team2a", "fence");
        BROKER.login(wire, "team1a").publish(Chat.messageTopic("team2a"), fence, 1);

        assertThat(reader.message().text()).isEqualTo(fence);
        assertThat(reader.kept())
                .noneMatch(packet ->
                        packet.type() == Packet.Type.PUBLISH && packet.topic().startsWith("$"));
    }

    @OnEveryListener
    void publishThere_isRefusedWhateverTheRules(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");

        Packet ack = staff.publish("$SYS/broker/version", "mine", 1);

        if (wire.isV5()) {
            assertThat(ack.code()).isEqualTo(0x90);
        }
        PacketRefused refused = BROKER.recorder().await(staff, PacketRefused.class);
        assertThat(refused.refusal().code()).isEqualTo("invalid_topic");
    }

    @Test
    @EnabledIf("labchat.it.support.Mosquitto#isInstalled")
    void everyTopic_isOneOfMosquittos() throws IOException {
        int port = Mosquitto.freePort();
        Set<String> ours = ours();
        assertThat(ours).hasSizeGreaterThan(40);
        // Theirs comes with the first client, at the next interval.
        ours.remove("$SYS/broker/clients/maximum");
        try (TestProcess mosquitto = Mosquitto.startBroker(directory, port, Mosquitto.freePort());
                TestProcess sub = Mosquitto.sub(directory, port, "-t", "$SYS/#", "-F", "%t")) {
            assertThat(mosquitto.isAlive()).isTrue();
            for (String topic : ours) {
                sub.awaitLine("Mosquitto's " + topic, topic::equals);
            }
        }
    }

    private static Set<String> ours() throws IOException {
        String[] options = {"-u", "staff", "-P", "secret-of-staff", "-t", "$SYS/#", "-F", "%t"};
        try (TestProcess sub = Mosquitto.sub(directory, BROKER.port(false), options)) {
            // They come in the order of their names.
            sub.awaitLine("the last of ours", "$SYS/broker/version"::equals);
            return new TreeSet<>(sub.stdout());
        }
    }
}
