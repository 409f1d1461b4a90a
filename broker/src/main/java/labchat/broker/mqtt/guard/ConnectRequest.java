package labchat.broker.mqtt.guard;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclSubject;
import labchat.broker.acl.RuleOrigin;
import labchat.broker.chat.ChatVerdict;
import labchat.broker.config.Limits;
import labchat.broker.event.Refusal;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopic;

/** What a client asks for in CONNECT, and the CONNECT that Moquette gets instead. */
final class ConnectRequest {

    /**
     * A Will, which the guard keeps back and publishes itself.
     *
     * @param chatTopic empty if it is on none of the four kinds
     * @param delay how long after the connection's end it is due, if the session lasts as long
     */
    record Will(
            String topic,
            Optional<ChatTopic> chatTopic,
            byte[] payload,
            int qos,
            boolean retain,
            Duration delay,
            MqttProperties properties) {}

    /** Why a CONNECT is refused, with the code for either version. */
    record Problem(MqttConnectReturnCode code3, MqttConnectReturnCode code5, Refusal refusal) {}

    private static final int MAX_NAME_LENGTH = 256;
    private static final MqttFixedHeader CONNECT_HEADER =
            new MqttFixedHeader(MqttMessageType.CONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0);

    private final MqttVersion version;
    private final Optional<String> user;
    private final String clientId;
    private final boolean clientIdWasAssigned;
    private final MqttConnectVariableHeader header;
    private final MqttConnectPayload payload;
    private byte[] password;
    private Optional<Will> will = Optional.empty();

    /** @param certificateUser who the client is, whatever name stands in the packet; empty if that is to count */
    ConnectRequest(MqttConnectMessage connect, Optional<String> certificateUser) {
        header = connect.variableHeader();
        payload = connect.payload();
        version = versionOf(header.version());
        user = certificateUser.or(
                () -> header.hasUserName() ? Optional.ofNullable(payload.userName()) : Optional.empty());
        password = Objects.requireNonNullElse(payload.passwordInBytes(), new byte[0]);
        String asked = Objects.requireNonNullElse(payload.clientIdentifier(), "");
        clientIdWasAssigned = asked.isEmpty();
        clientId = clientIdWasAssigned ? UUID.randomUUID().toString().replace("-", "") : asked;
    }

    private static MqttVersion versionOf(int level) {
        return switch (level) {
            case 3 -> MqttVersion.MQTT_3_1;
            case 4 -> MqttVersion.MQTT_3_1_1;
            default -> MqttVersion.MQTT_5;
        };
    }

    MqttVersion version() {
        return version;
    }

    Optional<String> user() {
        return user;
    }

    /** As the client chose it, or a fresh one if it left that to the broker. */
    String clientId() {
        return clientId;
    }

    /** Moquette's client id: the client's own, but per user. A user's name has no colon. */
    String sessionId() {
        return user.orElse("") + ":" + clientId;
    }

    /**
     * The keep-alive in force, in seconds. Version 5 clients are told of a shorter one [MQTT-3.2.2-21]; older ones cannot
     * be, so for them only "never" is shortened.
     */
    int keepAliveSeconds(Limits limits) {
        int most = (int) limits.maxKeepAlive().toSeconds();
        int asked = header.keepAliveTimeSeconds();
        if (asked == 0) {
            return most;
        }
        return version == MqttVersion.MQTT_5 ? Math.min(asked, most) : asked;
    }

    /** The password, which is forgotten here. */
    byte[] takePassword() {
        byte[] taken = password;
        password = new byte[0];
        return taken;
    }

    /** Whether what an earlier session has left is to be forgotten [MQTT-3.1.2-4]; version 3: clean session. */
    boolean isCleanStart() {
        return header.isCleanSession();
    }

    /** How long the session is to outlive the connection; zero for not at all. */
    Duration sessionExpiry(Limits limits) {
        if (version != MqttVersion.MQTT_5) {
            return header.isCleanSession() ? Duration.ZERO : limits.maxSessionAge();
        }
        return expiry(intProperty(MqttPropertyType.SESSION_EXPIRY_INTERVAL).orElse(0), limits);
    }

    /** @param seconds as it stands in the packet; all ones mean never [MQTT-3.1.2.11.2] */
    static Duration expiry(int seconds, Limits limits) {
        Duration asked = Duration.ofSeconds(Integer.toUnsignedLong(seconds));
        return asked.compareTo(limits.maxSessionAge()) > 0 ? limits.maxSessionAge() : asked;
    }

    /** [MQTT-3.1.2.11.3] */
    int receiveMaximum() {
        return intProperty(MqttPropertyType.RECEIVE_MAXIMUM).orElse(65_535);
    }

