package labchat.protocol.text;

/** Keeps what a client chose, and what is made of it, from filling memory, logs and packets. */
public final class ShortText {

    /** The most characters that are kept. */
    public static final int MAX_LENGTH = 1_000;

    private ShortText() {}

    /** The text, or its beginning and an ellipsis; no character outside the basic plane is cut in two. */
    public static String of(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        int end = MAX_LENGTH - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…";
    }
}
