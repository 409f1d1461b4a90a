package labchat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandRunnerTest {

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "snd,did you mean send?",
        "send --to team2a,Missing required parameter",
        "send hello,say who is to get it",
        "send --to team2a --to-all hello,not both",
        "send --to a/b hello,found '/' at index 1",
        "send --to team2a --wait seen hello,must be delivered or read",
        "send --to team2a --timeout 0 hello,more than 0",
        "listen -C none,1 or more",
        "listen -W soon,expected seconds",
        "history --with a/b,found '/' at index 1",
        "history -n 0,must be 1 to 100000",
        "history team2a,Unmatched argument",
        "who is there,Unmatched arguments",
        "rooms jion group_1,did you mean join?",
        "rooms join,write it as: rooms join ROOM",
        "rooms invite team2a,write it as: rooms invite USER ROOM",
        "rooms list group_1,write it as: rooms list",
        "rooms create a/b,found '/' at index 1",
        "rooms join group_1 --private,--private goes with create only",
        "-p none -u team1a,must be 1 to 65535"
    })
    void wrongUsage_isOneLineAndExitTwo(String arguments, String message) {
        assertThat(CommandRunner.run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(errors()).startsWith("labchat: ").contains(message).hasLineCount(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void h_isTheHost_andHelpIsALongOptionOnly() {
        assertThat(CommandRunner.run("--help")).isEqualTo(ExitCode.GOOD);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("-h, --host=HOST")
                .contains("--help");
    }

    @Test
    void sharedOptions_areUnderstoodBeforeAndAfterTheCommand() {
        assertThat(CommandRunner.run("-q", "7", "listen")).isEqualTo(ExitCode.USAGE);
        assertThat(errors()).contains("-q/--qos must be");
        err.reset();
        assertThat(CommandRunner.run("listen", "-q", "7")).isEqualTo(ExitCode.USAGE);
        assertThat(errors()).contains("-q/--qos must be");
    }
}
