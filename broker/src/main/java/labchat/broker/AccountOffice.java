package labchat.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import labchat.broker.classroom.Passwords;
import labchat.broker.reload.Reload;
import labchat.broker.staff.AccountDesk;
import labchat.broker.users.AccountChanges;
import labchat.broker.users.FileUserDirectory;
import labchat.broker.users.LastUses;
import labchat.broker.users.LiveUserDirectory;
import labchat.broker.users.UsersFile;
import labchat.protocol.identity.ChatId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what staff ask for with accounts while the broker runs. What was changed is said in the log, with who wanted it, and
 * never with a password.
 */
final class AccountOffice implements AccountDesk {

    static final int MIN_PASSWORD = 4;
    static final int MAX_PASSWORD = 128;

    private static final Logger LOG = LoggerFactory.getLogger("labchat");
    private static final String RELOAD = "\"Reload files\" on the page Class reads it.";

    private final Reload reload;
    private final LiveUserDirectory users;
    private final AccountChanges changes;
    private final LastUses uses;
    private final Predicate<ChatId> isRoom;
    private final Predicate<ChatId> wasAccount;
    private final CertificateControl certificates;
    private final Clock clock;
    private final Passwords passwords = new Passwords(new SecureRandom());

    /**
     * @param uses when passwords and certificates were last used
     * @param isRoom whether a room has this id
     * @param wasAccount whether messages to an account of this id are kept
     */
    AccountOffice(
            Reload reload,
            LiveUserDirectory users,
            AccountChanges changes,
            LastUses uses,
            Predicate<ChatId> isRoom,
            Predicate<ChatId> wasAccount,
            CertificateControl certificates,
            Clock clock) {
        this.reload = reload;
        this.users = users;
        this.changes = changes;
        this.uses = uses;
        this.isRoom = isRoom;
        this.wasAccount = wasAccount;
        this.certificates = certificates;
        this.clock = clock;
    }

    @Override
    public List<Account> list() {
        Set<String> staff = Set.copyOf(reload.config().web().staff());
        Function<String, List<String>> names =
                users.accounts() instanceof FileUserDirectory file ? file::passwordsOf : user -> List.of();
        return users.names().stream()
                .map(user -> new Account(
                        user,
                        staff.contains(user),
                        names.apply(user).stream()
                                .map(name -> new Password(name, uses.of(user, name)))
                                .toList(),
                        certificatesOf(user)))
                .toList();
    }

    private List<Certificate> certificatesOf(String user) {
        Instant now = clock.instant();
        return certificates.register().of(user).stream()
                .map(one -> new Certificate(
                        one.name(),
                        one.validUntil(),
                        uses.of(user, LastUses.ofCertificate(one.name())),
                        one.state(now)))
                .toList();
    }

    @Override
    public Answer add(String user, Optional<String> password, String staff) {
        Optional<String> invalid = ChatId.problem(user);
        if (invalid.isPresent()) {
            return Answer.of(
                    Result.INVALID_ID,
                    "%s. An id is 1 to 32 of the characters A-Z a-z 0-9 _ -.".formatted(sentence(invalid.get())));
        }
        if (user.equals(ChatId.SERVER.value())) {
            return Answer.of(Result.INVALID_ID, "\"server\" is the server's own id. Choose another.");
        }
        if (users.contains(user)) {
            return Answer.of(Result.ID_TAKEN, "There is an account %s already. Choose another id.".formatted(user));
        }
        if (isRoom.test(new ChatId(user))) {
            return Answer.of(Result.ID_TAKEN, "%s is the id of a room. Choose another id.".formatted(user));
        }
        if (isInFile(user)) {
            return Answer.of(
                    Result.CHANGED_BY_HAND,
                    "%s has been added to %s by hand, and the broker has not read it yet. %s"
                            .formatted(user, file(), RELOAD));
        }
        String chosen = password.orElseGet(passwords::next);
        return checked(user, chosen)
                .orElseGet(() -> done(
                        () -> changes.add(user, bytes(chosen)),
                        "added %s".formatted(user),
                        staff,
                        new Answer(
                                Result.DONE,
                                added(user),
                                password.isPresent() ? Optional.empty() : Optional.of(chosen))));
    }

