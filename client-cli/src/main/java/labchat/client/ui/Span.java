package labchat.client.ui;

import java.util.Objects;

/**
 * A piece of text and what it is; each interface has its own colours for that.
 *
 * @param text harmless already
 */
public record Span(Kind kind, String text) {

    /** What a piece of text is. */
    public enum Kind {
        PLAIN,
        DIM,
        OUT,
        IN,
        TYPE,
        TOPIC,
        KEY,
        STRING,
        NUMBER,
        WORD,
        FAULT
    }

    public Span {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }
}
