package labchat.broker.config;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pages may open a WebSocket to the broker. A browser says in {@code Origin} whose page it is (RFC 6455, section
 * 10.2); a program that is no browser says nothing, or what it likes.
 *
 * @param any whether every page may
 * @param allowed those that may beside the broker's own, in lower case
 */
public record WebSocketOrigins(boolean any, Set<String> allowed) {

    /** The word for every page. */
    public static final String ANY = "any";

    /** Only pages of the broker's own host. */
    public static final WebSocketOrigins SAME_HOST = new WebSocketOrigins(false, Set.of());

    /** Programs with a browser inside, such as MQTTX, send this; no page out of the net can. */
    private static final String PROGRAM = "file://";

    public WebSocketOrigins {
        allowed = Set.copyOf(allowed);
    }

    /** @param words as they are in the settings; none for the broker's own host */
    public static WebSocketOrigins of(List<String> words) {
        return new WebSocketOrigins(
                words.contains(ANY),
                words.stream()
                        .filter(word -> !word.equals(ANY))
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()));
    }

    /** Whether it may stand in the setting: {@code any}, {@code null}, or scheme and host, a port if there is one, no path. */
    public static boolean isValid(String word) {
        return word.equals(ANY) || word.equals("null") || word.matches("https?://[A-Za-z0-9.\\[\\]:-]+");
    }

    /**
     * Whether a page may. One from the broker's own host may, whatever its port: there is no cookie that it could
     * misuse, it must know the password like everybody.
     *
     * @param origin the header {@code Origin}
     * @param host the header {@code Host}
     */
    public boolean allows(Optional<String> origin, Optional<String> host) {
        Objects.requireNonNull(origin, "origin");
        if (any || origin.isEmpty()) {
            return true;
        }
        String from = origin.get().toLowerCase(Locale.ROOT);
        return from.equals(PROGRAM) || allowed.contains(from) || host.isPresent() && isSameHost(from, host.get());
    }

    private static boolean isSameHost(String origin, String host) {
        try {
            String asked = URI.create("http://" + host).getHost();
            return asked != null && asked.equalsIgnoreCase(URI.create(origin).getHost());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
