package labchat.broker.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TextFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The format of mosquitto.conf(5), {@code acl_file}. */
class AclFileTest {

    static AclFile parse(String text) {
        return AclFile.parse(TextFile.of("acl.conf", text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> problems(String text) {
        return parse(text).problems().stream().map(ConfigProblem::toString).toList();
    }

    private static AclRule only(String text) {
        AclFile file = parse(text);
        assertThat(file.problems()).isEmpty();
        assertThat(file.rules()).hasSize(1);
        return file.rules().get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "topic read a/b,READ,a/b",
        "topic write a/b,WRITE,a/b",
        "topic readwrite a/b,READWRITE,a/b",
        "topic deny a/b,DENY,a/b",
        "topic a/b,READWRITE,a/b",
        "topic read,READWRITE,read",
        "topic deny,READWRITE,deny",
        "topic read a b/c d,READ,a b/c d",
        "'   topic    read    a/b   ',READ,a/b",
        "'topic read a/b\t\r',READ,a/b",
        "topic read #,READ,#",
        "topic read +/a/#,READ,+/a/#",
        "topic read $SYS/#,READ,$SYS/#",
        "topic read /,READ,/"
    })
    void topicLine_wellFormed_grantsWhatItSays(String line, AclRule.Access access, String filter) {
        AclRule rule = only(line + "\n");

        assertThat(rule.kind()).isEqualTo(AclRule.Kind.TOPIC);
        assertThat(rule.access()).isEqualTo(access);
        assertThat(rule.filter()).isEqualTo(filter);
        assertThat(rule.user()).isEmpty();
    }

    @Test
    void patternLine_inAUsersSection_belongsToNobodyAndEndsNoSection() {
        AclFile file = parse("user ann\ntopic a\npattern read b/%u\ntopic c\n");

        assertThat(file.problems()).isEmpty();
        assertThat(file.rules())
                .extracting(AclRule::kind, AclRule::user)
                .containsExactly(
                        tuple(AclRule.Kind.TOPIC, Optional.of("ann")),
                        tuple(AclRule.Kind.PATTERN, Optional.empty()),
                        tuple(AclRule.Kind.TOPIC, Optional.of("ann")));
    }

    @Test
    void userLine_nameWithSpaces_isOneName() {
        AclFile file = parse("user   ann of the lab  \ntopic a\n");

        assertThat(file.rules().get(0).user()).contains("ann of the lab");
    }

    @Test
    void origin_ofARule_namesFileLineAndText() {
        AclRule rule = only("# first\n\n  topic read a/b  \n");

        assertThat(rule.origin()).isEqualTo(new RuleOrigin("acl.conf", 3, "  topic read a/b"));
        assertThat(rule.origin()).hasToString("acl.conf:3");
    }

    @Test
    void comment_asFirstCharacter_isPassedOver() {
        assertThat(parse("# topic read a\n#\n\n   \n\r\n").rules()).isEmpty();
        assertThat(problems("# topic read a\n#\n\n   \n\r\n")).isEmpty();
    }

    @Test
    void comment_afterSpaces_isAProblem() {
        assertThat(problems("topic a\n # no\n"))
                .containsExactly(
                        "acl.conf:2: a comment must begin with # as the first character of its line, without spaces"
                                + " before it");
    }

    @Test
    void hashBehindATopic_isPartOfTheFilterAndAProblem() {
        assertThat(problems("topic read a/b # mine\n"))
                .containsExactly("acl.conf:1: topic filter \"a/b # mine\": # must be a whole level, found at index 4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "topics read a~unknown word \"topics\"; expected topic, pattern or user",
                "Topic read a~unknown word \"Topic\"; expected topic, pattern or user",
                "topic wirte a/b~unknown access \"wirte\"; expected read, write, readwrite or deny",
                "pattern READ a/b~unknown access \"READ\"; expected read, write, readwrite or deny",
                "topic~no topic; expected topic [read|write|readwrite|deny] FILTER",
                "pattern~no topic; expected pattern [read|write|readwrite|deny] FILTER",
                "user~\"user\" without a name; expected user NAME",
                "topic read a/#/b~topic filter \"a/#/b\": # must be the last level, found at index 2",
                "topic read a/b+~topic filter \"a/b+\": + must be a whole level, found at index 3",
                "topic read +a/b~topic filter \"+a/b\": + must be a whole level, found at index 0",
                "topic read a#~topic filter \"a#\": # must be a whole level, found at index 1"
            })
    void line_malformed_isAProblemThatSaysWhatIsAllowed(String line, String message) {
        assertThat(problems(line + "\n")).containsExactly("acl.conf:1: " + message);
    }

    @Test
    void tab_betweenWords_isAProblem() {
        assertThat(problems("topic\tread a\n"))
                .containsExactly("acl.conf:1: \"topic read\" has a tab in it; separate words by spaces");
    }

    @Test
    void problems_ofSeveralLines_areAllReported() {
        assertThat(problems("topik a\ntopic read a\ntopic x a\nuser\n")).hasSize(3);
        assertThat(parse("topik a\ntopic read a\ntopic x a\nuser\n").rules()).hasSize(1);
    }

    @Test
    void bytes_thatAreNotUtf8_areAProblemWithTheirLine() {
        byte[] bytes = {'t', 'o', 'p', 'i', 'c', ' ', 'a', '\n', 't', 'o', 'p', 'i', 'c', ' ', (byte) 0xff, '\n'};

        assertThat(AclFile.parse(TextFile.of("acl.conf", bytes)).problems())
                .extracting(ConfigProblem::toString)
                .containsExactly("acl.conf:2: is not UTF-8; save the file in that encoding");
    }

    @Test
    void byteOrderMark_isAProblem() {
        assertThat(problems("\ufefftopic a\n"))
                .containsExactly("acl.conf:1: begins with a byte order mark; save the file as UTF-8 without one");
    }

    @Test
    void file_missing_isAProblemThatSaysWhatToDo(@TempDir Path dir) {
        Path path = dir.resolve("none.conf");

        assertThat(AclFile.read(path).problems())
                .singleElement()
                .extracting(ConfigProblem::toString)
                .asString()
                .startsWith(path + ": no such file")
                .contains("--acl");
    }

    @Test
    void file_thatIsADirectory_isAProblem(@TempDir Path dir) {
        assertThat(AclFile.read(dir).problems())
                .singleElement()
                .extracting(ConfigProblem::message)
                .isEqualTo("is a directory, expected a file");
    }

    @Test
    void file_withoutALastLineEnd_isReadToTheEnd(@TempDir Path dir) throws Exception {
        Path path = Files.writeString(dir.resolve("acl.conf"), "topic read a\r\ntopic write b");

        assertThat(AclFile.read(path).rules()).extracting(AclRule::filter).containsExactly("a", "b");
    }

    @Test
    void placeholder_thatIsNoWholeLevel_isWarnedOf() {
        assertThat(parse("pattern read a/x%u/b\n").warnings()).hasSize(1);
        assertThat(parse("topic read a/%u\n").warnings()).hasSize(1);
        assertThat(parse("topic read\n").warnings()).hasSize(1);
    }

    @Test
    void placeholder_thatIsAWholeLevel_isNotWarnedOf() {
        assertThat(parse("pattern read a/%u/%c\ntopic read a/b\n").warnings()).isEmpty();
    }
}