    /** [MQTT-3.1.2.11.4], in bytes. */
    long maximumPacketSize() {
        return intProperty(MqttPropertyType.MAXIMUM_PACKET_SIZE)
                .map(Integer::toUnsignedLong)
                .orElse(Long.MAX_VALUE);
    }

    /** [MQTT-3.1.2.11.7] */
    boolean wantsProblemInformation() {
        return intProperty(MqttPropertyType.REQUEST_PROBLEM_INFORMATION).orElse(1) != 0;
    }

    /** The Will's topic; empty if there is none. */
    String willTopic() {
        return header.isWillFlag() ? Objects.requireNonNullElse(payload.willTopic(), "") : "";
    }

    /** The client takes its Will back. */
    void dropWill() {
        will = Optional.empty();
    }

    /** The Will; only once. */
    Optional<Will> takeWill() {
        Optional<Will> taken = will;
        will = Optional.empty();
        return taken;
    }

    /** Why this CONNECT is refused, whatever the password; empty if it is not. */
    Optional<Problem> problem() {
        return nameProblem().or(this::sessionProblem).or(this::propertyProblem);
    }

    private Optional<Problem> nameProblem() {
        if (user.isPresent()) {
            String name = user.get();
            if (name.isEmpty() || isUnusable(name) || name.equals(ChatId.SERVER.value())) {
                return Optional.of(new Problem(
                        MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                        MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD,
                        Refusal.of("bad_user_name", "this user name cannot log in")));
            }
        }
        if (isUnusable(clientId)) {
            return Optional.of(new Problem(
                    MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                    MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID,
                    Refusal.of(
                            "client_id",
                            "a client id has at most %d characters and no control characters"
                                    .formatted(MAX_NAME_LENGTH))));
        }
        return Optional.empty();
    }

    private static boolean isUnusable(String name) {
        return name.length() > MAX_NAME_LENGTH
                || name.chars().anyMatch(c -> Character.isISOControl(c) || c == 0xfffd || c == 0xffff || c == 0xfffe);
    }

    private Optional<Problem> sessionProblem() {
        if (clientIdWasAssigned && version != MqttVersion.MQTT_5 && !header.isCleanSession()) {
            // [MQTT-3.1.3-8]
            return Optional.of(new Problem(
                    MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                    MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID,
                    Refusal.of("client_id", "an empty client id needs clean session")));
        }
        return Optional.empty();
    }

    private Optional<Problem> propertyProblem() {
        if (header.properties().getProperty(MqttPropertyType.AUTHENTICATION_METHOD.value()) != null) {
            return Optional.of(both5(
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD,
                    Refusal.of("authentication_method", "log in with user name and password only")));
        }
        if (receiveMaximum() == 0 || maximumPacketSize() == 0) {
            return Optional.of(both5(
                    MqttConnectReturnCode.CONNECTION_REFUSED_PROTOCOL_ERROR,
                    Refusal.of("protocol_error", "Receive Maximum and Maximum Packet Size must not be 0")));
        }
        return Optional.empty();
    }

    /** Properties exist in version 5 only. */
    private static Problem both5(MqttConnectReturnCode code, Refusal refusal) {
        return new Problem(code, code, refusal);
    }

    /**
     * Why the Will is refused; empty if it is not. It is judged now, because nobody could be told of it when it is
     * published, but only once the login is proven: rights are nobody else's business.
     */
    Optional<Problem> willProblem(GuardServices services) {
        if (!header.isWillFlag()) {
            return Optional.empty();
        }
        String topic = Objects.requireNonNullElse(payload.willTopic(), "");
        if (header.willQos() > 2) {
            // [MQTT-3.1.2-14]
            return willRefused(Refusal.of("protocol_error", "QoS %d: at most 2".formatted(header.willQos())));
        }
        Optional<Refusal> bad = Topics.problemOfName(topic, services.settings().limits());
        if (bad.isPresent()) {
            return willRefused(services.explainer().publish(user, topic, bad.get()));
        }
        AclDecision decision = services.acl().publish(new AclSubject(user, clientId), topic);
        if (decision instanceof AclDecision.Denied denied) {
            Refusal why =
                    new Refusal("acl_denied", denied.reason(), denied.rule().map(RuleOrigin::toString));
            return willRefused(services.explainer().publish(user, topic, why));
        }
        Optional<ChatTopic> chatTopic = services.chatTopics().parse(topic);
        byte[] text = Objects.requireNonNullElse(payload.willMessageInBytes(), new byte[0]);
        if (chatTopic.isEmpty()) {
            Optional<Problem> problem = serversTopic(services, topic);
            if (problem.isPresent()) {
                return problem;
            }
        } else {
            ChatVerdict verdict = services.rules().judge(user, chatTopic.get(), text, header.isWillRetain());
            if (verdict instanceof ChatVerdict.Rejected rejected) {
                return willRefused(services.explainer().payload(user, topic, text, rejected.refusal()));
            }
        }
        MqttProperties properties = Objects.requireNonNullElse(payload.willProperties(), MqttProperties.NO_PROPERTIES);
        MqttProperties.MqttProperty<?> delay = properties.getProperty(MqttPropertyType.WILL_DELAY_INTERVAL.value());
        will = Optional.of(new Will(
                topic,
                chatTopic,
                Arrays.copyOf(text, text.length),
                header.willQos(),
                header.isWillRetain(),
                Duration.ofSeconds(delay == null ? 0 : Integer.toUnsignedLong((Integer) delay.value())),
                properties));
        return Optional.empty();
    }

