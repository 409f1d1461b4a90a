package labchat.client.ui;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import labchat.protocol.identity.ChatId;

/**
 * Somebody to talk to.
 *
 * @param online whether connected, if the server says so
 * @param since when that began; empty if not known or never connected
 * @param heard whether something came from there since the client started
 */
public record Contact(ChatId id, Optional<Boolean> online, Optional<Instant> since, boolean heard) {

    /** By name, numbers in names by their value: team2a before team10a. */
    public static final Comparator<ChatId> ORDER =
            Comparator.comparing(Contact::numbersPadded).thenComparing(Comparator.naturalOrder());

    /** The same for contacts. */
    public static final Comparator<Contact> BY_NAME = Comparator.comparing(Contact::id, ORDER);

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    public Contact {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(online, "online");
        Objects.requireNonNull(since, "since");
    }

    private static String numbersPadded(ChatId id) {
        return NUMBER.matcher(id.value())
                .replaceAll(
                        number -> "0".repeat(ChatId.MAX_LENGTH - number.group().length()) + number.group());
    }
}
