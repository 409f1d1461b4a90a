package labchat.broker.users;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The accounts of a {@link UsersFile}. A successful login is remembered for a minute, so that a class that reconnects at
 * once gets in at once; what is remembered is a keyed digest that says nothing without this process's memory.
 */
public final class FileUserDirectory implements UserDirectory {

    /** How long a successful login is remembered. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** Hears by which of the user's passwords somebody has logged in. */
    public interface Uses {
        void used(String user, String password);
    }

    /** By user and the password's name, the first of them the one in the file itself. */
    private final Map<String, Map<String, PasswordHash>> accounts;

    private final List<PasswordHash> decoys;
    private final RecentLogins recent;
    private final Uses uses;

    /** The accounts of a file without problems. */
    public FileUserDirectory(UsersFile file) {
        this(file, (user, password) -> {});
    }

    /** @param uses told on the login's thread, but not of each repetition within a minute */
    public FileUserDirectory(UsersFile file, Uses uses) {
        this(goodAccounts(file), new RecentLogins(REMEMBERED, System::nanoTime, new SecureRandom()), uses);
    }

    /** @param nanoTime a clock like {@link System#nanoTime()} */
    FileUserDirectory(UsersFile file, LongSupplier nanoTime) {
        this(goodAccounts(file), new RecentLogins(REMEMBERED, nanoTime, new SecureRandom()), (user, password) -> {});
    }

    private FileUserDirectory(Map<String, Map<String, PasswordHash>> accounts, RecentLogins recent, Uses uses) {
        this.accounts = Collections.unmodifiableMap(new LinkedHashMap<>(accounts));
        this.decoys = decoys(new SecureRandom());
        this.recent = recent;
        this.uses = uses;
    }

    /** The accounts of another file; logins of those that have lost no password stay remembered. */
    public FileUserDirectory with(UsersFile next) {
        return with(goodAccounts(next));
    }

    /** The same accounts, one of them new or with this password only. */
    FileUserDirectory with(String user, PasswordHash hash) {
        Map<String, Map<String, PasswordHash>> next = new LinkedHashMap<>(accounts);
        next.put(user, Map.of(UsersFile.FIRST_PASSWORD, hash));
        return with(next);
    }

    /** The same accounts but this one. */
    FileUserDirectory without(String user) {
        Map<String, Map<String, PasswordHash>> next = new LinkedHashMap<>(accounts);
        next.remove(user);
        return with(next);
    }

    /** The same accounts, one of them without one of its further passwords. */
    FileUserDirectory withoutPassword(String user, String name) {
        Map<String, Map<String, PasswordHash>> next = new LinkedHashMap<>(accounts);
        next.computeIfPresent(user, (key, own) -> {
            Map<String, PasswordHash> left = new LinkedHashMap<>(own);
            left.remove(name);
            return left;
        });
        return with(next);
    }

    /** The names of a user's passwords, {@value UsersFile#FIRST_PASSWORD} first; none if there is no such user. */
    public List<String> passwordsOf(String user) {
        return List.copyOf(accounts.getOrDefault(user, Map.of()).keySet());
    }

    private static Map<String, Map<String, PasswordHash>> goodAccounts(UsersFile file) {
        if (!file.problems().isEmpty()) {
            throw new IllegalArgumentException("%s has problems".formatted(file.name()));
        }
        return file.passwords();
    }

    private FileUserDirectory with(Map<String, Map<String, PasswordHash>> next) {
        FileUserDirectory other = new FileUserDirectory(next, recent.copy(), uses);
        accounts.keySet().stream()
                .filter(user -> !other.credentials(user).containsAll(credentials(user)))
                .forEach(other.recent::forget);
        return other;
    }

    @Override
    public boolean contains(String user) {
        return accounts.containsKey(user);
    }

    @Override
    public Set<String> names() {
        return accounts.keySet();
    }

    @Override
    public Set<String> credentials(String user) {
        return accounts.getOrDefault(user, Map.of()).values().stream()
                .map(PasswordHash::encoded)
                .collect(Collectors.toSet());
    }

    @Override
    public boolean verify(String user, byte[] password) {
        Map<String, PasswordHash> own = accounts.get(user);
        byte[] digest = recent.digest(user, password);
        if (own == null) {
            decoyFor(user).verify(password);
            return false;
        }
        if (recent.has(user, digest)) {
            return true;
        }
        for (Map.Entry<String, PasswordHash> one : own.entrySet()) {
            if (one.getValue().verify(password)) {
                recent.add(user, digest);
                uses.used(user, one.getKey());
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isRecent(String user, byte[] password) {
        // Also for a name that does not exist, so that the time of the answer does not tell.
        return recent.has(user, recent.digest(user, password));
    }

    private List<PasswordHash> decoys(SecureRandom random) {
        if (accounts.isEmpty()) {
            return List.of(PasswordHash.create(new byte[] {0}, PasswordHash.MIN_ITERATIONS, random)
                    .decoy(random));
        }
        return accounts.values().stream()
                .map(own -> own.values().iterator().next().decoy(random))
                .toList();
    }

    /**
     * What is verified for a name that does not exist, so that the time of the answer does not tell: always the same one
     * for the same name, and as costly as some account's.
     */
    private PasswordHash decoyFor(String user) {
        int any = ByteBuffer.wrap(recent.digest(user, new byte[0])).getInt();
        return decoys.get(Math.floorMod(any, decoys.size()));
    }
}
