package labchat.client.ui;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import labchat.protocol.identity.ChatId;

/** Decides when a key is worth a typing hint: the first to a receiver, then one every 3 s while keys are pressed. */
public final class TypingThrottle {

    /** The shortest time between two hints to one receiver. */
    static final Duration INTERVAL = Duration.ofSeconds(3);

    private Optional<ChatId> receiver = Optional.empty();
    private Instant lastHint = Instant.MIN;

    /** Whether to send a hint for a key pressed now. */
    public boolean key(ChatId to, Instant now) {
        boolean due = !receiver.equals(Optional.of(to)) || !now.isBefore(lastHint.plus(INTERVAL));
        if (due) {
            receiver = Optional.of(to);
            lastHint = now;
        }
        return due;
    }

    /** The line was sent or given up; the next key is a first one again. */
    public void lineEnded() {
        receiver = Optional.empty();
    }
}
