package labchat.client.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.MqttClientStateException;
import com.hivemq.client.mqtt.exceptions.MqttSessionExpiredException;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.Mqtt5ReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import labchat.client.session.ConnectSettings;
import labchat.client.session.MqttVersion;
import labchat.client.session.SessionFailure;
import labchat.client.tls.ClientTls;

/** Makes connections with HiveMQ's client, of version 5 or 3.1.1, always as a clean session. */
final class HiveMqLinks implements MqttLink.Factory {

    /** How long a connection may take to be made, and again how long the answer to CONNECT may take. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final ConnectSettings settings;
    private final String clientId;

    HiveMqLinks(ConnectSettings settings, String clientId) {
        this.settings = settings;
        this.clientId = clientId;
    }

    @Override
    public MqttLink create(MqttLink.Listener listener) {
        AtomicBoolean made = new AtomicBoolean();
        MqttClientBuilder builder = MqttClient.builder()
                .identifier(clientId)
                .transportConfig(MqttClientTransportConfig.builder()
                        .serverHost(settings.host())
                        .serverPort(settings.port())
                        .socketConnectTimeout(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .mqttConnectTimeout(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .sslConfig(settings.tls().map(HiveMqLinks::sslConfig).orElse(null))
                        .build())
                .addConnectedListener(context -> made.set(true))
                .addDisconnectedListener(context -> disconnected(context, made, listener));
        return settings.version() == MqttVersion.V5
                ? new Version5(builder.useMqttVersion5().buildAsync(), settings, listener)
                : new Version3(builder.useMqttVersion3().buildAsync(), settings, listener);
    }

    private static MqttClientSslConfig sslConfig(ClientTls tls) {
        return MqttClientSslConfig.builder()
                .keyManagerFactory(tls.keyManagers())
                // It looks at the host's name too, because the library asks for that.
                .trustManagerFactory(tls.trustManagers())
                .protocols(List.of("TLSv1.3", "TLSv1.2"))
                .handshakeTimeout(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    private static void disconnected(
            MqttClientDisconnectedContext context, AtomicBoolean made, MqttLink.Listener listener) {
        if (made.get() && context.getSource() != MqttDisconnectSource.USER) {
            listener.lost(ConnectErrors.lost(context.getCause()));
        }
    }

    /** Turns the library's failure of a request into ours. */
    private static LinkException failure(Throwable thrown, String what) {
        Throwable cause = ConnectErrors.unwrap(thrown);
        if (cause instanceof Mqtt5PubAckException refused) {
            return refused(
                    what,
                    refused.getMqttMessage().getReasonCode(),
                    refused.getMqttMessage().getReasonString().map(Object::toString),
                    cause);
        }
        if (cause instanceof Mqtt5PubRecException refused) {
            return refused(
                    what,
                    refused.getMqttMessage().getReasonCode(),
                    refused.getMqttMessage().getReasonString().map(Object::toString),
                    cause);
        }
        if (cause instanceof Mqtt5SubAckException refused) {
            return refused(
                    what,
                    refused.getMqttMessage().getReasonCodes().get(0),
                    refused.getMqttMessage().getReasonString().map(Object::toString),
                    cause);
        }
        if (cause instanceof NobodyThere) {
            return new LinkException(SessionFailure.Kind.OTHER, "nobody takes %s".formatted(what), cause);
        }
        if (cause instanceof Mqtt3SubAckException) {
            return new LinkException(
                    SessionFailure.Kind.NOT_AUTHORISED, "the server refuses %s".formatted(what), cause);
        }
        if (cause instanceof ConnectionClosedException
                || cause instanceof MqttSessionExpiredException
                || cause instanceof MqttClientStateException) {
            return LinkException.connectionLost(cause);
        }
        return new LinkException(SessionFailure.Kind.OTHER, "%s failed: %s".formatted(what, cause.getMessage()), cause);
    }

    private static LinkException refused(String what, Mqtt5ReasonCode code, Optional<String> reason, Throwable cause) {
        SessionFailure.Kind kind =
                code.getCode() == 0x87 ? SessionFailure.Kind.NOT_AUTHORISED : SessionFailure.Kind.REFUSED;
        return new LinkException(
                kind,
                "the server refuses %s: %s".formatted(what, reason.orElse(ConnectErrors.words(code.toString()))),
                cause);
    }

