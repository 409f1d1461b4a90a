package labchat.protocol.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class NearestWord {

    private NearestWord() {}

    /**
     * The known word that takes the fewest changes (insert, delete, replace, swap two neighbours) to get from the written
     * one, case aside; empty if none is near: more than a third of its length, or more than three changes.
     */
    public static Optional<String> to(String written, Collection<String> known) {
        String best = null;
        int bestChanges = Integer.MAX_VALUE;
        String from = written.toLowerCase(Locale.ROOT);
        for (String word : known) {
            int limit = Math.min(3, Math.max(1, word.length() / 3));
            if (Math.abs(word.length() - from.length()) > limit) {
                continue;
            }
            String to = word.toLowerCase(Locale.ROOT);
            // Of two equally near ones, the one that was not finished.
            int changes = 2 * changes(from, to) - (to.startsWith(from) ? 1 : 0);
            if (changes <= 2 * limit && changes < bestChanges) {
                best = word;
                bestChanges = changes;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The optimal string alignment distance. */
    private static int changes(String a, String b) {
        int[] beforePrevious = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
                }
            }
            int[] reused = beforePrevious;
            beforePrevious = previous;
            previous = current;
            current = reused;
        }
        return previous[b.length()];
    }
}
