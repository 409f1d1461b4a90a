package labchat.broker.mqtt.guard;

/**
 * Who was cut off.
 *
 * @param connections that were closed
 * @param subscriptions that were ended, of clients that are connected and of sessions that are away
 * @param sessions durable ones that were forgotten
 */
public record Revoked(int connections, int subscriptions, int sessions) {}
