package labchat.broker.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FileUserDirectoryTest {

    /** Enough that a verification is told from a remembered login by its time alone, whatever the machine. */
    private static final int SLOW = 200_000;

    private final AtomicLong nanos = new AtomicLong();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private FileUserDirectory directory(String text) {
        return new FileUserDirectory(UsersFileTest.parse(text), nanos::get);
    }

    private static long nanosOf(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** Of several times: the others tell more of what else the machine does. */
    private static long leastNanosOf(Runnable work) {
        return LongStream.generate(() -> nanosOf(work)).limit(4).min().orElseThrow();
    }

    @Test
    void password_right_isAccepted() {
        FileUserDirectory users = directory("ann:" + UsersFileTest.hash("secret") + "\n");

        assertThat(users.verify("ann", bytes("secret"))).isTrue();
        assertThat(users.verify("ann", bytes("secret"))).isTrue();
    }

    @Test
    void password_wrong_isRefusedAlsoAfterARightOne() {
        FileUserDirectory users = directory("ann:" + UsersFileTest.hash("secret") + "\n");

        assertThat(users.verify("ann", bytes("Secret"))).isFalse();
        assertThat(users.verify("ann", bytes("secret"))).isTrue();
        assertThat(users.verify("ann", bytes("Secret"))).isFalse();
        assertThat(users.verify("ann", new byte[0])).isFalse();
    }

    @Test
    void password_ofAnotherUser_isRefused() {
        FileUserDirectory users =
                directory("ann:" + UsersFileTest.hash("secret") + "\nbob:" + UsersFileTest.hash("other") + "\n");

        assertThat(users.verify("ann", bytes("secret"))).isTrue();
        assertThat(users.verify("bob", bytes("secret"))).isFalse();
    }

    @Test
    void name_unknown_isRefused() {
        FileUserDirectory users = directory("ann:" + UsersFileTest.hash("secret") + "\n");

        assertThat(users.verify("bob", bytes("secret"))).isFalse();
        assertThat(users.contains("bob")).isFalse();
        assertThat(users.contains("ann")).isTrue();
        assertThat(directory("").verify("bob", bytes("secret"))).isFalse();
    }

    @Test
    void names_areInTheFilesOrder() {
        assertThat(directory("b:" + UsersFileTest.hash("x") + "\na:" + UsersFileTest.hash("x") + "\n")
                        .names())
                .containsExactly("b", "a");
    }

    @Test
    void login_repeated_isRememberedForAMinuteOnly() {
        String hash =
                PasswordHash.create(bytes("secret"), SLOW, new SecureRandom()).encoded();
        FileUserDirectory users = directory("ann:" + hash + "\n");
        long first = nanosOf(() -> users.verify("ann", bytes("secret")));
        long second = nanosOf(() -> users.verify("ann", bytes("secret")));
        nanos.addAndGet(FileUserDirectory.REMEMBERED.toNanos());
        long afterAMinute = nanosOf(() -> users.verify("ann", bytes("secret")));

        assertThat(second).isLessThan(first / 10);
        assertThat(afterAMinute).isGreaterThan(second * 10);
    }

    @Test
    void login_isRecent_afterItWasRight_untilAMinuteLaterOrThePasswordChanges() {
        FileUserDirectory users = directory("ann:" + UsersFileTest.hash("secret") + "\n");
        assertThat(users.isRecent("ann", bytes("secret"))).isFalse();
        users.verify("ann", bytes("wrong"));
        assertThat(users.isRecent("ann", bytes("wrong"))).isFalse();

        users.verify("ann", bytes("secret"));
        assertThat(users.isRecent("ann", bytes("secret"))).isTrue();
        assertThat(users.isRecent("ann", bytes("wrong"))).isFalse();
        assertThat(users.isRecent("bob", bytes("secret"))).isFalse();
        assertThat(users.without("ann").isRecent("ann", bytes("secret"))).isFalse();
        PasswordHash other = PasswordHash.create(bytes("other"), PasswordHash.MIN_ITERATIONS, new SecureRandom());
        assertThat(users.with("ann", other).isRecent("ann", bytes("secret"))).isFalse();

        nanos.addAndGet(FileUserDirectory.REMEMBERED.toNanos());
        assertThat(users.isRecent("ann", bytes("secret"))).isFalse();
    }

    @Test
    void name_unknown_costsWhatAKnownOneDoes() {
        String hash =
                PasswordHash.create(bytes("secret"), SLOW, new SecureRandom()).encoded();
        FileUserDirectory users = directory("ann:" + hash + "\n");
        users.verify("ann", bytes("warm-up"));
        long known = leastNanosOf(() -> users.verify("ann", bytes("wrong")));
        long unknown = leastNanosOf(() -> users.verify("bob", bytes("wrong")));

        assertThat(unknown).isBetween(known / 4, known * 4);
    }

    @Test
    void file_withProblems_isNotUsed() {
        assertThatThrownBy(() -> directory("ann:x\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("users.conf has problems");
    }
}
