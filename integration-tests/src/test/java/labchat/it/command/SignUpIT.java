package labchat.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code client-cli signup} against the packaged broker. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignUpIT {

    private static final Duration END = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private TestProcess signUp(BrokerProcess broker, int status, String user, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                BrokerProcess.root().resolve("client-cli/target/client-cli.jar").toString(),
                "signup",
                "-h",
                "127.0.0.1",
                "--http-port",
                String.valueOf(broker.httpPort()),
                "-u",
                user));
        command.addAll(List.of(more));
        TestProcess process = TestProcess.start(
                directory,
                Map.of(
                        "LABCHAT_PASSWORD",
                        "secret-of-" + user,
                        "XDG_CONFIG_HOME",
                        directory.resolve("config").toString()),
                command);
        assertThat(process.exitCode(END)).as(process.describe("signup")).isEqualTo(status);
        return process;
    }

    @Test
    void signUp_asTheSettingAllows_andTheAccountChatsAtOnce() throws IOException {
        Files.copy(BrokerProcess.root().resolve("users.conf"), directory.resolve("users.conf"));
        Path settings = Files.writeString(directory.resolve("broker.conf"), "signup off\n");
        Path code = Files.writeString(directory.resolve("code.txt"), "kode-2026\n");
        try (BrokerProcess broker = BrokerProcess.start(
                directory,
                "--config",
                settings.toString(),
                "--users",
                directory.resolve("users.conf").toString())) {
            assertThat(String.join("\n", signUp(broker, 1, "nova").stderr())).contains("lets nobody sign up");
            Files.writeString(settings, "signup code\nsignup_code_file %s\n".formatted(code));
            TestProcess reload = BrokerProcess.run(
                    directory,
                    List.of("reload", "--data", directory.resolve("data").toString()));
            assertThat(reload.exitCode(END)).as(reload.describe("reload")).isZero();

            assertThat(String.join("\n", signUp(broker, 2, "nova").stderr())).contains("--code-file");
            Path wrong = Files.writeString(directory.resolve("wrong.txt"), "no\n");
            assertThat(String.join(
                            "\n",
                            signUp(broker, 1, "nova", "--code-file", wrong.toString())
                                    .stderr()))
                    .contains("not the class's code");
            assertThat(String.join(
                            "\n",
                            signUp(broker, 1, "team1a", "--code-file", code.toString())
                                    .stderr()))
                    .contains("is taken");
            assertThat(String.join(
                            "\n",
                            signUp(broker, 0, "nova", "--code-file", code.toString())
                                    .stdout()))
                    .contains("nova is there");

            RawMqtt nova = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), "nova");
            assertThat(nova.connect(Connect.as(Wire.TCP_V5).login("nova", "secret-of-nova"))
                            .code())
                    .isZero();
            assertThat(nova.subscribe(Chat.ROOT + "lobby/#", 1)).isEqualTo(1);
            nova.publish(Chat.messageTopic("lobby"), Chat.message("nova", "lobby", "I am new"), 1);
            assertThat(nova.message().text()).contains("I am new");
            nova.close();
            assertThat(Files.readString(directory.resolve("users.conf"))).contains("\nnova:$7$");
        }
    }
}
