package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import labchat.protocol.topic.ChatKind;

/**
 * What stands in the journal and not in the tables, as the transaction of one reader's connection sees it: always the
 * newest of all that is kept. Reading both together is as good as waiting until all is in the tables. Knows the place of
 * each publish, up to 20 bytes for one; the publishes themselves stay on disk. Not for several threads.
 */
final class JournalTail {

    /** The row that has a sequence number, or would have it: rows are numbered as their first publish is. */
    static final String ROW =
            "SELECT publishes, last_sequence FROM journal WHERE id <= ? AND id > 0 ORDER BY id DESC LIMIT 1";

    private static final String FIRST = "SELECT ifnull(min(id), 0) FROM journal WHERE id > 0";
    private static final String NEW_ROWS = "SELECT last_sequence, publishes FROM journal WHERE id > ? ORDER BY id";

    private static final int LEAST_FORGOTTEN = 10_000;
    private static final int LEAST_UUIDS = 1 << 10;

    /** Sequence numbers, rising, less what all have in common. */
    private static final class Numbers {
        private int[] numbers = new int[8];
        private int count;

        void add(int number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
        }

        /** The index of the first number that is not lower. */
        int from(long number) {
            int wanted = (int) Math.max(0, Math.min(Integer.MAX_VALUE, number));
            int at = Arrays.binarySearch(numbers, 0, count, wanted);
            return at < 0 ? -at - 1 : at;
        }
    }

    private final Path file;
    private final Map<String, Numbers> byReceiver = new HashMap<>();

    /** Of messages. */
    private final Map<String, Numbers> byConversation = new HashMap<>();

    /** A hash of the uuid of each publish from {@link #base} on; looked through in less than a millisecond for a million. */
    private int[] uuids = new int[LEAST_UUIDS];

    private Connection connection;

    /** Everything before it is in the tables. */
    private long first;

    /** What is known begins here; all other numbers are counted from it. */
    private long base;

    /** How far the journal is known. */
    private long last;

    private long rowFirst;
    private long rowLast;
    private List<JournalCodec.Entry> row = List.of();

    JournalTail(Path file) {
        this.file = file;
    }

    /** Looks at what is new, on a connection that is in a read transaction. */
    void refresh(Connection reader) throws SQLException {
        connection = reader;
        try (Statement statement = reader.createStatement();
                ResultSet rows = statement.executeQuery(FIRST)) {
            rows.next();
            long now = rows.getLong(1);
            if (now == 0 || now > last || now - first > Math.max(LEAST_FORGOTTEN, last - now)) {
                // Most of what is known has been moved: little remains to be read again.
                forget();
                base = now;
            }
            first = now;
            last = Math.max(last, now - 1);
        }
        if (first > 0) {
            readOn();
        }
    }

    private void forget() {
        byReceiver.clear();
        byConversation.clear();
        uuids = new int[LEAST_UUIDS];
        last = 0;
        rowFirst = 0;
        rowLast = 0;
        row = List.of();
    }

