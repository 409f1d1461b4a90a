package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import labchat.broker.config.ValidationMode;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged client's practice partner with teams on a real broker, and its demo without one. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PracticeIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private TestBroker broker;

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private TestProcess client(String user, String... arguments) throws IOException {
        return new ClientProcess(Files.createDirectories(home.resolve(user)), broker.port(false))
                .with(user, Map.of("LABCHAT_PASSWORD", "secret-of-" + user), arguments);
    }

    private TestProcess partner() throws IOException {
        String lists = home.resolve("lists.txt").toString();
        TestProcess partner = client("x1", "partner", "--json", "--state", lists, "--staff", "x2");
        await().atMost(LONG)
                .until(() -> partner.stderr().stream().anyMatch(line -> line.contains("connected to"))
                        || !partner.isAlive());
        return partner;
    }

    private static String check(String team, String check, String state) {
        return "{\"team\":\"%s\",\"check\":\"%s\",\"state\":\"%s\"".formatted(team, check, state);
    }

    @Test
    void teams_practise_seeTheirLists_andStaffSeesAll_alsoAfterARestart() throws IOException {
        broker = TestBroker.ofTheClass().stored().start();
        try (TestProcess team = client("team1a");
                TestProcess other = client("team2a");
                TestProcess staff = client("x2")) {
            try (TestProcess partner = partner()) {
                team.say("/to x1");
                team.say("Hei!");
                other.say("x1: Hei!");
                team.awaitLine("an answer", line -> line.contains("You wrote 4 characters"));
                other.awaitLine("an answer", line -> line.contains("You wrote 4 characters"));
                partner.awaitLine("read sent", line -> line.startsWith(check("team1a", "read_sent", "done")));
                partner.awaitLine("the other's", line -> line.startsWith(check("team2a", "read_sent", "done")));

                team.say("send broken");
                partner.awaitLine(
                        "survival",
                        line -> line.startsWith(check("team1a", "survives_bad_json", "done"))
                                && line.contains("the server refused 6 broken ones"));
                team.say("/checklist");
                team.awaitLine("its list", line -> line.contains("[x] survives bad JSON"));
                staff.say("/checklist x1");
                staff.awaitLine("all lists", line -> line.contains("team2a 4 of 7"));
                partner.terminate();
                partner.exitCode(LONG);
            }
            try (TestProcess again = partner()) {
                again.awaitLine("what it knew", line -> line.startsWith(check("team1a", "survives_bad_json", "done")));
                again.awaitLine("what it knew", line -> line.startsWith(check("team2a", "read_sent", "done")));
            }
        }
    }

    @Test
    void brokenPayloads_reachTheTeam_whereTheServerDoesNotCheckThem() throws IOException {
        broker = TestBroker.ofTheClass().stored().validation(ValidationMode.OFF).start();
        try (TestProcess partner = partner();
                TestProcess team = client("team1a")) {
            team.say("/to x1");
            team.say("send broken");
            team.awaitLine("broken JSON", line -> line.contains("was no chat message"));
            team.awaitLine("the word on it", line -> line.contains("6 broken and 7 odd payloads"));
            partner.awaitLine("survival", line -> line.startsWith(check("team1a", "survives_bad_json", "done")));
        }
    }

    @Test
    void demo_needsNoServer_andShowsEachCall() throws IOException {
        ClientProcess client = new ClientProcess(home, 1);
        try (TestProcess demo = client.as("team1a", "demo", "--plain")) {
            demo.awaitLine("the script", line -> line.contains("team2a: Hei! I am a script"));
            demo.say("team2a: Hei!");
            demo.awaitLine("the read receipt", line -> line.contains("(read) team2a: \"Hei!\""));
            demo.awaitLine("the answer", line -> line.contains("team2a: Got it."));
            demo.say("/quit");
            assertThat(demo.exitCode(LONG)).isZero();
            assertThat(demo.stdout())
                    .anyMatch(line -> line.contains("would publish to ttm4175/chat/team2a/message, QoS 1: {"))
                    .anyMatch(line -> line.contains("would receive on ttm4175/chat/team1a/read: {"));
        }
    }
}