    private String added(String user) {
        return wasAccount.test(new ChatId(user))
                ? "%s can log in. There was an account of this name before: what was said to it then is %s's now."
                        .formatted(user, user)
                : "%s can log in.".formatted(user);
    }

    @Override
    public Answer setPassword(String user, Optional<String> password, String staff) {
        String chosen = password.orElseGet(passwords::next);
        return known(user)
                .or(() -> checked(user, chosen))
                .orElseGet(() -> done(
                        () -> changes.setPassword(user, bytes(chosen)),
                        "%s has another password".formatted(user),
                        staff,
                        new Answer(
                                Result.DONE,
                                "%s has another password; older connections were ended.".formatted(user),
                                password.isPresent() ? Optional.empty() : Optional.of(chosen))));
    }

    @Override
    public Answer remove(String user, String staff) {
        if (user.equals(staff)) {
            return Answer.of(
                    Result.YOURSELF,
                    "You are signed in as %s. Somebody else of the staff can remove this account, or: broker.jar users remove %s"
                            .formatted(user, user));
        }
        return known(user)
                .orElseGet(() -> done(
                        () -> changes.remove(user),
                        "removed %s".formatted(user),
                        staff,
                        Answer.of(
                                Result.DONE,
                                "%s is removed; its connections were ended. Its messages are kept.".formatted(user))));
    }

    @Override
    public Answer revokePassword(String user, String name, String staff) {
        if (name.equals(UsersFile.FIRST_PASSWORD)) {
            return Answer.of(
                    Result.INVALID_PASSWORD,
                    "The first password cannot be revoked. Give %s another one, or remove the account."
                            .formatted(user));
        }
        return known(user)
                .orElseGet(() -> done(
                        () -> changes.revokePassword(user, name),
                        "revoked the password \"%s\" of %s".formatted(name, user),
                        staff,
                        Answer.of(
                                Result.DONE,
                                "The password \"%s\" of %s is revoked. Its connections were ended; programs with another password connect again."
                                        .formatted(name, user))));
    }

    @Override
    public Answer revokeCertificate(String user, String name, String staff) {
        return done(
                () -> certificates.revoke(user, name),
                "revoked the certificate \"%s\" of %s".formatted(name, user),
                staff,
                Answer.of(
                        Result.DONE,
                        "The certificate \"%s\" of %s is revoked; who was connected with it was cut off."
                                .formatted(name, user)));
    }

    /** Why an account that counts cannot be changed; empty if it can. */
    private Optional<Answer> known(String user) {
        if (!users.contains(user)) {
            return Optional.of(Answer.of(Result.UNKNOWN, "There is no account \"%s\".".formatted(user)));
        }
        return isInFile(user)
                ? Optional.empty()
                : Optional.of(Answer.of(
                        Result.CHANGED_BY_HAND,
                        "%s has been taken out of %s by hand, and the broker has not read it yet. %s"
                                .formatted(user, file(), RELOAD)));
    }

    private static Optional<Answer> checked(String user, String password) {
        int length = password.codePointCount(0, password.length());
        boolean good = length >= MIN_PASSWORD
                && length <= MAX_PASSWORD
                && !password.equalsIgnoreCase(user)
                && password.chars().noneMatch(Character::isISOControl);
        return good
                ? Optional.empty()
                : Optional.of(Answer.of(
                        Result.INVALID_PASSWORD,
                        "A password has %d to %d characters, no control characters, and is not the name itself."
                                .formatted(MIN_PASSWORD, MAX_PASSWORD)));
    }

    private Path file() {
        return reload.config().passwordFile();
    }

    private boolean isInFile(String user) {
        return UsersFile.read(file()).names().contains(user);
    }

    private interface Change {
        void run() throws IOException;
    }

    private static Answer done(Change change, String what, String staff, Answer answer) {
        try {
            change.run();
        } catch (IOException e) {
            LOG.warn("staff ({}): failed, nothing was changed: {}: {}", staff, what, e.getMessage());
            return Answer.of(Result.NOT_WRITTEN, "Nothing was changed: %s".formatted(e.getMessage()));
        }
        LOG.info("staff ({}): {}", staff, what);
        return answer;
    }

    private static byte[] bytes(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    private static String sentence(String words) {
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
