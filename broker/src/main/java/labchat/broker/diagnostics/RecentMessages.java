package labchat.broker.diagnostics;

import java.util.LinkedHashMap;
import java.util.Map;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.MessageId;

/**
 * The messages that were passed on of late, so that a receipt for something else, and another text under the uuid of an
 * earlier message, are noticed. Used by any thread.
 */
public final class RecentMessages {

    private static final int REMEMBERED = 100_000;

    private boolean forgotten;
    /** Each with a hash of its text. */
    private final Map<MessageId, Integer> messages = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MessageId, Integer> eldest) {
            boolean full = size() > REMEMBERED;
            forgotten |= full;
            return full;
        }
    };

    /**
     * A message is passed on.
     *
     * @return whether a message with another text was passed on under the same id before, which stays the one remembered
     */
    public synchronized boolean add(ChatMessage message) {
        int text = message.text().hashCode();
        Integer before = messages.putIfAbsent(message.id(), text);
        return before != null && before != text;
    }

    /** Whether it is certain that no such message was passed on since the broker started. */
    public synchronized boolean neverSaw(MessageId message) {
        return !forgotten && !messages.containsKey(message);
    }
}
