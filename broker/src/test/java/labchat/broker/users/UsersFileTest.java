package labchat.broker.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TextFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The format of mosquitto.conf(5), {@code password_file}. */
class UsersFileTest {

    private static final CheckedPasswords NOTHING = CheckedPasswords.read(Path.of("no", "such", "directory"));

    static UsersFile parse(String text) {
        return UsersFile.parse(TextFile.of("users.conf", text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A hash of a password that is quick to verify. */
    static String hash(String password) {
        return PasswordHash.create(password.getBytes(StandardCharsets.UTF_8), 1, new SecureRandom())
                .encoded();
    }

    private static List<String> problems(String text) {
        return parse(text).problems().stream().map(ConfigProblem::toString).toList();
    }

    @Test
    void file_wellFormed_givesItsAccountsInOrder() {
        UsersFile file = parse("# the class\nteam2a:" + hash("x") + "\n\n  team1a : " + hash("y") + " \r\n");

        assertThat(file.problems()).isEmpty();
        assertThat(file.names()).containsExactly("team2a", "team1a");
        assertThat(file.hash("team1a"))
                .map(hash -> hash.verify(new byte[] {'y'}))
                .contains(true);
        assertThat(file.hash("team3a")).isEmpty();
    }

    @Test
    void name_withSpacesAndWildcards_mayLogIn() {
        assertThat(parse("ann of the lab:" + hash("x") + "\na/b+#:" + hash("x") + "\n")
                        .names())
                .containsExactly("ann of the lab", "a/b+#");
    }

    @Test
    void name_repeated_isAProblemWithBothLines() {
        assertThat(problems("ann:" + hash("x") + "\nbob:" + hash("x") + "\nann:" + hash("y") + "\n"))
                .containsExactly("users.conf:3: the name \"ann\" is already in line 1; remove one of the two");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                ":$7$1$a$b~the name is empty",
                "  :$7$1$a$b~the name is empty",
                "server:$7$1$a$b~the name \"server\" is the server's own and nobody's login",
                "an\tn:$7$1$a$b~the name has the forbidden character U+0009 at index 2",
                "ann~no colon; expected name:hash, or # as the first character of a comment",
                "' # a comment'~no colon; expected name:hash, or # as the first character of a comment"
            })
    void line_malformed_isAProblem(String line, String message) {
        assertThat(problems("\n" + line + "\n")).containsExactly("users.conf:2: " + message);
    }

    @Test
    void hash_malformed_isAProblemThatHoldsNothingOfIt() {
        assertThat(problems("ann:hunter2\n"))
                .containsExactly("users.conf:1: user \"ann\": no password hash of a known form; expected $7$…, $6$… or"
                        + " $argon2id$…, as \"users passwd\" or mosquitto_passwd write it");
    }

    @Test
    void problems_ofSeveralLines_areAllReported() {
        assertThat(problems("ann:a\nbob\n:x\n")).hasSize(3);
    }

    @Test
    void file_missing_isAProblemThatSaysWhatToDo(@TempDir Path dir) {
        assertThat(UsersFile.read(dir.resolve("users.conf")).problems())
                .singleElement()
                .extracting(ConfigProblem::message)
                .asString()
                .startsWith("no such file")
                .contains("--users", "users add");
    }

    @Test
    void demoPasswords_areThoseEqualToTheName() {
        UsersFile file = parse("ann:" + hash("ann") + "\nbob:" + hash("other") + "\ncid:" + hash("cid") + "\n");

        assertThat(file.hasDemoPasswords(NOTHING)).isTrue();
        assertThat(file.demoAccounts()).containsExactly("ann", "cid");
        assertThat(parse("bob:" + hash("other") + "\n").hasDemoPasswords(NOTHING))
                .isFalse();
    }

    @Test
    void problemOfName_ofGoodNames_isNone() {
        assertThat(UsersFile.problemOfName("team1a")).isEqualTo(Optional.empty());
        assertThat(UsersFile.problemOfName("#a")).isPresent();
        assertThat(UsersFile.problemOfName("a:b")).isPresent();
    }
}
