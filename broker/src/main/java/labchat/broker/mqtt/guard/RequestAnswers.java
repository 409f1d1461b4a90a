package labchat.broker.mqtt.guard;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import java.util.Optional;
import labchat.broker.event.ServerAccount;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ServerTopic;

/**
 * Sends the answer to a request to {@code ROOT/<asker>/<kind>}, or, where an MQTT 5 request named a Response Topic that
 * the asker may read, there [MQTT-4.10]. The Correlation Data goes along in both cases. Any thread.
 */
final class RequestAnswers implements ServerAccount.Answers {

    /** No topic that the broker takes is longer, in bytes; nor are the asker's own. */
    private static final int MAX_OWN_TOPIC_LENGTH = 256;

    /** The packet's fixed header, lengths, packet id and subscription identifiers, with room to spare, in bytes. */
    private static final int HEADERS_LENGTH = 256;

    private final Connection connection;
    private final ServerTopic request;
    private final Optional<String> responseTopic;
    private final PublishProperties properties;
    private final int maxBytes;

    RequestAnswers(Connection connection, ServerTopic request, MqttProperties asked) {
        this.connection = connection;
        this.request = request;
        this.responseTopic = Optional.ofNullable(asked.getProperty(MqttPropertyType.RESPONSE_TOPIC.value()))
                .map(property -> (String) property.value());
        MqttProperties carried = new MqttProperties();
        MqttProperties.MqttProperty<?> correlation = asked.getProperty(MqttPropertyType.CORRELATION_DATA.value());
        if (correlation != null) {
            carried.add(correlation);
        }
        this.properties = PublishProperties.of(carried);
        long packet = Math.min(
                connection.maximumPacketSize(), connection.services().settings().maxPacketSize());
        int topicLength =
                Math.max(MAX_OWN_TOPIC_LENGTH, responseTopic.map(String::length).orElse(0) * 3);
        this.maxBytes = (int) Math.max(0, packet - topicLength - properties.size() - HEADERS_LENGTH);
    }

    @Override
    public int maxBytes() {
        return maxBytes;
    }

    @Override
    public void answer(ChatId asker, byte[] payload) {
        Optional<String> wanted = responseTopic.filter(topic ->
                connection.services().acl().read(connection.subject(), topic).isAllowed());
        ChatRouter router = connection.guard().router();
        if (wanted.isPresent()) {
            // Others may read that topic too, and have not asked.
            router.publishTo(connection.subject().user(), delivery(wanted.get(), payload));
        } else {
            router.publish(delivery(connection.services().chatTopics().topic(asker, request.level()), payload));
        }
    }

    @Override
    public void answerHere(ChatId asker, byte[] payload) {
        String topic = responseTopic
                .filter(wanted -> connection
                        .services()
                        .acl()
                        .read(connection.subject(), wanted)
                        .isAllowed())
                .orElseGet(() -> connection.services().chatTopics().topic(asker, request.level()));
        connection.guard().router().publishTo(connection, delivery(topic, payload));
    }

    private Delivery delivery(String topic, byte[] payload) {
        return new Delivery(topic, payload, 1, properties, Optional.empty());
    }
}
