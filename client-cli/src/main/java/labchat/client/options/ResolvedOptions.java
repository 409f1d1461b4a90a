package labchat.client.options;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import labchat.client.session.ConnectSettings;
import labchat.protocol.identity.ChatId;

/**
 * The shared options after all sources were put together.
 *
 * @param contacts whom the configuration file lists; empty if it lists nobody
 * @param keeper writes a changed preference into the configuration file
 * @param wire whether packets are to be shown
 */
public record ResolvedOptions(
        ConnectSettings connection,
        Optional<List<ChatId>> contacts,
        ColorMode color,
        Preferences preferences,
        Preferences.Keeper keeper,
        boolean wire) {

    public ResolvedOptions {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(color, "color");
        Objects.requireNonNull(preferences, "preferences");
        Objects.requireNonNull(keeper, "keeper");
        contacts = contacts.map(List::copyOf);
    }
}
