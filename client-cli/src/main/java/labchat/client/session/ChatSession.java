package labchat.client.session;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import labchat.protocol.event.ChatEvent;

/**
 * A login at the server that keeps itself alive. After the first connection was made, a lost one is made again with
 * growing pauses, until {@link #close} or until the server refuses the login. May be used by any thread; its listener
 * hears one event at a time, in order, and must not block.
 */
public interface ChatSession {

    /** Begins to connect; returns at once. To be called once. */
    void start();

    /**
     * Publishes, in the order of the calls. What is published without a connection waits for the next one; what the
     * server had not acknowledged when a connection broke is published again with the same uuid. Typing hints are the
     * exception: without a connection they are dropped.
     *
     * @return completes when the server has acknowledged (at QoS 0: when written), or exceptionally with a
     *     {@link SessionException} if it refuses, gives no answer in time, or the session ends first
     */
    CompletableFuture<Void> publish(ChatEvent event);

    /**
     * Asks the server for something. Several requests may wait for their answers at once.
     *
     * @return completes with the answer, or exceptionally with a {@link SessionException} if the server refuses, gives
     *     no answer within 5 s, or there is no connection
     */
    <A> CompletableFuture<A> request(ServerRequest<A> request);

    /**
     * Waits until all that was published has been acknowledged, and all that the server had sent by then has arrived.
     *
     * @param limit how long at most
     * @return how many publishes have still no answer
     */
    int drain(Duration limit) throws InterruptedException;

    /** Where the session stands now. */
    SessionState state();

    /** Says goodbye to the server, for a second at most. No event follows. Further calls do nothing. */
    void close();
}
