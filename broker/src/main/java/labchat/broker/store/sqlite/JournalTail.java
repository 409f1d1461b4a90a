package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import labchat.protocol.topic.ChatKind;

/**
 * What stands in the journal and not in the tables, as the transaction of one reader's connection sees it: always the
 * newest of all that is kept. Reading both together is as good as waiting until all is in the tables. Knows the place of
 * each publish, up to 30 bytes for one; the publishes themselves stay on disk. Not for several threads.
 */
final class JournalTail {

    /** The row that has a sequence number, or would have it: rows are numbered as their first publish is. */
    static final String ROW =
            "SELECT publishes, last_sequence, id FROM journal WHERE id <= ? AND id > 0 ORDER BY id DESC LIMIT 1";

    private static final String FIRST = "SELECT ifnull(min(id), 0) FROM journal WHERE id > 0";
    private static final String NEW_ROWS = "SELECT last_sequence, publishes FROM journal WHERE id > ? ORDER BY id";

    private static final int LEAST_FORGOTTEN = 10_000;
    private static final int MOST_ROWS_BYTES = 1 << 21;

    /**
     * Which publishes have a uuid, by hashes of it. The receipts for a message are looked up for each that somebody gets
     * who was away, so they are chained; messages are looked through. Numbers as in {@link Numbers}.
     */
    private static final class Uuids {
        private static final int LEAST = 1 << 10;

        /** A longer chain saves memory, and a lookup still takes less than a microsecond. */
        private static final int CHAIN = 4;

        /** Of each number; 0 if there is no such publish. */
        private int[] hashes = new int[LEAST];

        /** The receipts' numbers, rising. */
        private int[] receipts = new int[LEAST];

        private int count;

        /** Of each receipt: 1 more than the index of the one before it in its chain; 0 for none. */
        private int[] previous = new int[LEAST];

        /** Of each chain: 1 more than the index of its newest receipt; 0 for none. */
        private int[] chains = new int[LEAST / CHAIN];

        /** Not 0, and never the same for a message and a receipt. */
        private static int hash(String uuid, boolean isMessage) {
            return (int) BloomFilter.hash("", "", uuid) & -4 | (isMessage ? 1 : 2);
        }

        /** Numbers come rising. */
        void add(int number, String uuid, boolean isMessage) {
            if (number >= hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.max(number + 1, hashes.length + hashes.length / 2));
            }
            hashes[number] = hash(uuid, isMessage);
            if (!isMessage) {
                if (count == receipts.length) {
                    grow(2 * count);
                }
                receipts[count] = number;
                chain(count++);
            }
        }

        private void grow(int length) {
            receipts = Arrays.copyOf(receipts, length);
            previous = new int[length];
            chains = new int[length / CHAIN];
            for (int i = 0; i < count; i++) {
                chain(i);
            }
        }

        private int chainOf(int hash) {
            return hash >>> 2 & chains.length - 1;
        }

        private void chain(int receipt) {
            int chain = chainOf(hashes[receipts[receipt]]);
            previous[receipt] = chains[chain];
            chains[chain] = receipt + 1;
        }

        /** The numbers of receipts from one on that may have this uuid, rising. */
        List<Integer> receipts(String uuid, long from) {
            int hash = hash(uuid, false);
            List<Integer> found = new ArrayList<>();
            for (int next = chains[chainOf(hash)]; next > 0 && receipts[next - 1] >= from; next = previous[next - 1]) {
                if (hashes[receipts[next - 1]] == hash) {
                    found.add(receipts[next - 1]);
                }
            }
            Collections.reverse(found);
            return found;
        }

        /** The same for messages, which takes less than a millisecond for a million. */
        List<Integer> messages(String uuid, long from) {
            int hash = hash(uuid, true);
            List<Integer> found = new ArrayList<>();
            for (int i = (int) from; i < hashes.length; i++) {
                if (hashes[i] == hash) {
                    found.add(i);
                }
            }
            return found;
        }
    }

    /** A row of the journal that was found to be good. */
    private record Row(byte[] publishes, long last) {}

    /** Sequence numbers, rising, less what all have in common. */
    private static final class Numbers {
        private int[] numbers = new int[8];
        private int count;

        void add(int number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, count + count / 2);
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

    private Uuids uuids = new Uuids();

    private Connection connection;

    /** Everything before it is in the tables. */
    private long first;

    /** What is known begins here; all other numbers are counted from it. */
    private long base;

    /** How far the journal is known. */
    private long last;

    /**
     * Rows that were read not long ago, each under its first publish's number: what is next to each other in a row is for
     * many receivers, who often ask one after the other.
     */
    private final TreeMap<Long, Row> rows = new TreeMap<>();

    private final Queue<Long> rowsByAge = new ArrayDeque<>();
    private int rowsBytes;

    /** {@link #ROW} on the connection, which closes it. */
    private PreparedStatement selectRow;

    JournalTail(Path file) {
        this.file = file;
    }

    /** Looks at what is new, on a connection that is in a read transaction. */
    void refresh(Connection reader) throws SQLException {
        if (connection != reader) {
            connection = reader;
            selectRow = reader.prepareStatement(ROW);
        }
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
        uuids = new Uuids();
        last = 0;
        rows.clear();
        rowsByAge.clear();
        rowsBytes = 0;
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
        uuids.add(number, entry.uuid(), entry.kind() == ChatKind.MESSAGE);
    }

    boolean isEmpty() {
        return first == 0;
    }

    /** The publish with this number, which is in the journal. */
    private JournalCodec.Entry entry(long sequence) throws SQLException {
        Map.Entry<Long, Row> known = rows.floorEntry(sequence);
        Row row = known == null || known.getValue().last() < sequence ? readRow(sequence) : known.getValue();
        return JournalCodec.decode(row.publishes(), sequence)
                .orElseThrow(() -> new SQLException("the journal has no publish %d".formatted(sequence)));
    }

    private Row readRow(long sequence) throws SQLException {
        selectRow.setLong(1, sequence);
        try (ResultSet found = selectRow.executeQuery()) {
            if (!found.next()) {
                throw new SQLException("the journal has no row with publish %d".formatted(sequence));
            }
            Row row = new Row(found.getBytes(1), found.getLong(2));
            JournalCodec.check(file, row.publishes());
            long first = found.getLong(3);
            rows.put(first, row);
            rowsByAge.add(first);
            rowsBytes += row.publishes().length;
            while (rowsBytes > MOST_ROWS_BYTES && rows.size() > 1) {
                rowsBytes -= rows.remove(rowsByAge.remove()).publishes().length;
            }
            return row;
        }
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

    /** The messages with this uuid, in their order. */
    List<JournalCodec.Entry> messages(String uuid) throws SQLException {
        return isEmpty() ? List.of() : withUuid(uuid, uuids.messages(uuid, first - base));
    }

    /** The receipts for messages with this uuid, in their order. */
    List<JournalCodec.Entry> receipts(String uuid) throws SQLException {
        return isEmpty() ? List.of() : withUuid(uuid, uuids.receipts(uuid, first - base));
    }

    private List<JournalCodec.Entry> withUuid(String uuid, List<Integer> numbers) throws SQLException {
        List<JournalCodec.Entry> found = new ArrayList<>(numbers.size());
        for (int number : numbers) {
            JournalCodec.Entry entry = entry(base + number);
            if (entry.uuid().equals(uuid)) {
                found.add(entry);
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
