package labchat.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When somebody was last seen outlives the broker, however it ends. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PresenceRestartIT {

    private static final Duration END = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** Users of the repository's own file, whose passwords are their names. */
    private static RawMqtt login(BrokerProcess broker, String user) throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V3, broker.mqttPort(), user);
        assertThat(client.connect(Connect.as(Wire.TCP_V3).clientId(user).login(user, user))
                        .code())
                .isZero();
        return client;
    }

    private static String presence(RawMqtt client, String user) throws IOException {
        assertThat(client.subscribe(Chat.ROOT + user + "/presence", 1)).isEqualTo(1);
        return client.presence(user, "").text();
    }

    /** When somebody who is offline was last seen. */
    private static Instant lastSeen(RawMqtt client, String user) throws IOException {
        String json = presence(client, user);
        Matcher since = Pattern.compile("\\{\"sender\":\"" + user + "\",\"status\":\"offline\",\"since\":\"(.*)\"}")
                .matcher(json);
        assertThat(since.matches()).as(json).isTrue();
        return Instant.parse(since.group(1));
    }

    private static Instant onlineSince(String json) {
        Matcher since =
                Pattern.compile("\"status\":\"online\",\"since\":\"(.*)\"").matcher(json);
        assertThat(since.find()).as(json).isTrue();
        return Instant.parse(since.group(1));
    }

    private static void stop(BrokerProcess broker) {
        broker.process().terminate();
        broker.process().exitCode(END);
    }

    @Test
    void cleanStop_leavesEverybodyOfflineSinceThen_alsoAfterTheNext() throws IOException {
        Instant came;
        try (BrokerProcess broker = BrokerProcess.start(directory);
                RawMqtt team1a = login(broker, "team1a")) {
            came = onlineSince(presence(team1a, "team1a"));
            stop(broker);
        }
        Instant seen;
        try (BrokerProcess broker = BrokerProcess.start(directory);
                RawMqtt team2a = login(broker, "team2a")) {
            seen = lastSeen(team2a, "team1a");
            assertThat(seen).isAfterOrEqualTo(came);
            assertThat(presence(team2a, "team3a"))
                    .isEqualTo("{\"sender\":\"team3a\",\"status\":\"offline\",\"since\":null}");
            stop(broker);
        }
        try (BrokerProcess broker = BrokerProcess.start(directory);
                RawMqtt team3a = login(broker, "team3a")) {
            assertThat(lastSeen(team3a, "team1a"))
                    .as("the next end is not team1a's")
                    .isEqualTo(seen);
            assertThat(lastSeen(team3a, "team2a")).isAfterOrEqualTo(seen);
        }
    }

    /** What the store had not written yet is lost with the broker, but nobody is a ghost. */
    @Test
    void killedBroker_leavesNobodyOnline() throws IOException {
        try (BrokerProcess broker = BrokerProcess.start(directory);
                RawMqtt team1a = login(broker, "team1a")) {
            ProcessHandle.of(broker.process().pid()).orElseThrow().destroyForcibly();
            broker.process().exitCode(END);
            team1a.expectClosed();
        }
        // The dead one's, which would be taken for the next one's.
        Files.delete(directory.resolve("ready.json"));
        try (BrokerProcess broker = BrokerProcess.start(directory);
                RawMqtt team2a = login(broker, "team2a")) {
            assertThat(presence(team2a, "team1a"))
                    .startsWith("{\"sender\":\"team1a\",\"status\":\"offline\",\"since\":");
        }
    }
}
