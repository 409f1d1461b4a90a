package labchat.client.session;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import labchat.protocol.identity.ChatId;

/** The ids of the lab's class: team1a, team1b to team12a, team12b, and x1 to x6. */
public final class LabClass {

    private static final List<ChatId> IDS = Stream.concat(
                    IntStream.rangeClosed(1, 12).boxed().flatMap(n -> Stream.of("team" + n + "a", "team" + n + "b")),
                    IntStream.rangeClosed(1, 6).mapToObj(n -> "x" + n))
            .map(ChatId::new)
            .toList();

    private LabClass() {}

    /** All but one. */
    public static List<ChatId> without(ChatId id) {
        return IDS.stream().filter(other -> !other.equals(id)).toList();
    }
}
