package labchat.client.mqtt;

import java.util.concurrent.CompletableFuture;

/**
 * One connection to the server, of either version of MQTT, from CONNECT to its end. Futures fail with a
 * {@link LinkException} and complete on any thread.
 */
interface MqttLink {

    /** Hears what happens on a connection, on any thread. */
    interface Listener {

        /** A publish has come. */
        void arrived(String topic, int qos, byte[] payload);

        /** The connection, once made, is gone; not called after {@link MqttLink#disconnect}. */
        void lost(String reason);
    }

    /** Makes one connection. */
    @FunctionalInterface
    interface Factory {
        MqttLink create(Listener listener);
    }

    CompletableFuture<Void> connect();

    CompletableFuture<Void> subscribe(String filter, int qos);

    CompletableFuture<Void> publish(String topic, int qos, byte[] payload);

    /** Completes when all that the server had sent before has arrived. */
    CompletableFuture<Void> roundTrip();

    CompletableFuture<Void> disconnect();
}
