package labchat.broker.diagnostics;

import java.util.LinkedHashMap;
import java.util.Map;
import labchat.protocol.identity.MessageId;

/** The messages that were passed on of late, so that a receipt for something else is noticed. Used by any thread. */
public final class RecentMessages {

    private static final int REMEMBERED = 100_000;

    private boolean forgotten;
    private final Map<MessageId, Boolean> messages = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MessageId, Boolean> eldest) {
            boolean full = size() > REMEMBERED;
            forgotten |= full;
            return full;
        }
    };

    /** A message was passed on. */
    public synchronized void add(MessageId message) {
        messages.put(message, Boolean.TRUE);
    }

    /** Whether it is certain that no such message was passed on since the broker started. */
    public synchronized boolean neverSaw(MessageId message) {
        return !forgotten && !messages.containsKey(message);
    }
}