    private static CompletableFuture<Void> translated(CompletionStage<?> stage, String what) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        stage.whenComplete((value, thrown) -> {
            if (thrown == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(failure(thrown, what));
            }
        });
        return result;
    }

    private static CompletableFuture<Void> connecting(CompletionStage<?> stage, ConnectSettings settings) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        stage.whenComplete((value, thrown) -> {
            if (thrown == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(ConnectErrors.of(thrown, settings));
            }
        });
        return result;
    }

    private static MqttQos qos(int level) {
        return switch (level) {
            case 0 -> MqttQos.AT_MOST_ONCE;
            case 1 -> MqttQos.AT_LEAST_ONCE;
            default -> MqttQos.EXACTLY_ONCE;
        };
    }

    /** A filter that nothing is published to; an UNSUBSCRIBE for it is answered after all that came before. */
    private static String unused(ConnectSettings settings) {
        return settings.topics().topic(settings.user(), "none");
    }

    private static String ascii(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString();
    }

    private static int keepAliveSeconds(ConnectSettings settings) {
        return Math.toIntExact(settings.keepAlive().toSeconds());
    }

    /** A request was acknowledged, but passed on to nobody. */
    private static final class NobodyThere extends Exception {

        private static final long serialVersionUID = 1L;
    }

    /** MQTT 5. */
    private record Version5(Mqtt5AsyncClient client, ConnectSettings settings, Listener listener) implements MqttLink {

        @Override
        public CompletableFuture<Void> connect() {
            // On the library's own thread, so that a publish is handed on before the answer that follows it.
            client.publishes(
                    MqttGlobalPublishFilter.ALL,
                    publish -> listener.arrived(
                            publish.getTopic().toString(),
                            publish.getQos().getCode(),
                            publish.getPayloadAsBytes(),
                            publish.getCorrelationData().map(HiveMqLinks::ascii)),
                    Runnable::run);
            return connecting(
                    client.connectWith()
                            .cleanStart(true)
                            .sessionExpiryInterval(0)
                            .keepAlive(keepAliveSeconds(settings))
                            .simpleAuth()
                            .username(settings.user().value())
                            .password(settings.password().utf8())
                            .applySimpleAuth()
                            .send(),
                    settings);
        }

        @Override
        public CompletableFuture<Void> subscribe(String filter, int qos) {
            return translated(
                    client.subscribeWith().topicFilter(filter).qos(qos(qos)).send(), "the subscription to " + filter);
        }

        @Override
        public CompletableFuture<Void> unsubscribe(String filter) {
            return translated(client.unsubscribeWith().topicFilter(filter).send(), "the end of a subscription");
        }

        @Override
        public CompletableFuture<Void> publish(String topic, int qos, byte[] payload) {
            return translated(
                    client.publishWith()
                            .topic(topic)
                            .qos(qos(qos))
                            .payload(payload)
                            .send()
                            .thenCompose(result -> result.getError()
                                    .map(CompletableFuture::<Void>failedFuture)
                                    .orElseGet(() -> CompletableFuture.completedFuture(null))),
                    "what was published to " + topic);
        }

        @Override
        public CompletableFuture<Void> request(String topic, byte[] payload, String answerTopic, String correlation) {
            return translated(
                    client.publishWith()
                            .topic(topic)
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .payload(payload)
                            .responseTopic(answerTopic)
                            .correlationData(correlation.getBytes(StandardCharsets.US_ASCII))
                            .send()
                            .thenCompose(Version5::takenBySomebody),
                    "the request to " + topic);
        }

        /** A server that takes no requests itself says whether it has passed one on to anybody. */
        private static CompletableFuture<Void> takenBySomebody(Mqtt5PublishResult result) {
            if (result instanceof Mqtt5PublishResult.Mqtt5Qos1Result acknowledged
                    && acknowledged.getPubAck().getReasonCode() == Mqtt5PubAckReasonCode.NO_MATCHING_SUBSCRIBERS) {
                return CompletableFuture.failedFuture(new NobodyThere());
            }
            return result.getError()
                    .map(CompletableFuture::<Void>failedFuture)
                    .orElseGet(() -> CompletableFuture.completedFuture(null));
        }

        @Override
        public CompletableFuture<Void> roundTrip() {
            return translated(
                    client.unsubscribeWith().topicFilter(unused(settings)).send(), "a request");
        }

        @Override
        public CompletableFuture<Void> disconnect() {
            return translated(client.disconnect(), "the goodbye");
        }
    }

    /** MQTT 3.1.1. */
    private record Version3(Mqtt3AsyncClient client, ConnectSettings settings, Listener listener) implements MqttLink {

        @Override
        public CompletableFuture<Void> connect() {
            client.publishes(
                    MqttGlobalPublishFilter.ALL,
                    publish -> listener.arrived(
                            publish.getTopic().toString(),
                            publish.getQos().getCode(),
                            publish.getPayloadAsBytes(),
                            Optional.empty()),
                    Runnable::run);
            return connecting(
                    client.connectWith()
                            .cleanSession(true)
                            .keepAlive(keepAliveSeconds(settings))
                            .simpleAuth()
                            .username(settings.user().value())
                            .password(settings.password().utf8())
                            .applySimpleAuth()
                            .send(),
                    settings);
        }

        @Override
        public CompletableFuture<Void> subscribe(String filter, int qos) {
            return translated(
                    client.subscribeWith().topicFilter(filter).qos(qos(qos)).send(), "the subscription to " + filter);
        }

        @Override
        public CompletableFuture<Void> unsubscribe(String filter) {
            return translated(client.unsubscribeWith().topicFilter(filter).send(), "the end of a subscription");
        }

        @Override
        public CompletableFuture<Void> publish(String topic, int qos, byte[] payload) {
            return translated(
                    client.publishWith()
                            .topic(topic)
                            .qos(qos(qos))
                            .payload(payload)
                            .send(),
                    "what was published to " + topic);
        }

        @Override
        public CompletableFuture<Void> request(String topic, byte[] payload, String answerTopic, String correlation) {
            return translated(
                    client.publishWith()
                            .topic(topic)
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .payload(payload)
                            .send(),
                    "the request to " + topic);
        }

        @Override
        public CompletableFuture<Void> roundTrip() {
            return translated(
                    client.unsubscribeWith().topicFilter(unused(settings)).send(), "a request");
        }

        @Override
        public CompletableFuture<Void> disconnect() {
            return translated(client.disconnect(), "the goodbye");
        }
    }
}
