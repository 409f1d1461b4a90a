package labchat.client.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import labchat.client.session.SessionFailure;

/** A connection whose server is the test. */
final class FakeLink implements MqttLink {

    /** One publish that the session made. */
    record Published(String topic, int qos, String payload, CompletableFuture<Void> answer) {}

    /** One request that the session made. */
    record Requested(
            String topic,
            String payload,
            String answerTopic,
            String correlation,
            CompletableFuture<Void> acknowledgement) {}

    final Listener listener;
    final CompletableFuture<Void> connected = new CompletableFuture<>();
    final List<String> subscribed = new CopyOnWriteArrayList<>();
    final List<Published> published = new CopyOnWriteArrayList<>();
    final List<Requested> requested = new CopyOnWriteArrayList<>();
    final List<String> goodbyes = new CopyOnWriteArrayList<>();
    final List<String> roundTrips = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> heldAnswer = new CompletableFuture<>();
    volatile String refusedFilter = "";
    /** Answered with {@link #heldAnswer} only. */
    volatile String heldFilter = "";

    FakeLink(Listener listener) {
        this.listener = listener;
    }

    List<String> uuids() {
        List<String> uuids = new ArrayList<>();
        published.forEach(p -> uuids.add(p.payload().replaceAll(".*\"uuid\":\"([^\"]*)\".*", "$1")));
        return uuids;
    }

    @Override
    public CompletableFuture<Void> connect() {
        return connected;
    }

    @Override
    public CompletableFuture<Void> subscribe(String filter, int qos) {
        subscribed.add(filter);
        if (filter.equals(heldFilter)) {
            return heldAnswer;
        }
        return filter.equals(refusedFilter)
                ? CompletableFuture.failedFuture(new LinkException(SessionFailure.Kind.NOT_AUTHORISED, "refused", null))
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> unsubscribe(String filter) {
        subscribed.add("not " + filter);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> request(String topic, byte[] payload, String answerTopic, String correlation) {
        CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
        requested.add(new Requested(topic, new String(payload, UTF_8), answerTopic, correlation, acknowledgement));
        return acknowledgement;
    }

    @Override
    public CompletableFuture<Void> publish(String topic, int qos, byte[] payload) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        published.add(new Published(topic, qos, new String(payload, UTF_8), answer));
        return answer;
    }

    @Override
    public CompletableFuture<Void> roundTrip() {
        roundTrips.add("round trip");
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        goodbyes.add("goodbye");
        return CompletableFuture.completedFuture(null);
    }
}