    /** It would go out in the server's name, whatever the rights. */
    private Optional<Problem> serversTopic(GuardServices services, String topic) {
        if (Topics.isServers(services.chatTopics(), topic)) {
            return willRefused(services.explainer().publish(user, topic, Topics.noRequest(topic)));
        }
        return services.chatTopics().parseServerTopic(topic).isPresent()
                ? willRefused(services.explainer().publish(user, topic, Topics.onlyTheServers(topic)))
                : Optional.empty();
    }

    private static Optional<Problem> willRefused(Refusal why) {
        return Optional.of(new Problem(
                MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5,
                new Refusal(why.code(), "Will: " + why.reason(), why.rule(), why.hint())));
    }

    /** The CONNECT for Moquette: its client id is per user, it keeps no state, it has no password and no Will. */
    MqttConnectMessage forMoquette(Limits limits) {
        MqttProperties properties = new MqttProperties();
        for (MqttProperties.MqttProperty<?> property : header.properties().listAll()) {
            if (property.propertyId() == MqttPropertyType.RECEIVE_MAXIMUM.value()
                    || property.propertyId() == MqttPropertyType.USER_PROPERTY.value()) {
                properties.add(property);
            }
        }
        MqttConnectVariableHeader newHeader = new MqttConnectVariableHeader(
                header.name(),
                header.version(),
                user.isPresent(),
                false,
                false,
                0,
                false,
                true,
                moquettesKeepAlive(limits),
                version == MqttVersion.MQTT_5 ? properties : MqttProperties.NO_PROPERTIES);
        MqttConnectPayload newPayload =
                new MqttConnectPayload(sessionId(), MqttProperties.NO_PROPERTIES, null, null, user.orElse(null), null);
        return new MqttConnectMessage(CONNECT_HEADER, newHeader, newPayload);
    }

    /** Moquette waits half as long again; a client that promised no keep-alive gets just the limit. */
    private int moquettesKeepAlive(Limits limits) {
        int seconds = keepAliveSeconds(limits);
        return header.keepAliveTimeSeconds() == 0 ? Math.max(1, seconds * 2 / 3) : seconds;
    }

    /** What CONNACK of version 5 says: only what is true of this broker. */
    MqttProperties answerProperties(GuardSettings settings) {
        MqttProperties properties = new MqttProperties();
        if (clientIdWasAssigned) {
            properties.add(
                    new MqttProperties.StringProperty(MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER.value(), clientId));
        }
        int expiry = (int) sessionExpiry(settings.limits()).toSeconds();
        if (expiry != intProperty(MqttPropertyType.SESSION_EXPIRY_INTERVAL).orElse(0)) {
            // [MQTT-3.2.2.3.2]
            properties.add(intProperty(MqttPropertyType.SESSION_EXPIRY_INTERVAL, expiry));
        }
        int keepAlive = keepAliveSeconds(settings.limits());
        if (keepAlive != header.keepAliveTimeSeconds()) {
            properties.add(intProperty(MqttPropertyType.SERVER_KEEP_ALIVE, keepAlive));
        }
        properties.add(intProperty(MqttPropertyType.MAXIMUM_PACKET_SIZE, settings.maxPacketSize()));
        properties.add(intProperty(MqttPropertyType.TOPIC_ALIAS_MAXIMUM, 0));
        properties.add(intProperty(MqttPropertyType.SHARED_SUBSCRIPTION_AVAILABLE, 0));
        return properties;
    }

    private static MqttProperties.IntegerProperty intProperty(MqttPropertyType type, int value) {
        return new MqttProperties.IntegerProperty(type.value(), value);
    }

    private Optional<Integer> intProperty(MqttPropertyType type) {
        MqttProperties.MqttProperty<?> property = header.properties().getProperty(type.value());
        return property != null && property.value() instanceof Integer value ? Optional.of(value) : Optional.empty();
    }
}
