package labchat.broker.event;

/**
 * What the broker has counted since it was started, and what it has at the moment. The parts are read one after the
 * other while connections go on, so they fit together only roughly.
 *
 * @param sockets connections that were accepted, whatever came of them
 * @param connects CONNECT packets
 * @param clients clients that are logged in now
 * @param sessionsAway durable sessions without a client now
 * @param sessionsExpired durable sessions that were forgotten because nobody took them up again in time
 * @param packetsReceived MQTT packets of all types
 * @param packetsSent likewise
 * @param bytesReceived bytes of MQTT packets: without TLS, and without the frames of WebSocket
 * @param bytesSent likewise
 * @param publishesReceived PUBLISH packets from clients, refused ones too
 * @param publishesSent PUBLISH packets to clients
 * @param publishBytesReceived their payloads, in bytes
 * @param publishBytesSent likewise
 * @param publishesDropped publishes that a subscriber should have had, and that are kept for nobody: expired, too large
 *     for the client, or not sent yet when its connection ended
 * @param subscriptions subscriptions of connected clients
 * @param retained retained messages, but for those of {@code $SYS}
 * @param waitingPublishes publishes that wait because a client does not take them as fast as they come
 * @param waitingBytes their size, in bytes
 * @param waitingTasks what waits for the threads that serve connections
 */
public record BrokerCounts(
        long sockets,
        long connects,
        long clients,
        long sessionsAway,
        long sessionsExpired,
        long packetsReceived,
        long packetsSent,
        long bytesReceived,
        long bytesSent,
        long publishesReceived,
        long publishesSent,
        long publishBytesReceived,
        long publishBytesSent,
        long publishesDropped,
        long subscriptions,
        long retained,
        long waitingPublishes,
        long waitingBytes,
        long waitingTasks) {}