    private void readOn() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEW_ROWS)) {
            select.setLong(1, last);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    JournalCodec.decode(file, rows.getBytes(2)).forEach(this::add);
                    last = rows.getLong(1);
                }
            }
        }
    }

    private void add(JournalCodec.Entry entry) {
        int number = Math.toIntExact(entry.sequence() - base);
        byReceiver.computeIfAbsent(entry.receiver(), any -> new Numbers()).add(number);
        if (entry.kind() == ChatKind.MESSAGE) {
            byConversation
                    .computeIfAbsent(entry.conversation(), any -> new Numbers())
                    .add(number);
        }
        if (number >= uuids.length) {
            uuids = Arrays.copyOf(uuids, Math.max(number + 1, 2 * uuids.length));
        }
        uuids[number] = hash(entry.uuid());
    }

    /** Not 0, which stands for none. */
    private static int hash(String uuid) {
        return (int) BloomFilter.hash("", "", uuid) | 1;
    }

    boolean isEmpty() {
        return first == 0;
    }

    /** The publish with this number, which is in the journal. */
    private JournalCodec.Entry entry(long sequence) throws SQLException {
        if (sequence < rowFirst || sequence > rowLast) {
            try (PreparedStatement select = connection.prepareStatement(ROW)) {
                select.setLong(1, sequence);
                try (ResultSet rows = select.executeQuery()) {
                    if (rows.next()) {
                        row = JournalCodec.decode(file, rows.getBytes(1));
                        rowLast = rows.getLong(2);
                        rowFirst = row.get(0).sequence();
                    }
                }
            }
        }
        for (JournalCodec.Entry entry : row) {
            if (entry.sequence() == sequence) {
                return entry;
            }
        }
        throw new SQLException("the journal has no publish %d".formatted(sequence));
    }

    /**
     * Publishes in their order.
     *
     * @param receivers users or rooms they were published to; empty for all
     */
    List<JournalCodec.Entry> publishes(Set<String> receivers, long after, long upTo, int limit) throws SQLException {
        if (isEmpty() || upTo < first || limit <= 0) {
            return List.of();
        }
        TreeSet<Long> lowest = new TreeSet<>();
        for (Numbers numbers : receivers.isEmpty() ? byReceiver.values() : of(byReceiver, receivers)) {
            for (int i = numbers.from(Math.max(first, after + 1) - base); i < numbers.count; i++) {
                long number = base + numbers.numbers[i];
                if (number > upTo || lowest.size() >= limit && number > lowest.last()) {
                    break;
                }
                lowest.add(number);
                if (lowest.size() > limit) {
                    lowest.pollLast();
                }
            }
        }
        List<JournalCodec.Entry> found = new ArrayList<>(lowest.size());
        for (long number : lowest) {
            found.add(entry(number));
        }
        return found;
    }

    private static List<Numbers> of(Map<String, Numbers> all, Collection<String> names) {
        List<Numbers> found = new ArrayList<>();
        for (String name : names) {
            Numbers numbers = all.get(name);
            if (numbers != null) {
                found.add(numbers);
            }
        }
        return found;
    }

    /** The messages and receipts with this uuid, in their order. */
    List<JournalCodec.Entry> withUuid(String uuid) throws SQLException {
        if (isEmpty()) {
            return List.of();
        }
        int hash = hash(uuid);
        List<JournalCodec.Entry> found = new ArrayList<>();
        int end = (int) Math.min(last - base + 1, uuids.length);
        for (int i = (int) (first - base); i < end; i++) {
            if (uuids[i] == hash) {
                JournalCodec.Entry entry = entry(base + i);
                if (entry.uuid().equals(uuid)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    /** The names of all conversations, perhaps also of some that are in the tables by now. */
    Set<String> conversations() {
        return isEmpty() ? Set.of() : byConversation.keySet();
    }

    /** The newest message of a conversation. */
    Optional<JournalCodec.Entry> newest(String conversation) throws SQLException {
        Backwards messages = backwards(Set.of(conversation), Long.MAX_VALUE);
        return messages.next() ? Optional.of(messages.entry()) : Optional.empty();
    }

    /** The messages of some conversations before a sequence number, the newest first. */
    Backwards backwards(Set<String> conversations, long before) {
        return new Backwards(isEmpty() ? List.of() : of(byConversation, conversations), before);
    }

    /** Goes through messages, the newest first. */
    final class Backwards {
        private final List<Numbers> lists;
        private final int[] next;
        private JournalCodec.Entry current;

        private Backwards(List<Numbers> lists, long before) {
            this.lists = lists;
            this.next = new int[lists.size()];
            for (int i = 0; i < next.length; i++) {
                next[i] = lists.get(i).from(before - base) - 1;
            }
        }

        /** Goes to the next one; false if there is none. */
        boolean next() throws SQLException {
            int best = -1;
            long number = first - 1;
            for (int i = 0; i < next.length; i++) {
                if (next[i] >= 0 && base + lists.get(i).numbers[next[i]] > number) {
                    best = i;
                    number = base + lists.get(i).numbers[next[i]];
                }
            }
            if (best < 0) {
                return false;
            }
            next[best]--;
            current = JournalTail.this.entry(number);
            return true;
        }

        JournalCodec.Entry entry() {
            return current;
        }
    }
}
