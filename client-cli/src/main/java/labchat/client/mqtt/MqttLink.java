package labchat.client.mqtt;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One connection to the server, of either version of MQTT, from CONNECT to its end. Futures fail with a
 * {@link LinkException} and complete on any thread.
 */
interface MqttLink {

    /** Hears what happens on a connection, on any thread. */
    interface Listener {

        /**
         * A publish has come.
         *
         * @param correlation the Correlation Data of an answer to a request; empty if there is none
         */
        void arrived(String topic, int qos, byte[] payload, Optional<String> correlation);

        /** The connection, once made, is gone; not called after {@link MqttLink#disconnect}. */
        void lost(String reason);
    }

    /** Makes one connection. */
    @FunctionalInterface
    interface Factory {
        MqttLink create(Listener listener);

        /** No more connections are made. */
        default void close() {}
    }

    CompletableFuture<Void> connect();

    CompletableFuture<Void> subscribe(String filter, int qos);

    CompletableFuture<Void> unsubscribe(String filter);

    CompletableFuture<Void> publish(String topic, int qos, byte[] payload);

    /**
     * Publishes a request, at QoS 1.
     *
     * @param answerTopic where the answer is to come
     * @param correlation comes back with the answer; ASCII, not used by version 3.1.1
     * @return fails, where the server tells, if nobody takes such requests
     */
    CompletableFuture<Void> request(String topic, byte[] payload, String answerTopic, String correlation);

    /** Completes when all that the server had sent before has arrived. */
    CompletableFuture<Void> roundTrip();

    CompletableFuture<Void> disconnect();
}
