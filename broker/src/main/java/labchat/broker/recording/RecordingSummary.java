package labchat.broker.recording;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import labchat.broker.event.ChatFields;

/**
 * What is in a recording.
 *
 * @param millis how long it is
 * @param publishes how many publishes are in it
 * @param users whose clients were connected, by pseudonym
 * @param pairs who wrote to whom, those with most messages first
 */
public record RecordingSummary(long millis, long publishes, List<String> users, List<Pair> pairs) {

    /** Two users, in alphabetical order, and how many messages there were between them, both ways. */
    public record Pair(String one, String other, long messages) {}

    public RecordingSummary {
        users = List.copyOf(users);
        pairs = List.copyOf(pairs);
    }

    /**
     * Reads the rest of the recording.
     *
     * @throws RecordingException with file and line
     */
    public static RecordingSummary of(Recording recording) throws RecordingException {
        long millis = 0;
        long publishes = 0;
        Set<String> users = new TreeSet<>();
        Map<List<String>, Long> messages = new HashMap<>();
        for (Optional<Recording.Entry> next = recording.next(); next.isPresent(); next = recording.next()) {
            Recording.Entry entry = next.get();
            millis = Math.max(millis, entry.millis());
            entry.packet()
                    .client()
                    .user()
                    .filter(user -> !user.equals(Pseudonyms.SERVER))
                    .ifPresent(users::add);
            if (entry.isPublished()) {
                publishes++;
                ChatFields chat = entry.packet().chat().orElse(null);
                if (chat != null
                        && chat.kind().equals("message")
                        && !chat.sender().equals(chat.receiver())) {
                    List<String> pair = new ArrayList<>(List.of(chat.sender(), chat.receiver()));
                    pair.sort(Comparator.naturalOrder());
                    messages.merge(pair, 1L, Long::sum);
                }
            }
        }
        List<Pair> pairs = messages.entrySet().stream()
                .filter(entry -> users.containsAll(entry.getKey()))
                .map(entry -> new Pair(entry.getKey().get(0), entry.getKey().get(1), entry.getValue()))
                .sorted(Comparator.comparing(Pair::messages)
                        .reversed()
                        .thenComparing(Pair::one)
                        .thenComparing(Pair::other))
                .toList();
        return new RecordingSummary(millis, publishes, new ArrayList<>(users), pairs);
    }
}
