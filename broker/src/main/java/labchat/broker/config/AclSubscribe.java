package labchat.broker.config;

/** When the right to read is decided. */
public enum AclSubscribe {
    /** At SUBSCRIBE: a filter is granted only if all that it can match may be read. */
    STRICT,
    /** At each delivery: every SUBSCRIBE is granted, as Mosquitto does. */
    MOSQUITTO
}
