package labchat.client.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import labchat.client.session.ConnectSettings;
import labchat.client.session.MqttVersion;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;

/** Publishes payloads as they are, over a connection of its own, and says which of them the server has refused. */
public final class RawPublisher {

    private RawPublisher() {}

    /**
     * What to publish, at QoS 1.
     *
     * @param payload in UTF-8
     */
    public record Publish(String topic, String payload) {
        public Publish {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(payload, "payload");
        }
    }

    /**
     * Connects with MQTT 5, whose acknowledgements tell of a refusal, publishes in this order, and leaves. Returns at
     * once.
     *
     * @return for each whether the server has taken it; fails with a {@link SessionException} if there is no connection,
     *     or it broke
     */
    public static CompletableFuture<List<Boolean>> publish(ConnectSettings settings, List<Publish> publishes) {
        ConnectSettings version5 = new ConnectSettings(
                settings.host(),
                settings.port(),
                settings.user(),
                settings.password(),
                MqttVersion.V5,
                settings.qos(),
                settings.keepAlive(),
                settings.topics(),
                settings.tls());
        String clientId = "labchat-raw-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        MqttLink link = new HiveMqLinks(version5, clientId, Optional.empty()).create(new Deaf());
        return link.connect()
                .thenCompose(connected -> publish(link, publishes))
                .whenComplete((taken, thrown) -> link.disconnect())
                .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(new SessionException(new SessionFailure(
                        SessionFailure.Kind.OTHER, ConnectErrors.unwrap(thrown).getMessage()))));
    }

    private static CompletableFuture<List<Boolean>> publish(MqttLink link, List<Publish> publishes) {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (Publish one : publishes) {
            answers.add(link.publish(one.topic(), 1, one.payload().getBytes(StandardCharsets.UTF_8))
                    .handle((nothing, thrown) -> thrown == null
                            ? CompletableFuture.completedFuture(true)
                            : isRefusal(thrown)
                                    ? CompletableFuture.completedFuture(false)
                                    : CompletableFuture.<Boolean>failedFuture(thrown))
                    .thenCompose(answer -> answer));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(
                        nothing -> answers.stream().map(CompletableFuture::join).toList());
    }

    private static boolean isRefusal(Throwable thrown) {
        return ConnectErrors.unwrap(thrown) instanceof LinkException failure
                && (failure.kind() == SessionFailure.Kind.REFUSED
                        || failure.kind() == SessionFailure.Kind.NOT_AUTHORISED);
    }

    /** It subscribes to nothing, and a lost connection shows in what it waits for. */
    private static final class Deaf implements MqttLink.Listener {
        @Override
        public void arrived(String topic, int qos, byte[] payload, Optional<String> correlation) {}

        @Override
        public void lost(String reason) {}
    }
}
