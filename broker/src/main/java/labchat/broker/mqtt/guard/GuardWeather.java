package labchat.broker.mqtt.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.Refusal;
import labchat.broker.weather.Spell;
import labchat.broker.weather.WeatherStation;
import labchat.protocol.codec.DiagnosticCodec;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/** Brings lab weather to the connections of the users that have it, and tells them of it. Any thread. */
final class GuardWeather implements WeatherStation.Sky {

    /** So long nobody answers a login while there is no network. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final Guard guard;
    private final WeatherStation station;

    GuardWeather(Guard guard, WeatherStation station) {
        this.guard = guard;
        this.station = station;
    }

    @Override
    public void changed(String user, Optional<Spell> before, Optional<Spell> now) {
        now.map(spell -> before.isPresent() ? spell.changes() : spell.begins()).ifPresent(words -> tell(user, words));
        for (Connection connection : guard.connectionsOf(user)) {
            connection.loop().execute(() -> apply(connection));
        }
        if (now.isEmpty()) {
            tell(user, Spell.ended());
        }
    }

    /** A client is logged in; on its event loop. */
    void loggedIn(Connection connection) {
        if (station.of(connection.subject().user().orElse("")).isPresent()) {
            apply(connection);
        }
    }

    private void apply(Connection connection) {
        Optional<Spell> spell = station.of(connection.subject().user().orElse(""));
        if (spell.isEmpty()) {
            WeatherHandler.end(connection);
        } else if (spell.get().isOut(station.now())) {
            WeatherHandler.end(connection);
            connection.cut("no network: lab weather");
        } else if (spell.get().weather().isMoreThanAnOutage()) {
            WeatherHandler.apply(connection, station, spell.get());
        } else {
            WeatherHandler.end(connection);
        }
    }

    /** Whether a login gets no answer, because there is no network; then it was seen to. On its event loop. */
    boolean isUnanswered(Connection connection, Optional<String> user) {
        Instant now = station.now();
        Optional<Spell> out = user.flatMap(station::of).filter(spell -> spell.isOut(now));
        if (out.isEmpty()) {
            return false;
        }
        Refusal refusal = Refusal.of("weather_outage", "no network: lab weather, for a while; nobody answers");
        connection.tracer().refused(refusal);
        connection.report(new BrokerEvent.LoginRefused(connection.now(), connection.identity(), refusal));
        connection.state(Connection.State.CLOSING);
        Duration left = out.get().outageLeft(now);
        Duration wait = left.compareTo(SILENCE) < 0 ? left : SILENCE;
        connection.loop().schedule(() -> connection.channel().close(), wait.toMillis(), TimeUnit.MILLISECONDS);
        return true;
    }

    /** A client that has connected in bad weather has made a subscription; gives whether it could be told of the weather. */
    boolean tellNew(Connection connection) {
        Optional<Spell> spell = station.of(connection.subject().user().orElse(""));
        return spell.isEmpty() || tellOne(connection, spell.get().goesOn(station.now()));
    }

    private void tell(String user, Refusal words) {
        delivery(user, words).ifPresent(guard.router()::publish);
    }

    private boolean tellOne(Connection connection, Refusal words) {
        Optional<Delivery> delivery = delivery(connection.subject().user().orElse(""), words);
        for (Receivers.Receiver receiver : delivery.map(
                        told -> guard.subscriptions().receivers(told.topic()).all())
                .orElse(List.of())) {
            if (receiver.connection() == connection) {
                connection.delivery().deliver(delivery.get(), Math.min(receiver.qos(), 1), receiver.subscriptionIds());
                return true;
            }
        }
        return false;
    }

    private Optional<Delivery> delivery(String user, Refusal words) {
        ChatTopics topics = guard.services().chatTopics();
        return ChatId.parse(user)
                .map(id -> new Delivery(
                        topics.topic(id, Diagnostic.LEVEL),
                        DiagnosticCodec.encode(new Diagnostic(id, words.code(), "", words.reason(), words.hint(), "")),
                        1,
                        PublishProperties.NONE,
                        Optional.empty()));
    }
}
