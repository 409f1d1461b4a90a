package labchat.protocol.topic;

import java.util.Objects;
import java.util.Set;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.Notice;
import labchat.protocol.event.Presence;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.StepsRequest;
import labchat.protocol.identity.ChatId;

/**
 * A topic of the form {@code ROOT/<id>/<level>} on which the server publishes, or takes requests if the id is its own.
 *
 * @param id whose tree it is in
 * @param level one of {@link #LEVELS}
 */
public record ServerTopic(ChatId id, String level) {

    /** On which the server takes what a practice partner has found out about a user; it has no answer. */
    public static final String CHECKLIST = "checklist";

    /** The last levels that are the server's; none ends in the name of one of the four kinds. */
    public static final Set<String> LEVELS = Set.of(
            Presence.LEVEL,
            Diagnostic.LEVEL,
            HistoryRequest.LEVEL,
            RoomsRequest.LEVEL,
            StepsRequest.LEVEL,
            Notice.LEVEL,
            CHECKLIST);

    public ServerTopic {
        Objects.requireNonNull(id, "id");
        if (!LEVELS.contains(level)) {
            throw new IllegalArgumentException("\"%s\" is none of the server's levels".formatted(level));
        }
    }

    /** Whether it takes requests, rather than bringing what the server publishes. */
    public boolean isRequest() {
        return id.equals(ChatId.SERVER);
    }
}
