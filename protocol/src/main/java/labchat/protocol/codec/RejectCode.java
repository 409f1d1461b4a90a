package labchat.protocol.codec;

/** Why a payload is none of the protocol's; each with the stable word that diagnostics and logs carry. */
public enum RejectCode {
    NOT_UTF8("not_utf8"),
    INVALID_JSON("invalid_json"),
    NOT_AN_OBJECT("not_an_object"),
    DUPLICATE_KEY("duplicate_key"),
    TOO_DEEP("too_deep"),
    MISSING_FIELD("missing_field"),
    WRONG_TYPE("wrong_type"),
    INVALID_ID("invalid_id"),
    INVALID_UUID("invalid_uuid"),
    EMPTY_TEXT("empty_text"),
    TEXT_TOO_LONG("text_too_long"),
    STATUS_MISMATCH("status_mismatch");

    private final String word;

    RejectCode(String word) {
        this.word = word;
    }

    /** The stable word. */
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }
}
