package labchat.broker.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import labchat.broker.store.HistoryStore.Page;
import labchat.broker.store.HistoryStore.Query;
import labchat.protocol.codec.HistoryCodec;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;

/**
 * How long pages, searches and start pages take in a large store: run by hand, its figures are in docs/performance.md.
 * Arguments: a file, which is made if it is missing, and how many messages. Every message has the word {@code alle}.
 */
final class HistoryMeasurement {

    private static final int ROUNDS = 100;
    private static final JournalTail EMPTY = new JournalTail(Path.of(""));
    private static final List<String> USERS = new ArrayList<>();
    private static final List<String> ROOMS = List.of("lobby", "group_1", "group_2");

    static {
        for (int i = 1; i <= 12; i++) {
            USERS.add("team" + i + "a");
            USERS.add("team" + i + "b");
        }
        for (int i = 1; i <= 36; i++) {
            USERS.add("x" + i);
        }
    }

    private HistoryMeasurement() {}

    /** What is measured. */
    private interface Step {
        Page run(Connection connection) throws SQLException;
    }

    public static void main(String[] args) throws SQLException {
        Path file = Path.of(args[0]);
        if (!Files.exists(file)) {
            long start = System.nanoTime();
            fill(file, Integer.parseInt(args[1]));
            System.out.printf("filled in %d s%n", (System.nanoTime() - start) / 1_000_000_000);
        }
        try (Connection connection = Database.openReader(file)) {
            measure(connection);
        }
    }

    private static void fill(Path file, int messages) throws SQLException {
        Random random = new Random(5);
        try (HistoryRows rows = new HistoryRows(file)) {
            rows.execute("PRAGMA synchronous = OFF");
            rows.execute("BEGIN");
            for (int i = 0; i < messages; i++) {
                StringBuilder text = new StringBuilder("alle");
                for (int word = 0; word < 8; word++) {
                    text.append(random.nextInt(10) < 7 ? " ofte" + random.nextInt(20) : " ord" + random.nextInt(5_000));
                }
                String uuid = "%032x".formatted(i);
                String sender = USERS.get(random.nextInt(USERS.size()));
                if (random.nextInt(5) == 0) {
                    rows.roomMessage(sender, ROOMS.get(random.nextInt(ROOMS.size())), uuid, text.toString());
                } else {
                    String receiver = USERS.get(random.nextInt(USERS.size()));
                    rows.message(sender, receiver, uuid, text.toString());
                    rows.receipt("delivered", receiver, sender, uuid, null);
                    rows.receipt("read", receiver, sender, uuid, null);
                }
                if (i % 10_000 == 9_999) {
                    rows.execute("COMMIT");
                    rows.execute("BEGIN");
                }
            }
            rows.execute("COMMIT");
        }
    }

    private static void measure(Connection connection) throws SQLException {
        Page newest = SqliteHistory.page(connection, EMPTY, query("team1a", "team2a", false, null, null));
        String middle = newest.messages().get(0).message().uuid().value();
        time(
                "page of a conversation",
                connection,
                c -> SqliteHistory.page(c, EMPTY, query("team1a", "team2a", false, null, null)));
        time(
                "page before a message",
                connection,
                c -> SqliteHistory.page(c, EMPTY, query("team1a", "team2a", false, middle, null)));
        time(
                "page of the lobby",
                connection,
                c -> SqliteHistory.page(c, EMPTY, query("team1a", "lobby", true, null, null)));
        time(
                "start page",
                connection,
                c -> SqliteHistory.newestOfEach(c, EMPTY, query("team1a", null, false, null, null)));
        time(
                "start page of a user without messages",
                connection,
                c -> SqliteHistory.newestOfEach(c, EMPTY, query("nobody", null, false, null, null)));
        for (String words : List.of("alle", "ofte1 ofte2", "ord77", "alle ord77", "finnesikke", "ofte1-alle", "ord*")) {
            time(
                    "search in a conversation: " + words,
                    connection,
                    c -> SqliteHistory.page(c, EMPTY, query("team1a", "team2a", false, null, words)));
            time(
                    "search everywhere: " + words,
                    connection,
                    c -> SqliteHistory.page(c, EMPTY, query("team1a", null, false, null, words)));
        }
        time(
                "search of a user without messages: alle",
                connection,
                c -> SqliteHistory.page(c, EMPTY, query("nobody", "team1a", false, null, "alle")));
    }

    private static Query query(String reader, String with, boolean room, String before, String search) {
        return new Query(
                new ChatId(reader),
                Optional.ofNullable(with).map(ChatId::new),
                room,
                with == null && reader.startsWith("team")
                        ? ROOMS.stream().map(ChatId::new).collect(Collectors.toSet())
                        : Set.of(),
                Optional.ofNullable(before).map(MessageUuid::new),
                Optional.empty(),
                Optional.ofNullable(search),
                50);
    }

    /** With the encoding of the answer. */
    private static void time(String what, Connection connection, Step step) throws SQLException {
        long[] nanos = new long[ROUNDS];
        int bytes = 0;
        int messages = 0;
        long first = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            Page page = step.run(connection);
            bytes = HistoryCodec.encode(
                            new HistoryAnswer(
                                    new ChatId("team1a"),
                                    Optional.empty(),
                                    page.messages(),
                                    page.more(),
                                    Optional.empty()),
                            128 * 1_024)
                    .length;
            nanos[i] = System.nanoTime() - start;
            messages = page.messages().size();
            first = first == 0 ? nanos[i] : first;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%-45s %3d messages %6d bytes, median %7.2f ms, 99 %% %7.2f ms, first %7.2f ms%n",
                what, messages, bytes, nanos[ROUNDS / 2] / 1e6, nanos[ROUNDS * 99 / 100] / 1e6, first / 1e6);
    }
}
