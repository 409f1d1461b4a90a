package labchat.client.session;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.client.tls.ClientTls;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * How to reach the server, and as whom.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 * @param user the login, which is also the id in the chat
 * @param qos the QoS of messages, receipts and subscriptions; empty for the protocol's own for each kind
 * @param keepAlive at most this long without a packet; zero to 65535 s, zero for never
 * @param tls empty for a connection without TLS
 */
public record ConnectSettings(
        String host,
        int port,
        ChatId user,
        Password password,
        MqttVersion version,
        OptionalInt qos,
        Duration keepAlive,
        ChatTopics topics,
        Optional<ClientTls> tls) {

    public ConnectSettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(tls, "tls");
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host must not be empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
        if (qos.isPresent() && (qos.getAsInt() < 0 || qos.getAsInt() > 2)) {
            throw new IllegalArgumentException("QoS is 0, 1 or 2, not " + qos.getAsInt());
        }
        if (keepAlive.isNegative() || keepAlive.toSeconds() > 65_535) {
            throw new IllegalArgumentException("keep-alive is 0 to 65535 s, not " + keepAlive.toSeconds());
        }
    }

    /** Without TLS. */
    public ConnectSettings(
            String host,
            int port,
            ChatId user,
            Password password,
            MqttVersion version,
            OptionalInt qos,
            Duration keepAlive,
            ChatTopics topics) {
        this(host, port, user, password, version, qos, keepAlive, topics, Optional.empty());
    }

    /** The QoS at which this kind is published; typing hints are always sent at theirs. */
    public int qosOf(ChatKind kind) {
        return kind == ChatKind.TYPING ? kind.qos() : qos.orElse(kind.qos());
    }

    /** The QoS that subscriptions ask for. */
    public int subscriptionQos() {
        return qos.orElse(1);
    }

    /** Host and port, as errors name them. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
