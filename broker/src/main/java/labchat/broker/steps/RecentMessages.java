package labchat.broker.steps;

/**
 * What is known of the newest messages of one user with others, by whom they are with and by their uuid. The oldest one
 * makes room. As few as this are found sooner by looking at all than by a map. Not for several threads.
 */
final class RecentMessages<V> {

    /** So many are known. */
    static final int MOST = 50;

    /** The hash of each, side by side, so that looking for one costs little. */
    private final int[] hashes = new int[MOST];

    private final String[] others = new String[MOST];
    private final String[] uuids = new String[MOST];
    private final Object[] values = new Object[MOST];
    private int count;
    private int next;

    private int find(String other, String uuid) {
        int hash = 31 * other.hashCode() + uuid.hashCode();
        for (int i = 0; i < count; i++) {
            if (hashes[i] == hash && uuid.equals(uuids[i]) && other.equals(others[i])) {
                return i;
            }
        }
        return -1;
    }

    /** What is known of a message; null for nothing. */
    @SuppressWarnings("unchecked") // Only put() puts something there.
    V get(String other, String uuid) {
        int at = find(other, uuid);
        return at < 0 ? null : (V) values[at];
    }

    /** Notes something of a message, unless it is known. */
    void putIfAbsent(String other, String uuid, V value) {
        if (find(other, uuid) < 0) {
            hashes[next] = 31 * other.hashCode() + uuid.hashCode();
            others[next] = other;
            uuids[next] = uuid;
            values[next] = value;
            next = (next + 1) % MOST;
            count = Math.min(count + 1, MOST);
        }
    }
}
