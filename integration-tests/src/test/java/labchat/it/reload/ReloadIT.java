package labchat.it.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** New accounts, rules and settings for a broker that runs. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReloadIT {

    private static final Duration END = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private ClassFiles files;

    @BeforeEach
    void open() throws IOException {
        files = new ClassFiles(directory);
        files.settings("retention_days 0\n").rules("");
    }

    @AfterEach
    void close() {
        files.close();
    }

    private static String secretOf(String user) {
        return "secret-of-" + user;
    }

    private void users(String... names) throws IOException {
        for (String name : names) {
            files.user(name, secretOf(name));
        }
        files.writeUsers();
    }

    private TestProcess reload(int status) throws IOException {
        TestProcess reload = files.command("reload");
        assertThat(reload.exitCode(END)).as(reload.describe("reload")).isEqualTo(status);
        return reload;
    }

    private RawMqtt receiver(Wire wire, String user) throws IOException {
        RawMqtt client = files.login(wire, user);
        assertThat(client.subscribe(Chat.ROOT + user + "/#", 1)).isEqualTo(1);
        return client;
    }

    private int login(String user, String password) throws IOException {
        try (RawMqtt client = files.open(Wire.TCP_V5)) {
            return client.connect(Connect.as(Wire.TCP_V5).login(user, password)).code();
        }
    }

    @Test
    void accountsChange_whileThirtyChat_nobodyElseNotices() throws IOException {
        List<String> names = new ArrayList<>();
        IntStream.rangeClosed(1, 12).forEach(i -> names.addAll(List.of("team" + i + "a", "team" + i + "b")));
        IntStream.rangeClosed(1, 6).forEach(i -> names.add("x" + i));
        users(names.toArray(String[]::new));
        files.start();
        List<RawMqtt> chatting = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            chatting.add(receiver(Wire.values()[i % Wire.values().length], names.get(i)));
        }
        RawMqtt removed = chatting.get(names.indexOf("team3a"));
        RawMqtt reset = chatting.get(names.indexOf("team4a"));
        round(chatting, names, "all");
        chatting.removeAll(List.of(removed, reset));
        names.removeAll(List.of("team3a", "team4a"));

        files.without("team3a")
                .user("team4a", "another")
                .user("team13a", "secret-of-team13a")
                .writeUsers();
        TestProcess reload = files.command("reload");
        for (int i = 0; reload.isAlive(); i++) {
            round(chatting, names, "during " + i);
        }
        assertThat(reload.exitCode(END)).as(reload.describe("reload")).isZero();
        for (int i = 0; i < 3; i++) {
            round(chatting, names, "after " + i);
        }

        assertThat(reload.stdout())
                .containsExactly(
                        "1 user added: team13a",
                        "1 user removed: team3a",
                        "1 user with another password, or one less: team4a",
                        "cut off: 2 connections, 0 subscriptions and 0 durable sessions");
        removed.expectClosed();
        reset.expectClosed();
        for (RawMqtt client : chatting) {
            client.ping();
        }
        assertThat(login("team3a", "secret-of-team3a")).isEqualTo(0x86);
        assertThat(login("team4a", "secret-of-team4a")).isEqualTo(0x86);
        assertThat(login("team4a", "another")).isZero();
        RawMqtt added = receiver(Wire.TCP_V3, "team13a");
        chatting.get(0).publish(Chat.messageTopic("team13a"), Chat.message(names.get(0), "team13a", "Hei!"), 1);
        assertThat(added.message().text()).contains("Hei!");
        added.publish(Chat.messageTopic("lobby"), Chat.message("team13a", "lobby", "I am new"), 1);
        Packet refused = chatting.get(1)
                .publish(Chat.messageTopic("team3a"), Chat.message(names.get(1), "team3a", "still there?"), 1);
        assertThat(chatting.get(1).diagnostics().text()).contains("unknown_receiver");
        assertThat(refused.type()).isEqualTo(Type.PUBACK);
    }

    /** Everybody writes to the next one, and has what the one before has written. */
    private static void round(List<RawMqtt> clients, List<String> names, String text) throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            RawMqtt client = clients.get(i);
            String receiver = names.get((i + 1) % names.size());
            ids.add(client.nextId());
            client.send(Publish.to(Chat.messageTopic(receiver), Chat.message(names.get(i), receiver, text))
                    .qos(1, ids.get(i))
                    .encode(client.wire()));
        }
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).takeAck(Type.PUBACK, ids.get(i));
            String sender = names.get((i + names.size() - 1) % names.size());
            assertThat(clients.get(i).message().text())
                    .contains('"' + text + '"')
                    .contains('"' + sender + '"');
        }
    }

    @Test
    void aMistakeInAnyFile_changesNothing_andIsReportedAsAtTheStart() throws IOException {
        users("team1a", "team2a");
        files.start();
        RawMqtt client = receiver(Wire.TCP_V5, "team1a");
        files.without("team1a").writeUsers();
        files.rules("topics read x\n").settings("retention_days many\n");

        TestProcess reload = reload(2);

        assertThat(String.join("\n", reload.stderr()))
                .contains("broker.conf:1: ")
                .contains("acl.conf:")
                .contains("nothing was changed");
        client.ping();
        assertThat(login("team1a", secretOf("team1a"))).isZero();
        assertThat(String.join("\n", files.broker().process().stderr())).contains("broker.conf:1: ");
    }

    @Test
    void hangUp_reloads_andSettingsThatCannotChangeAreNamed() throws IOException {
        users("team1a");
        files.start();
        users("team1a", "team2a");
        files.settings("retention_days 0\nverify_sender false\nmax_packet_size 1m\nmax_subscriptions 1\n");

        new ProcessBuilder(
                        "kill", "-HUP", String.valueOf(files.broker().process().pid()))
                .start();

        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                String.join("\n", files.broker().process().stderr()))
                        .contains("verify_sender is false now, was true")
                        .contains("max_subscriptions is 1 now, was 100")
                        .contains("1 user added: team2a")
                        .contains("needs a restart: max_packet_size is 1m in the settings, the broker runs with 256k"));
        RawMqtt one = receiver(Wire.TCP_V3, "team1a");
        RawMqtt other = receiver(Wire.TCP_V3, "team2a");
        assertThat(one.subscribe(Chat.ROOT + "+/presence", 1))
                .as("one too many")
                .isEqualTo(0x80);
        one.publish(Chat.messageTopic("team2a"), Chat.message("somebody", "team2a", "Hei"), 1);
        assertThat(other.message().text()).contains("somebody");
    }

    @Test
    void aRightTakenAway_endsTheSubscriptions_ofWhoIsThereAndWhoIsAway() throws IOException {
        users("team1a", "staff", "assistant");
        files.rules("user assistant\ntopic read ttm4175/chat/team1a/message\n").start();
        RawMqtt staff = files.login(Wire.TCP_V5, "staff");
        assertThat(staff.subscribe("ttm4175/#", 1)).isEqualTo(1);
        assertThat(staff.subscribe(Chat.ROOT + "staff/#", 1)).isEqualTo(1);
        RawMqtt away = files.open(Wire.TCP_V3);
        Connect session =
                Connect.as(Wire.TCP_V3).persistent().clientId("away").login("assistant", secretOf("assistant"));
        away.connect(session);
        assertThat(away.subscribe(Chat.messageTopic("team1a"), 1)).isEqualTo(1);
        away.disconnect();
        away.expectClosed();
        RawMqtt team = receiver(Wire.TCP_V3, "team1a");
        team.publish(Chat.messageTopic("team1a"), Chat.message("team1a", "team1a", "before"), 1);
        team.message();
        assertThat(staff.message().text()).contains("before");

        Files.writeString(
                files.file("acl.conf"), "pattern read ttm4175/chat/%u/#\npattern write ttm4175/chat/+/message\n");
        TestProcess reload = reload(0);

        assertThat(reload.stdout()).contains("cut off: 0 connections, 2 subscriptions and 0 durable sessions");
        assertThat(staff.diagnostics().text()).contains("subscription_ended").contains("ttm4175/#");
        team.publish(Chat.messageTopic("team1a"), Chat.message("team1a", "team1a", "after"), 1);
        team.message();
        staff.publish(Chat.messageTopic("staff"), Chat.message("staff", "staff", "to myself"), 1);
        assertThat(staff.message().text()).as("nothing of others came first").contains("to myself");
        RawMqtt back = files.open(Wire.TCP_V3);
        back.connect(session);
        back.ping();
        assertThat(back.kept()).as("nothing waited").isEmpty();
    }

    @Test
    void anAccountTakenAway_losesSessionAndWill_andHasNothingWhenItComesAgain() throws IOException {
        users("team1a", "team2a");
        files.start();
        RawMqtt other = receiver(Wire.TCP_V3, "team2a");
        other.subscribe(Chat.ROOT + "+/presence", 1);
        other.presence("team1a", "offline");
        RawMqtt gone = files.open(Wire.TCP_V5);
        Connect session = Connect.as(Wire.TCP_V5)
                .clientId("laptop")
                .persistent()
                .props(Props.NONE.with(Prop.SESSION_EXPIRY, 3600))
                .will(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "my last words"), 1, false)
                .login("team1a", secretOf("team1a"));
        gone.connect(session);
        gone.subscribe(Chat.ROOT + "team1a/#", 1);
        other.presence("team1a", "online");

        files.without("team1a").writeUsers();
        TestProcess reload = reload(0);

        assertThat(reload.stdout())
                .containsExactly(
                        "1 user removed: team1a", "cut off: 1 connection, 0 subscriptions and 1 durable session");
        gone.expectClosed();
        assertThat(gone.expect(Type.DISCONNECT).code()).isEqualTo(0x87);
        assertThat(other.presence("team1a", "").text()).as("cleared").isEmpty();
        users("team1a", "team2a");
        reload(0);
        other.presence("team1a", "offline");
        RawMqtt again = files.open(Wire.TCP_V5);
        assertThat(again.connect(session).sessionPresent())
                .as("session present")
                .isFalse();
        other.publish(Chat.messageTopic("team2a"), Chat.message("team2a", "team2a", "to myself"), 1);
        assertThat(other.message().text()).as("no Will came first").contains("to myself");
    }

    @Test
    void fixedRooms_followTheRules_atOnce() throws IOException {
        users("team1a", "team2a", "team3a");
        files.rules(room("team1a") + room("team2a")).start();
        RawMqtt one = files.login(Wire.TCP_V3, "team1a");
        RawMqtt two = files.login(Wire.TCP_V3, "team2a");
        RawMqtt three = receiver(Wire.TCP_V3, "team3a");
        assertThat(one.subscribe(Chat.ROOT + "group_9/message", 1)).isEqualTo(1);
        assertThat(two.subscribe(Chat.ROOT + "group_9/message", 1)).isEqualTo(1);

        files.rules(room("team1a") + room("team3a"));
        reload(0);

        assertThat(three.subscribe(Chat.ROOT + "group_9/message", 1)).isEqualTo(1);
        three.publish(Chat.messageTopic("group_9"), Chat.message("team3a", "group_9", "now we"), 1);
        assertThat(one.message().text()).contains("now we");
        assertThat(three.message().text()).contains("now we");
        two.ping();
        assertThat(two.takeWithin(Duration.ZERO, packet -> packet.text().contains("now we")))
                .isEmpty();
    }

    private static String room(String user) {
        return "user %s\ntopic readwrite ttm4175/chat/group_9/#\n".formatted(user);
    }
}
