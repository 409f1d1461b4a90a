package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import java.util.concurrent.TimeUnit;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.MapUsers;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A well-behaved client library, which checks of its own accord what a broker sends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HiveMqClientIT {

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    private static MqttClientBuilder builder(boolean webSocket, String id) {
        MqttClientBuilder builder =
                MqttClient.builder().identifier(id).serverHost("127.0.0.1").serverPort(BROKER.port(webSocket));
        return webSocket ? builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig() : builder;
    }

    private static byte[] password(String user) {
        return Bytes.utf8(MapUsers.CLASS.passwords().get(user));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void version5_everyQos_isDeliveredAndRefusalsAreUnderstood(boolean webSocket) throws InterruptedException {
        Mqtt5BlockingClient team1a =
                builder(webSocket, "team1a-5").useMqttVersion5().buildBlocking();
        Mqtt5BlockingClient team2a =
                builder(webSocket, "team2a-5").useMqttVersion5().buildBlocking();
        try (Mqtt5BlockingClient.Mqtt5Publishes arriving = team2a.publishes(MqttGlobalPublishFilter.ALL)) {
            connect(team1a, "team1a");
            connect(team2a, "team2a");
            team2a.subscribeWith()
                    .topicFilter(Chat.messageTopic("team2a"))
                    .qos(MqttQos.EXACTLY_ONCE)
                    .send();
            for (MqttQos qos : MqttQos.values()) {
                String payload = Chat.message("team1a", "team2a", "Hei!");
                team1a.publishWith()
                        .topic(Chat.messageTopic("team2a"))
                        .qos(qos)
                        .payload(Bytes.utf8(payload))
                        .userProperties()
                        .add("k", "v")
                        .applyUserProperties()
                        .send();
                Mqtt5Publish got = arriving.receive(RawMqtt.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .orElseThrow();
                assertThat(got.getPayloadAsBytes()).isEqualTo(Bytes.utf8(payload));
                assertThat(got.getQos()).isEqualTo(qos);
                assertThat(got.getUserProperties().asList()).hasSize(1);
            }
            Mqtt5PubAckException refused = Assertions.catchThrowableOfType(
                    Mqtt5PubAckException.class,
                    () -> team1a.publishWith()
                            .topic("ttm4175/elsewhere")
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .send());
            assertThat(refused.getMqttMessage().getReasonCode()).isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
            assertThat(refused.getMqttMessage().getReasonString()).isPresent();
            Assertions.assertThatThrownBy(() -> team1a.subscribeWith()
                            .topicFilter(Chat.ROOT + "team2a/#")
                            .send())
                    .isInstanceOf(Mqtt5SubAckException.class);
            team1a.disconnect();
            team2a.disconnect();
        }
    }

    private static void connect(Mqtt5BlockingClient client, String user) {
        client.connectWith()
                .simpleAuth()
                .username(user)
                .password(password(user))
                .applySimpleAuth()
                .send();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void version3_everyQos_isDelivered(boolean webSocket) throws InterruptedException {
        Mqtt3BlockingClient team2a =
                builder(webSocket, "team2a-3").useMqttVersion3().buildBlocking();
        try (Mqtt3BlockingClient.Mqtt3Publishes arriving = team2a.publishes(MqttGlobalPublishFilter.ALL)) {
            team2a.connectWith()
                    .simpleAuth()
                    .username("team2a")
                    .password(password("team2a"))
                    .applySimpleAuth()
                    .send();
            team2a.subscribeWith()
                    .topicFilter(Chat.messageTopic("team2a"))
                    .qos(MqttQos.EXACTLY_ONCE)
                    .send();
            for (MqttQos qos : MqttQos.values()) {
                String payload = Chat.message("team2a", "team2a", "note to myself");
                team2a.publishWith()
                        .topic(Chat.messageTopic("team2a"))
                        .qos(qos)
                        .payload(Bytes.utf8(payload))
                        .send();
                Mqtt3Publish got = arriving.receive(RawMqtt.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .orElseThrow();
                assertThat(got.getPayloadAsBytes()).isEqualTo(Bytes.utf8(payload));
                assertThat(got.getQos()).isEqualTo(qos);
            }
            team2a.disconnect();
        }
    }
}
