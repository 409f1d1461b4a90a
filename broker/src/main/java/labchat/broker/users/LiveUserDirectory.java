package labchat.broker.users;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Accounts that can be replaced by others while the broker runs. A login that was begun under the old ones is judged by
 * them: who asked compares {@link #version} before and after.
 */
public final class LiveUserDirectory implements UserDirectory {

    /**
     * @param versions by name; what is not in it is 0
     * @param newest the highest version so far
     */
    private record State(UserDirectory accounts, Map<String, Long> versions, long newest) {}

    /**
     * What a replacement has changed.
     *
     * @param changed who has lost a password, or has another one
     * @param extended who has one password more, and has lost none
     */
    public record Changes(Set<String> added, Set<String> removed, Set<String> changed, Set<String> extended) {
        public Changes {
            added = Set.copyOf(added);
            removed = Set.copyOf(removed);
            changed = Set.copyOf(changed);
            extended = Set.copyOf(extended);
        }
    }

    private volatile State state;

    /** @param accounts those of the start */
    public LiveUserDirectory(UserDirectory accounts) {
        state = new State(accounts, Map.of(), 0);
    }

    /** What would be another, were the accounts replaced by these. */
    public Changes compare(UserDirectory next) {
        return compare(state.accounts(), next);
    }

    private static Changes compare(UserDirectory before, UserDirectory next) {
        Set<String> added = new LinkedHashSet<>(next.names());
        added.removeAll(before.names());
        Set<String> removed = new LinkedHashSet<>(before.names());
        removed.removeAll(next.names());
        Set<String> changed = new LinkedHashSet<>(next.names());
        changed.removeAll(added);
        changed.removeIf(user -> next.credentials(user).containsAll(before.credentials(user)));
        Set<String> extended = new LinkedHashSet<>(next.names());
        extended.removeAll(added);
        extended.removeAll(changed);
        extended.removeIf(user -> before.credentials(user).containsAll(next.credentials(user)));
        return new Changes(added, removed, changed, extended);
    }

    /** From now on these count. */
    public synchronized Changes replace(UserDirectory next) {
        State before = state;
        Changes changes = compare(before.accounts(), next);
        long newest = before.newest() + 1;
        Map<String, Long> versions = new HashMap<>(before.versions());
        changes.removed().forEach(versions::remove);
        changes.added().forEach(user -> versions.put(user, newest));
        changes.changed().forEach(user -> versions.put(user, newest));
        state = new State(next, Map.copyOf(versions), newest);
        return changes;
    }

    /** Those that count now. */
    public UserDirectory accounts() {
        return state.accounts();
    }

    @Override
    public boolean contains(String user) {
        return state.accounts().contains(user);
    }

    @Override
    public Set<String> names() {
        return state.accounts().names();
    }

    @Override
    public boolean verify(String user, byte[] password) {
        return state.accounts().verify(user, password);
    }

    @Override
    public boolean isRecent(String user, byte[] password) {
        return state.accounts().isRecent(user, password);
    }

    @Override
    public Set<String> credentials(String user) {
        return state.accounts().credentials(user);
    }

    @Override
    public long version(String user) {
        State now = state;
        return now.accounts().contains(user) ? now.versions().getOrDefault(user, 0L) : -1;
    }
}
