package labchat.broker.config;

import java.time.Duration;

/**
 * What one client, one user, one address and all together may take, so that nobody's mistake hurts another.
 *
 * @param maxConnections of everybody together
 * @param maxUserConnections of one user
 * @param maxAddressConnections from one address
 * @param maxTopicLevels in a topic or filter, at most {@value #TOPIC_LEVELS}
 * @param maxTopicLength of a topic or filter, in bytes of UTF-8, at most {@value #TOPIC_LENGTH}
 * @param maxSubscriptions of one client
 * @param maxPublishRate of one user, publishes per second in the long run; 0 for no limit
 * @param publishBurst how many publishes of one user may come at once before the rate counts
 * @param maxThrottled how long a user may be slowed down without a pause before the connection is closed
 * @param maxQueuedBytes how much may wait for a client that reads or acknowledges too slowly
 * @param maxQueuedTime how long something may wait for it
 * @param packetTimeout from the first byte of a packet to its last
 * @param maxKeepAlive the longest keep-alive; also for clients that ask for none
 * @param loginDelay by how much the answer to a wrong password is delayed from the fourth in a row from one address on;
 *     doubles with each further one, up to ten times this
 * @param maxUserSessions durable sessions of one user whose clients are away
 * @param maxSessionAge how long a durable session is kept after its client has left
 */
public record Limits(
        int maxConnections,
        int maxUserConnections,
        int maxAddressConnections,
        int maxTopicLevels,
        int maxTopicLength,
        int maxSubscriptions,
        int maxPublishRate,
        int publishBurst,
        Duration maxThrottled,
        long maxQueuedBytes,
        Duration maxQueuedTime,
        Duration packetTimeout,
        Duration maxKeepAlive,
        Duration loginDelay,
        int maxUserSessions,
        Duration maxSessionAge) {

    /** The most topic levels that can be set. */
    public static final int TOPIC_LEVELS = 16;

    /** The longest topic that can be set, in bytes. */
    public static final int TOPIC_LENGTH = 256;

    /** What holds unless set: plenty for a lecture of a thousand, little enough for one runaway program. */
    public static final Limits STANDARD = new Limits(
            10_000,
            100,
            2_000,
            TOPIC_LEVELS,
            TOPIC_LENGTH,
            100,
            1_000,
            2_000,
            Duration.ofSeconds(60),
            8L << 20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(300),
            Duration.ofMillis(500),
            100,
            Duration.ofDays(30));
}
