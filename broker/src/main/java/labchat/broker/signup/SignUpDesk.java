package labchat.broker.signup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import labchat.broker.config.SignUp;
import labchat.broker.config.WebConfig;
import labchat.broker.users.AccountChanges;
import labchat.protocol.identity.ChatId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes accounts for those who ask, as the settings {@code signup} and {@code signup_code_file} allow. May be used by any
 * thread but an event loop; blocks for as long as a password's hash and a file's write take.
 */
public final class SignUpDesk {

    /** The shortest password, in characters. */
    public static final int SHORTEST_PASSWORD = 8;

    /** The longest password, in bytes of UTF-8. */
    public static final int LONGEST_PASSWORD = 72;

    /** More accounts than this are not made: a flood must not fill memory and file. */
    static final int MOST_ACCOUNTS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(SignUpDesk.class);

    /** What came of it. */
    public enum Outcome {
        CREATED,
        OFF,
        WRONG_CODE,
        TAKEN,
        INVALID_ID,
        INVALID_PASSWORD,
        TOO_MANY,
        FAILED
    }

    /** @param reason for people: what is wrong, what is allowed, what to do */
    public record Answer(Outcome outcome, String reason) {}

    /** Who has which id. */
    public interface Ids {
        /** How many accounts there are. */
        int accounts();

        /** Whether an account, a room, the settings or the rules have this id, or an account once had it. */
        boolean isTaken(ChatId id);
    }

    private final Supplier<WebConfig> settings;
    private final Ids ids;
    private final AccountChanges accounts;
    private final Attempts wrongCodes;

    /**
     * @param settings as they are now
     * @param ids see {@link Ids#isTaken}
     */
    public SignUpDesk(Supplier<WebConfig> settings, Ids ids, AccountChanges accounts, Clock clock) {
        this.settings = settings;
        this.ids = ids;
        this.accounts = accounts;
        this.wrongCodes = new Attempts(clock);
    }

    /** Whether and how one can sign up now. */
    public SignUp mode() {
        return settings.get().signUp();
    }

    /**
     * Makes the account, which can log in when this returns, or says why not.
     *
     * @param code the class's; empty if none was given
     * @param address of who asks
     */
    public Answer signUp(String id, String password, String code, String address) {
        return check(code, address)
                .or(() -> problemOfId(id))
                .or(() -> problemOfPassword(id, password))
                .orElseGet(() -> create(id, password));
    }

    private Optional<Answer> check(String code, String address) {
        return switch (mode()) {
            case OFF ->
                answer(
                        Outcome.OFF,
                        "this broker lets nobody sign up; ask your staff for an account, or log in with yours");
            case OPEN -> Optional.empty();
            case CODE -> checkCode(code, address);
        };
    }

    private Optional<Answer> checkCode(String code, String address) {
        if (!wrongCodes.mayTry(address)) {
            return answer(
                    Outcome.TOO_MANY,
                    "too many wrong codes from your address; wait a minute, and ask your staff for it");
        }
        Optional<String> right = currentCode();
        if (right.isEmpty()) {
            return answer(Outcome.FAILED, "nobody can sign up at the moment; tell your staff");
        }
        if (isSame(right.get(), code.strip())) {
            return Optional.empty();
        }
        wrongCodes.failed(address);
        return answer(
                Outcome.WRONG_CODE,
                code.isBlank()
                        ? "the class's code is missing; your staff have it"
                        : "this is not the class's code; your staff have it");
    }

    /** Read anew each time, so that staff can change it; it is one short line. */
    private Optional<String> currentCode() {
        Optional<Path> file = settings.get().signUpCodeFile();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (var lines = Files.lines(file.get())) {
            Optional<String> code = lines.findFirst().map(String::strip).filter(line -> !line.isEmpty());
            if (code.isEmpty()) {
                LOG.warn("{}: its first line must be the code for signing up; until then nobody can", file.get());
            }
            return code;
        } catch (IOException | java.io.UncheckedIOException e) {
            LOG.warn("{}: the code for signing up cannot be read: {}", file.get(), e.getMessage());
            return Optional.empty();
        }
    }

    /** In the same time, whatever was said and however long it is. */
    private static boolean isSame(String right, String said) {
        return MessageDigest.isEqual(digest(right), digest(said));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private Optional<Answer> problemOfId(String id) {
        Optional<String> problem = ChatId.problem(id);
        if (problem.isPresent()) {
            return answer(
                    Outcome.INVALID_ID,
                    "%s; an id is 1 to 32 of the characters A-Z a-z 0-9 _ -".formatted(problem.get()));
        }
        if (id.equals(ChatId.SERVER.value())) {
            return answer(Outcome.INVALID_ID, "\"server\" is the server's own id; choose another");
        }
        return ids.isTaken(new ChatId(id)) ? Optional.of(taken(id)) : Optional.empty();
    }

    private static Answer taken(String id) {
        return new Answer(Outcome.TAKEN, "the id \"%s\" is taken; choose another".formatted(id));
    }

    private static Optional<Answer> problemOfPassword(String id, String password) {
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (password.codePointCount(0, password.length()) < SHORTEST_PASSWORD) {
            return answer(
                    Outcome.INVALID_PASSWORD,
                    "the password is too short; use at least %d characters".formatted(SHORTEST_PASSWORD));
        }
        if (bytes > LONGEST_PASSWORD) {
            return answer(
                    Outcome.INVALID_PASSWORD,
                    "the password is too long, %d bytes; use at most %d".formatted(bytes, LONGEST_PASSWORD));
        }
        if (password.toLowerCase(Locale.ROOT).equals(id.toLowerCase(Locale.ROOT))) {
            return answer(Outcome.INVALID_PASSWORD, "the password must not be the id");
        }
        return password.indexOf(0) >= 0
                ? answer(Outcome.INVALID_PASSWORD, "the password must not have the character U+0000")
                : Optional.empty();
    }

    private Answer create(String id, String password) {
        if (ids.accounts() >= MOST_ACCOUNTS) {
            return new Answer(Outcome.TOO_MANY, "there are as many accounts as there may be; ask your staff");
        }
        try {
            accounts.add(id, password.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            if (ids.isTaken(new ChatId(id))) {
                // Somebody else was faster.
                return taken(id);
            }
            LOG.warn("{} could not sign up: {}", id, e.getMessage());
            return new Answer(Outcome.FAILED, "the account could not be written; tell your staff");
        }
        LOG.info("{} has signed up", id);
        return new Answer(Outcome.CREATED, "the account %s is there; log in with it".formatted(id));
    }

    private static Optional<Answer> answer(Outcome outcome, String reason) {
        return Optional.of(new Answer(outcome, reason));
    }
}
