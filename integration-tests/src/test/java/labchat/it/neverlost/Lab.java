package labchat.it.neverlost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.UsersConf;
import labchat.it.support.Wire;

/** A packaged broker that keeps messages and lets everybody publish as fast as they can, started as often as wanted. */
final class Lab {

    static final String PASSWORD = "the same for all";

    private static final Duration STOP = Duration.ofSeconds(30);

    private final Path directory;
    private final Path users;
    private final Path config;

    Lab(Path directory, List<String> names, String... settings) throws IOException {
        this.directory = directory;
        this.users = Files.writeString(directory.resolve("users.conf"), UsersConf.of(names, PASSWORD));
        this.config = Files.writeString(
                directory.resolve("broker.conf"),
                "max_publish_rate 0\nlogin_delay 0\n" + String.join("\n", settings) + "\n");
    }

    BrokerProcess start(String... more) throws IOException {
        String[] options = new String[more.length + 6];
        List<String> ours = List.of("--config", config.toString(), "--users", users.toString(), "--traffic-log", "off");
        for (int i = 0; i < ours.size(); i++) {
            options[i] = ours.get(i);
        }
        System.arraycopy(more, 0, options, ours.size(), more.length);
        return BrokerProcess.start(directory, options);
    }

    Path chatDb() {
        return directory.resolve("data").resolve("chat.db");
    }

    /** Ends the broker as staff do. */
    static void stop(BrokerProcess broker) {
        broker.process().terminate();
        assertThat(broker.process().exitCode(STOP))
                .as(broker.process().describe("exit code"))
                .isZero();
    }

    /** A client that is logged in and has subscribed to nothing. */
    static RawMqtt login(BrokerProcess broker, Wire wire, String user) throws IOException {
        RawMqtt client = RawMqtt.open(wire, broker.port(wire), "raw-" + user);
        assertThat(client.connect(Connect.as(wire).clientId("raw-" + user).login(user, PASSWORD))
                        .code())
                .isZero();
        return client;
    }

    /** A client that has subscribed to its user's own tree. */
    static RawMqtt receiver(BrokerProcess broker, Wire wire, String user, int qos) throws IOException {
        RawMqtt client = login(broker, wire, user);
        assertThat(client.subscribe(Chat.ROOT + user + "/#", qos)).isEqualTo(qos);
        return client;
    }

    /** Makes a room, or makes the user a member of it. */
    static void ask(RawMqtt client, Outgoing request) throws IOException {
        client.publish(Publish.to(request.topic(), request.payload()), 1);
        Packet answer = client.take(
                "the answer to " + request.uuid(),
                packet -> packet.type() == Type.PUBLISH && packet.topic().endsWith("/rooms"));
        client.acknowledge(answer);
        assertThat(answer.text()).contains("\"status\":\"ok\"");
    }
}
