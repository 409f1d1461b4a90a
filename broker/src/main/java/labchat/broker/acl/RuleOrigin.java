package labchat.broker.acl;

import java.util.Objects;

/**
 * Where a rule stands.
 *
 * @param file the file's name as it was given
 * @param line from 1
 * @param text the rule as written, such as {@code pattern read ttm4175/chat/%u/#}
 */
public record RuleOrigin(String file, int line, String text) {

    public RuleOrigin {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(text, "text");
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
