package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Packet;
import labchat.it.support.PythonPeer;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The packaged client's {@code check} beside a student's program that is right, or wrong: docs/students.md. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LabStepsIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Pattern UUID = Pattern.compile("\"uuid\": ?\"([^\"]+)\"");

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    @TempDir
    private Path home;

    private TestProcess check(String user, String... more) throws IOException {
        String[] arguments = Stream.concat(Stream.of("check", "--step", "3"), Arrays.stream(more))
                .toArray(String[]::new);
        return new ClientProcess(Files.createDirectories(home.resolve(user)), BROKER.port(false))
                .with(user, Map.of("LABCHAT_PASSWORD", "secret-of-" + user), arguments);
    }

    private TestProcess student(String user, String other, String manner) throws IOException {
        Path program = BrokerProcess.root().resolve("integration-tests/src/test/python/student.py");
        return TestProcess.start(
                home,
                Map.of("LAB_PASSWORD", "secret-of-" + user),
                List.of(
                        PythonPeer.PYTHON.toString(),
                        program.toString(),
                        "127.0.0.1",
                        Integer.toString(BROKER.port(false)),
                        user,
                        other,
                        manner));
    }

    private static void awaitLine(TestProcess process, String part) {
        await().atMost(LONG)
                .until(() -> !process.isAlive() || process.stdout().stream().anyMatch(line -> line.contains(part)));
        assertThat(process.stdout()).as(() -> process.describe(part)).anyMatch(line -> line.contains(part));
    }

    private static String uuid(Packet message) {
        Matcher found = UUID.matcher(message.text());
        assertThat(found.find()).as(message.text()).isTrue();
        return found.group(1);
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void check_programThatIsRight_seesAllParts_andTakesNothingFromIt() throws IOException {
        RawMqtt other = BROKER.receiver(Wire.TCP_V5, "team2a", 1);
        try (TestProcess check = check("team1a", "--json")) {
            awaitLine(check, "\"part\":\"connected\",\"state\":\"open\"");
            try (TestProcess student = student("team1a", "team2a", "good")) {
                Packet one = other.takeWithin(LONG, packet -> packet.topic().endsWith("/team2a/message"))
                        .orElseThrow();
                other.publish(
                        Chat.ROOT + "team1a/delivered", Chat.receipt("delivered", "team2a", "team1a", uuid(one)), 1);
                other.publish(Chat.messageTopic("team1a"), Chat.message("team2a", "team1a", "Hei"), 1);

                assertThat(check.exitCode(LONG)).as(() -> check.describe("")).isZero();
                awaitLine(student, "message Hei");
            }
            for (String part : List.of(
                    "connected",
                    "subscribed",
                    "message_sent",
                    "new_uuid",
                    "message_received",
                    "delivered_sent",
                    "delivered_received",
                    "qos_1")) {
                assertThat(check.stdout())
                        .anyMatch(line ->
                                line.startsWith("{\"step\":3,\"part\":\"%s\",\"state\":\"done\"".formatted(part)));
            }
        }
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void check_programThatIsWrong_saysWhatAndWhy_andEndsWithASummary() throws IOException {
        RawMqtt other = BROKER.receiver(Wire.TCP_V5, "team4a", 1);
        try (TestProcess check = check("team3a")) {
            awaitLine(check, "-- watching");
            try (TestProcess student = student("team3a", "team4a", "bad")) {
                awaitLine(check, "the field \"uuid\" is missing (missing_field)");
                other.publish(Chat.messageTopic("team3a"), Chat.message("team4a", "team3a", "Hei"), 1);
                awaitLine(student, "message Hei");
                awaitLine(check, "a message from team4a came to your program, and no delivered followed");
            }
            check.terminate();

            assertThat(check.exitCode(LONG)).as(() -> check.describe("")).isEqualTo(1);
            assertThat(check.stdout()).contains("-- step 3: 3 of 8 parts work; not yet:");
            assertThat(check.stderr()).isEmpty();
        }
    }

    @Test
    void check_stepThatDoesNotExist_saysWhichThereAre() throws IOException {
        try (TestProcess check = new ClientProcess(Files.createDirectories(home.resolve("x3")), BROKER.port(false))
                .with("x3", Map.of("LABCHAT_PASSWORD", "secret-of-x3"), "check", "--step", "5")) {
            assertThat(check.exitCode(LONG)).as(() -> check.describe("")).isEqualTo(2);
            assertThat(check.stderr()).anyMatch(line -> line.contains("there are the steps 2, 3 and 4"));
        }
    }
}
