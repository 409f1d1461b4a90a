package labchat.client.practice;

/** A line of the checklist. */
public enum Check {
    CONNECTED("connected", "connected"),
    SUBSCRIBED("subscribed", "subscribed to all kinds"),
    MESSAGE_SENT("message_sent", "message sent"),
    DELIVERED_SENT("delivered_sent", "delivered sent"),
    READ_SENT("read_sent", "read sent"),
    TYPING_PACED("typing_paced", "typing at most every 3 s"),
    SURVIVES("survives_bad_json", "survives bad JSON");

    private final String word;
    private final String title;

    Check(String word, String title) {
        this.word = word;
        this.title = title;
    }

    /** Stable, for programs. */
    public String word() {
        return word;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** How a line of the list stands. */
    public enum State {
        /** Not seen yet, or not all of it. */
        OPEN,
        /** Seen, or told by the team where it cannot be seen. */
        DONE,
        /** Seen, and not as the protocol wants it; the next right one mends that. */
        WRONG
    }
}
