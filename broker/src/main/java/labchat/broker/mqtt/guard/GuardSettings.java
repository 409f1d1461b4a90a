package labchat.broker.mqtt.guard;

import java.time.Duration;
import labchat.broker.config.Limits;
import labchat.broker.config.WebSocketOrigins;

/**
 * How the guard behaves.
 *
 * @param live what clients may take, as it is now
 * @param connectTimeout from accept to CONNECT
 * @param maxPacketSize the largest packet accepted, in bytes
 * @param maxUnacknowledged how many publishes of one connection may wait for their acknowledgement before it is no
 *     longer read from
 * @param sendWindow how many publishes may be sent to one connection without its acknowledgement
 * @param unsentBytes how much may lie in Netty's buffer for one connection before deliveries wait in our queue
 * @param origins which pages may open a WebSocket
 * @param moquetteWritableBytes Netty's high water mark, beyond which Moquette drops packets
 */
public record GuardSettings(
        LiveLimits live,
        Duration connectTimeout,
        int maxPacketSize,
        int maxUnacknowledged,
        int sendWindow,
        int unsentBytes,
        WebSocketOrigins origins,
        int moquetteWritableBytes) {

    /** The settings that staff may choose; the others are as they were found to work best. */
    public static GuardSettings of(LiveLimits live, Duration connectTimeout, int maxPacketSize) {
        return new GuardSettings(
                live, connectTimeout, maxPacketSize, 20, 128, 128 * 1024, WebSocketOrigins.SAME_HOST, 1024 * 1024);
    }

    /** What clients may take, at this moment. */
    public Limits limits() {
        return live.get();
    }

    /** The same, but for who may open a WebSocket. */
    public GuardSettings withOrigins(WebSocketOrigins others) {
        return new GuardSettings(
                live,
                connectTimeout,
                maxPacketSize,
                maxUnacknowledged,
                sendWindow,
                unsentBytes,
                others,
                moquetteWritableBytes);
    }
}
