package labchat.client.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import labchat.client.session.ConnectSettings;
import labchat.client.session.MqttVersion;
import labchat.client.session.Password;
import labchat.client.session.SessionFailure;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;

class ConnectErrorsTest {

    private static final ConnectSettings SETTINGS = new ConnectSettings(
            "localhost",
            1883,
            new ChatId("team1a"),
            new Password("secret"),
            MqttVersion.V5,
            OptionalInt.empty(),
            Duration.ofSeconds(60),
            ChatTopics.DEFAULT);

    private static String words(Throwable thrown) {
        LinkException failure = ConnectErrors.of(thrown, SETTINGS);
        assertThat(failure.kind()).isEqualTo(SessionFailure.Kind.UNAVAILABLE);
        return failure.getMessage();
    }

    @Test
    void refusedConnection_asksWhetherTheBrokerRuns() {
        assertThat(words(new CompletionException(
                        new ConnectionFailedException(new ConnectException("Connection refused")))))
                .isEqualTo(
                        "cannot reach localhost:1883: connection refused. Is the broker running? Start it with ./run, or name another host with -h.");
    }

    @Test
    void otherCauses_areToldApart() {
        assertThat(words(new ConnectionFailedException(new UnknownHostException("localhost"))))
                .contains("no host has the name \"localhost\"");
        assertThat(words(new ConnectionFailedException(new NoRouteToHostException("No route to host"))))
                .contains("no way to that host");
        assertThat(words(new ConnectionFailedException(new ConnectException("connection timed out"))))
                .contains("no answer within 10 s");
        assertThat(words(new ConnectionClosedException("Server closed connection without DISCONNECT.")))
                .contains("Is -p the port of MQTT");
    }
}
