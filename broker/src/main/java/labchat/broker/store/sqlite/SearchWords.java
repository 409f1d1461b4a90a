package labchat.broker.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;

/**
 * Makes a full-text query (SQLite's FTS5) of what people type: every word must occur, in any order; case and accents do not
 * matter, because the index was made without them. A word with punctuation inside, such as {@code well-known}, must occur as
 * it stands; the last one, if it ends in {@code *} and has at least {@value #SHORTEST_BEGINNING} letters, is a word's
 * beginning. What has no letter and no digit is ignored. Nothing that is typed means anything else, whatever FTS5's own syntax would make
 * of it.
 */
final class SearchWords {

    /**
     * Of fewer letters there are too many words that begin with them; and more than one such beginning would take too long.
     */
    private static final int SHORTEST_BEGINNING = 3;

    private SearchWords() {}

    /**
     * The query.
     *
     * @param search what was typed
     * @param conversations of which conversations any must be the message's; empty for all. It is a first sieve only: ids
     *     that differ in case or punctuation look the same to the index.
     * @return empty if no word is left
     */
    static Optional<String> query(String search, List<String> conversations) {
        // The same word twice asks for nothing more.
        Set<String> words = new LinkedHashSet<>();
        List<String> typed = List.of(search.strip().split("\\s+"));
        for (int i = 0; i < typed.size(); i++) {
            String phrase = phrase(typed.get(i));
            if (!phrase.isEmpty()) {
                boolean beginning = i == typed.size() - 1
                        && typed.get(i).endsWith("*")
                        && phrase.codePointCount(0, phrase.length()) >= SHORTEST_BEGINNING;
                words.add("\"" + phrase + "\"" + (beginning ? "*" : ""));
            }
        }
        if (words.isEmpty()) {
            return Optional.empty();
        }
        String query = "text : (" + String.join(" AND ", words) + ")";
        List<String> phrases = conversations.stream().map(SearchWords::phrase).toList();
        if (phrases.isEmpty() || phrases.contains("")) {
            // An id of nothing but punctuation is not in the index.
            return Optional.of(query);
        }
        return Optional.of(query + " AND conversation : (\"" + String.join("\" OR \"", phrases) + "\")");
    }

    /**
     * Which of some messages a query finds that the index of words does not have yet: their places in the list, in its
     * order.
     */
    static List<Integer> matching(String query, List<HistoryEntry> messages) throws SQLException {
        if (messages.isEmpty()) {
            return List.of();
        }
        try (Connection memory = Database.openMemory();
                Statement statement = memory.createStatement()) {
            statement.execute("CREATE VIRTUAL TABLE found USING fts5(text, conversation, " + Schema.TOKENS + ")");
            statement.execute("BEGIN");
            try (PreparedStatement insert =
                    memory.prepareStatement("INSERT INTO found (rowid, text, conversation) VALUES (?, ?, ?)")) {
                for (int i = 0; i < messages.size(); i++) {
                    ChatMessage message = messages.get(i).message();
                    insert.setInt(1, i + 1);
                    insert.setString(2, message.text());
                    insert.setString(3, SqliteHistory.conversation(messages.get(i)));
                    insert.executeUpdate();
                }
            }
            List<Integer> found = new ArrayList<>();
            try (PreparedStatement select =
                    memory.prepareStatement("SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid")) {
                select.setString(1, query);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(rows.getInt(1) - 1);
                    }
                }
            }
            return found;
        }
    }

    /** What the index would make of it: letters, digits and marks, all else a space; empty if there are none. */
    private static String phrase(String text) {
        StringBuilder phrase = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isOfWord(c)) {
                phrase.appendCodePoint(c);
            } else if (phrase.length() > 0 && phrase.charAt(phrase.length() - 1) != ' ') {
                phrase.append(' ');
            }
        });
        // A mark alone is no word.
        return phrase.chars().anyMatch(c -> c != ' ') && phrase.codePoints().anyMatch(SearchWords::begins)
                ? phrase.toString().strip()
                : "";
    }

    private static boolean begins(int c) {
        return Character.isLetter(c)
                || switch (Character.getType(c)) {
                    case Character.DECIMAL_DIGIT_NUMBER,
                            Character.LETTER_NUMBER,
                            Character.OTHER_NUMBER,
                            Character.PRIVATE_USE -> true;
                    default -> false;
                };
    }

    private static boolean isOfWord(int c) {
        int type = Character.getType(c);
        return begins(c) || type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}
