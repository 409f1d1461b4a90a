package labchat.broker.config;

/** Who may make an account for themselves. */
public enum SignUp {
    /** Nobody: staff make the accounts. */
    OFF,
    /** Whoever knows the class's code. */
    CODE,
    /** Everybody who reaches the broker. */
    OPEN
}
