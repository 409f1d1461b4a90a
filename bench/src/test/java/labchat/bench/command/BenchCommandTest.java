package labchat.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {

    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        System.setErr(stderr);
    }

    private int run(String... arguments) {
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        return BenchCommand.execute(arguments);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chat --qos 3                      | 1 | --qos 3: 0, 1 and 2 are possible
            chat --clients 1                  | 1 | --clients 1: 2 to 65536 are possible
            chat --window 4 --rate 100        | 1 | either --window
            chat --clients 50 --users 10      | 1 | need as many users
            chat --user-pattern u%s           | 1 | --user-pattern "u%s"
            chat --port 70000                 | 1 | --port 70000: 1 to 65535
            chat --seconds 0                  | 1 | --seconds is more than 0
            chat --pid 99999999               | 1 | --pid 99999999: no such process
            chat --clients many               | 2 | --clients
            fanout --to nobody                | 1 | room and all are possible
            fanout --receivers 0              | 1 | --receivers 0
            idle                              | 1 | --pid
            offline --qos 0                   | 1 | nobody keeps messages of QoS 0
            slow --slow 0                     | 1 | --slow 0
            connect --rounds 0                | 1 | at least 1
            chess                             | 2 | chess
            """)
    void wrongArguments_areNamed_withWhatIsAllowed(String line, int exitCode, String words) {
        assertThat(run(line.split(" "))).isEqualTo(exitCode);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains(words).doesNotContain("\tat ");
    }

    @Test
    void users_areWrittenAsMosquittoReadsThem(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("users.conf");

        assertThat(run("users", file.toString(), "--users", "3")).isZero();

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2)).matches("b0003:\\$7\\$101\\$[A-Za-z0-9+/]{16}\\$[A-Za-z0-9+/]{86}==");
    }
}
