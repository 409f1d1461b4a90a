package labchat.broker.users;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The accounts of a {@link UsersFile}. A successful login is remembered for a minute, so that a class that reconnects at
 * once gets in at once; what is remembered is a keyed digest that says nothing without this process's memory.
 */
public final class FileUserDirectory implements UserDirectory {

    /** How long a successful login is remembered. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final Map<String, PasswordHash> accounts;
    private final List<PasswordHash> decoys;
    private final RecentLogins recent;

    /** The accounts of a file without problems. */
    public FileUserDirectory(UsersFile file) {
        this(file, System::nanoTime);
    }

    /** @param nanoTime a clock like {@link System#nanoTime()} */
    FileUserDirectory(UsersFile file, LongSupplier nanoTime) {
        this(file, new RecentLogins(REMEMBERED, nanoTime, new SecureRandom()));
    }

    private FileUserDirectory(UsersFile file, RecentLogins recent) {
        this(goodAccounts(file), recent);
    }

    private FileUserDirectory(Map<String, PasswordHash> accounts, RecentLogins recent) {
        this.accounts = Collections.unmodifiableMap(new LinkedHashMap<>(accounts));
        this.decoys = decoys(new SecureRandom());
        this.recent = recent;
    }

    /** The accounts of another file; logins of those that are the same in both stay remembered. */
    public FileUserDirectory with(UsersFile next) {
        return with(goodAccounts(next));
    }

    /** The same accounts, one of them new or with this password. */
    FileUserDirectory with(String user, PasswordHash hash) {
        Map<String, PasswordHash> next = new LinkedHashMap<>(accounts);
        next.put(user, hash);
        return with(next);
    }

    /** The same accounts but this one. */
    FileUserDirectory without(String user) {
        Map<String, PasswordHash> next = new LinkedHashMap<>(accounts);
        next.remove(user);
        return with(next);
    }

    private static Map<String, PasswordHash> goodAccounts(UsersFile file) {
        if (!file.problems().isEmpty()) {
            throw new IllegalArgumentException("%s has problems".formatted(file.name()));
        }
        return file.accounts();
    }

    private FileUserDirectory with(Map<String, PasswordHash> next) {
        FileUserDirectory other = new FileUserDirectory(next, recent.copy());
        accounts.keySet().stream()
                .filter(user -> !Objects.equals(credentials(user), other.credentials(user)))
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
    public Object credentials(String user) {
        PasswordHash hash = accounts.get(user);
        return hash == null ? null : hash.encoded();
    }

    @Override
    public boolean verify(String user, byte[] password) {
        PasswordHash hash = accounts.get(user);
        byte[] digest = recent.digest(user, password);
        if (hash != null && recent.has(user, digest)) {
            return true;
        }
        boolean right = (hash == null ? decoyFor(user) : hash).verify(password) && hash != null;
        if (right) {
            recent.add(user, digest);
        }
        return right;
    }

    private List<PasswordHash> decoys(SecureRandom random) {
        if (accounts.isEmpty()) {
            return List.of(PasswordHash.create(new byte[] {0}, PasswordHash.MIN_ITERATIONS, random)
                    .decoy(random));
        }
        return accounts.values().stream().map(hash -> hash.decoy(random)).toList();
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
