package labchat.broker.config;

/** What happens to a chat publish that breaks the protocol. */
public enum ValidationMode {
    /** It is not delivered, and explained to its author. */
    ENFORCE,
    /** It is delivered, and explained to its author. */
    WARN,
    /** It is not looked at. */
    OFF
}
