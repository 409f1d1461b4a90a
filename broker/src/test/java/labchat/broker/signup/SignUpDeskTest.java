package labchat.broker.signup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import labchat.broker.config.SignUp;
import labchat.broker.config.TextFile;
import labchat.broker.config.WebConfig;
import labchat.broker.signup.SignUpDesk.Answer;
import labchat.broker.signup.SignUpDesk.Outcome;
import labchat.broker.users.AccountChanges;
import labchat.broker.users.FileUserDirectory;
import labchat.broker.users.LiveUserDirectory;
import labchat.broker.users.UserDirectory;
import labchat.broker.users.UsersFile;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignUpDeskTest {

    private static final String ADDRESS = "192.0.2.7";

    private static final class Watch extends Clock {
        private Instant now = Instant.parse("2026-11-20T10:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @TempDir
    private Path directory;

    private final Watch watch = new Watch();
    private SignUp mode = SignUp.OPEN;
    private LiveUserDirectory users;
    private SignUpDesk desk;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(directory.resolve("users.conf"), "");
        users = new LiveUserDirectory(
                new FileUserDirectory(UsersFile.parse(TextFile.of("users.conf", "".getBytes(StandardCharsets.UTF_8)))));
        AccountChanges changes = new AccountChanges(users, new AccountChanges.Running() {
            @Override
            public Path file() {
                return directory.resolve("users.conf");
            }

            @Override
            public int iterations() {
                return 101;
            }

            @Override
            public <T> T alone(Supplier<T> task) {
                return task.get();
            }

            @Override
            public void takeIn(UserDirectory accounts) {
                users.replace(accounts);
            }
        });
        SignUpDesk.Ids ids = new SignUpDesk.Ids() {
            @Override
            public int accounts() {
                return users.names().size();
            }

            @Override
            public boolean isTaken(ChatId id) {
                return users.contains(id.value()) || id.value().equals("lobby");
            }
        };
        desk = new SignUpDesk(this::settings, ids, changes, watch);
    }

    private WebConfig settings() {
        return new WebConfig(
                Optional.empty(), List.of(), false, mode, Optional.of(directory.resolve("code.txt")), false);
    }

    private Outcome signUp(String id, String password, String code) {
        Answer answer = desk.signUp(id, password, code, ADDRESS);
        assertThat(answer.reason()).doesNotContain("secret-");
        return answer.outcome();
    }

    @Test
    void open_makesTheAccount_whichCanLogInAndStandsInTheFile() {
        assertThat(signUp("nova", "secret-of-nova", "")).isEqualTo(Outcome.CREATED);

        assertThat(users.verify("nova", "secret-of-nova".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(UsersFile.read(directory.resolve("users.conf")).names()).containsExactly("nova");
        assertThat(signUp("nova", "secret-of-another", "")).isEqualTo(Outcome.TAKEN);
        assertThat(signUp("lobby", "secret-of-another", "")).isEqualTo(Outcome.TAKEN);
    }

    @Test
    void off_makesNone() {
        mode = SignUp.OFF;

        assertThat(signUp("nova", "secret-of-nova", "")).isEqualTo(Outcome.OFF);
        assertThat(users.names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "server, secret-of-server, INVALID_ID",
        "te am, secret-of-team, INVALID_ID",
        "'', secret-of-nobody, INVALID_ID",
        "nova, short12, INVALID_PASSWORD",
        "nova-nova, Nova-Nova, INVALID_PASSWORD",
        "nova, 1234567890123456789012345678901234567890123456789012345678901234567890123, INVALID_PASSWORD",
        "nova, 123456789012345678901234567890123456789012345678901234567890123456789012, CREATED",
        "nova, 12345678, CREATED",
    })
    void idsAndPasswords_areChecked(String id, String password, Outcome outcome) {
        assertThat(signUp(id, password, "")).isEqualTo(outcome);
    }

    @Test
    void code_isTheFilesFirstLine_readAnewEachTime() throws IOException {
        mode = SignUp.CODE;
        assertThat(signUp("nova", "secret-of-nova", "kode")).isEqualTo(Outcome.FAILED);
        Files.writeString(directory.resolve("code.txt"), " kode \nnot this\n");
        assertThat(signUp("nova", "secret-of-nova", "")).isEqualTo(Outcome.WRONG_CODE);
        assertThat(signUp("nova", "secret-of-nova", "not this")).isEqualTo(Outcome.WRONG_CODE);
        assertThat(signUp("nova", "secret-of-nova", "kode")).isEqualTo(Outcome.CREATED);

        Files.writeString(directory.resolve("code.txt"), "another\n");

        assertThat(signUp("luna", "secret-of-luna", "kode")).isEqualTo(Outcome.WRONG_CODE);
        assertThat(signUp("luna", "secret-of-luna", "another")).isEqualTo(Outcome.CREATED);
    }

    @Test
    void wrongCodes_areRefusedForAWhile_fromOneAddressOnly() throws IOException {
        mode = SignUp.CODE;
        Files.writeString(directory.resolve("code.txt"), "kode\n");
        for (int i = 0; i < Attempts.FREE; i++) {
            assertThat(signUp("nova", "secret-of-nova", "guess" + i)).isEqualTo(Outcome.WRONG_CODE);
        }

        assertThat(signUp("nova", "secret-of-nova", "kode")).isEqualTo(Outcome.TOO_MANY);
        assertThat(desk.signUp("luna", "secret-of-luna", "kode", "192.0.2.8").outcome())
                .isEqualTo(Outcome.CREATED);
        watch.now = watch.now.plus(Attempts.WINDOW);
        assertThat(signUp("nova", "secret-of-nova", "kode")).isEqualTo(Outcome.CREATED);
    }
}
