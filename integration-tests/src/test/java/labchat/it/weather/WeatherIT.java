package labchat.it.weather;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.PacketTrace;
import labchat.broker.weather.WeatherOrder;
import labchat.broker.weather.WeatherStation;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.MapUsers;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What arrives in lab weather at each QoS, and what of it is left when it is over. Chances have a seed, and senders send
 * again after a moment, so nothing here depends on luck or on time.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WeatherIT {

    private static final String TOPIC = "ttm4175/other/weather";
    private static final String LOST = "weather_lost";
    private static final int MANY = 1_000;

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().stored();

    private static WeatherStation station() {
        return BROKER.app().weather();
    }

    /** @param fields names and values, such as loss, 30% */
    private static void begin(String user, String... fields) {
        Map<String, String> order = IntStream.range(0, fields.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> fields[2 * i], i -> fields[2 * i + 1]));
        station().begin(List.of(user), (WeatherOrder.Good) WeatherOrder.read(order, UnaryOperator.identity()), "test");
    }

    private static List<PacketTrace> lost() {
        return BROKER.recorder().packets().stream()
                .filter(packet -> packet.refusal()
                        .filter(refusal -> refusal.code().equals(LOST))
                        .isPresent())
                .toList();
    }

    @BeforeEach
    void chances_areAlwaysTheSame() {
        station().chances(() -> 4_175, Duration.ofMillis(2));
    }

    @AfterEach
    void fineWeather() {
        station().clearAll();
    }

    private static Mqtt5AsyncClient client(boolean webSocket, String user) {
        MqttClientBuilder builder = MqttClient.builder()
                .identifier("lib-" + user)
                .serverHost("127.0.0.1")
                .serverPort(BROKER.port(webSocket));
        if (webSocket) {
            builder = builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        Mqtt5AsyncClient client = builder.useMqttVersion5().buildAsync();
        client.connectWith()
                .simpleAuth()
                .username(user)
                .password(Bytes.utf8(MapUsers.CLASS.passwords().get(user)))
                .applySimpleAuth()
                .keepAlive(5)
                .send()
                .join();
        return client;
    }

    @Test
    void qos0_of1000At30PercentLoss_arrive70() throws IOException {
        RawMqtt receiver = BROKER.login(Wire.TCP_V3, "team3a");
        receiver.subscribe(TOPIC, 1);
        RawMqtt sender = BROKER.login(Wire.TCP_V3, "team1a");
        begin("team1a", "loss", "30%");
        for (int i = 0; i < MANY; i++) {
            sender.send(Publish.to(TOPIC, "" + i).encode(Wire.TCP_V3));
        }
        sender.ping();

        station().clear(List.of("team1a"));
        sender.publish(TOPIC, "end", 1);

        List<Integer> got = new ArrayList<>();
        for (Packet next = receiver.message(); !next.text().equals("end"); next = receiver.message()) {
            got.add(Integer.valueOf(next.text()));
        }
        assertThat(got).hasSizeBetween(650, 750).isSorted().doesNotHaveDuplicates();
        // The end may still meet the weather, and is then sent again.
        assertThat(lost())
                .filteredOn(packet -> packet.client().clientId().equals(sender.name())
                        && packet.type().equals("PUBLISH")
                        && packet.qos() == 0)
                .hasSize(MANY - got.size());
    }

    @ParameterizedTest
    @CsvSource({"AT_LEAST_ONCE, false", "AT_LEAST_ONCE, true", "EXACTLY_ONCE, false", "EXACTLY_ONCE, true"})
    void qos1And2_of1000At30PercentLossOnBothSides_allArriveInOrder(MqttQos qos, boolean webSocket) {
        Mqtt5AsyncClient sender = client(webSocket, "team1a");
        Mqtt5AsyncClient receiver = client(webSocket, "team2a");
        Queue<Integer> arrived = new ConcurrentLinkedQueue<>();
        receiver.subscribeWith()
                .topicFilter(TOPIC)
                .qos(qos)
                .callback(publish ->
                        arrived.add(Integer.valueOf(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8))))
                .send()
                .join();
        begin("team1a", "loss", "30%", "duplicate", "5%");
        begin("team2a", "loss", "30%", "duplicate", "5%");

        List<CompletableFuture<Mqtt5PublishResult>> published = IntStream.range(0, MANY)
                .mapToObj(i -> sender.publishWith()
                        .topic(TOPIC)
                        .qos(qos)
                        .payload(Bytes.utf8("" + i))
                        .send())
                .toList();
        published.forEach(CompletableFuture::join);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> new TreeSet<>(arrived).size(), count -> count == MANY);

        assertThat(published)
                .allSatisfy(one -> assertThat(one.join().getError()).isEmpty());
        Set<Integer> firsts = new LinkedHashSet<>(arrived);
        assertThat(firsts)
                .containsExactlyElementsOf(IntStream.range(0, MANY).boxed().toList());
        if (qos == MqttQos.EXACTLY_ONCE) {
            assertThat(arrived).hasSize(MANY);
        } else {
            assertThat(arrived).hasSizeGreaterThan(MANY);
        }
        assertThat(lost())
                .extracting(packet -> packet.client().user().orElse(""))
                .containsOnly("team1a", "team2a");
        sender.disconnect().join();
        receiver.disconnect().join();
    }

    @OnEveryListener
    void messages_withDelayAndLoss_areAcknowledgedAndArriveOnceInOrder(Wire wire) throws IOException {
        RawMqtt receiver = BROKER.receiver(Wire.TCP_V5, "team2a", 1);
        RawMqtt sender = BROKER.login(wire, "team1a");
        begin("team1a", "loss", "50%", "delay", "5ms", "duplicate", "20%");

        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String text = Chat.message("team1a", "team2a", "Hei!");
            sent.add(text);
            assertThat(sender.publish(Chat.messageTopic("team2a"), text, 1 + i % 2)
                            .code())
                    .isZero();
        }

        for (String text : sent) {
            assertThat(receiver.message().text()).isEqualTo(text);
        }
        sender.disconnect();
        assertThat(receiver.kept()).noneMatch(packet -> packet.type() == Type.PUBLISH);
    }

    @Test
    void others_haveNoPacketTouched() throws IOException {
        RawMqtt bystander = BROKER.login(Wire.TCP_V5, "team3a");
        bystander.subscribe(TOPIC, 0);
        int before = lost().size();
        begin("team1a", "loss", "90%", "duplicate", "90%");

        for (int i = 0; i < 200; i++) {
            bystander.send(Publish.to(TOPIC, "" + i).encode(Wire.TCP_V5));
        }

        for (int i = 0; i < 200; i++) {
            assertThat(bystander.message().text()).isEqualTo("" + i);
        }
        assertThat(lost()).hasSize(before);
    }

    @Test
    void held_whenTheWeatherEnds_isDeliveredInOrderAndNothingIsLostAfterwards() throws IOException {
        RawMqtt receiver = BROKER.login(Wire.TCP_V3, "team3a");
        receiver.subscribe(TOPIC, 0);
        RawMqtt sender = BROKER.login(Wire.TCP_V3, "team1a");
        begin("team1a", "delay", "2s");
        for (int i = 0; i < 100; i++) {
            sender.send(Publish.to(TOPIC, "" + i).encode(Wire.TCP_V3));
        }
        // Overtakes what is held, so it was read.
        sender.ping();

        station().clear(List.of("team1a"));
        int before = lost().size();
        for (int i = 100; i < 200; i++) {
            sender.send(Publish.to(TOPIC, "" + i).encode(Wire.TCP_V3));
        }

        for (int i = 0; i < 200; i++) {
            assertThat(receiver.message().text()).isEqualTo("" + i);
        }
        assertThat(lost()).hasSize(before);
    }

    @Test
    void team_isToldWhenItBeginsChangesAndEnds_andAlsoWhenItConnectsMeanwhile() throws IOException {
        RawMqtt team = BROKER.receiver(Wire.TCP_V3, "team2a", 1);
        begin("team2a", "loss", "30%");
        assertThat(team.diagnostics().text()).contains("\"code\":\"weather\"", "30% loss", "for 10 min");
        begin("team2a", "duplicate", "5%", "for", "1h");
        assertThat(team.diagnostics().text()).contains("changes", "5% duplicates", "for 1 h");

        RawMqtt late = BROKER.receiver(Wire.TCP_V5, "team2a", 1);
        assertThat(late.diagnostics().text()).contains("You have lab weather", "5% duplicates");

        station().clearAll();
        assertThat(team.diagnostics().text()).contains("The lab weather is over");
        assertThat(late.diagnostics().text()).contains("The lab weather is over");
    }

    @Test
    void connection_thatEndsWithDelayedPackets_hasThemDelivered() throws IOException {
        RawMqtt receiver = BROKER.login(Wire.TCP_V3, "team3a");
        receiver.subscribe(TOPIC, 0);
        begin("team1a", "delay", "2s");
        RawMqtt sender = BROKER.login(Wire.TCP_V3, "team1a");
        sender.send(Publish.to(TOPIC, "last words").encode(Wire.TCP_V3));
        sender.disconnect();
        sender.close();

        assertThat(receiver.message().text()).isEqualTo("last words");
        assertThat(BROKER.recorder().await(sender, ClientDisconnected.class).cause())
                .isEqualTo(ClientDisconnected.Cause.DISCONNECT);
    }

    @OnEveryListener
    void outage_cutsConnectionsAndAnswersNoLogin_thenTheSessionGetsWhatWaited(Wire wire) throws IOException {
        RawMqtt before = BROKER.open(wire);
        before.connect(durable(before));
        assertThat(before.subscribe(Chat.ROOT + "team2a/#", 1)).isEqualTo(1);
        RawMqtt other = BROKER.login(Wire.TCP_V3, "team1a");

        begin("team2a", "outage", "10m");
        before.expectClosed();
        assertThat(before.kept()).noneMatch(packet -> packet.type() == Type.DISCONNECT);
        Awaitility.await()
                .atMost(RawMqtt.PATIENCE)
                .until(() -> events(ClientDisconnected.class).stream()
                        .anyMatch(end -> end.client().clientId().equals("durable-" + wire)
                                && end.cause() == ClientDisconnected.Cause.LOST));
        String text = Chat.message("team1a", "team2a", "Are you there?");
        other.publish(Chat.messageTopic("team2a"), text, 1);
        RawMqtt unanswered = BROKER.open(wire);
        unanswered.send(durable(unanswered).encode());
        Awaitility.await()
                .atMost(RawMqtt.PATIENCE)
                .until(() -> events(BrokerEvent.LoginRefused.class).stream()
                        .anyMatch(refused -> refused.refusal().code().equals("weather_outage")
                                && refused.client().clientId().equals("durable-" + wire)));
        assertThat(unanswered.kept()).isEmpty();

        station().clearAll();
        RawMqtt after = BROKER.open(wire);
        Packet connack = after.connect(durable(after));
        assertThat(connack.code()).isZero();
        assertThat(connack.sessionPresent()).isTrue();
        assertThat(after.message().text()).isEqualTo(text);
    }

    private static <E extends BrokerEvent> List<E> events(Class<E> type) {
        return BROKER.recorder().events().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static Connect durable(RawMqtt client) {
        var connect = TestBroker.loginOf(client, "team2a")
                .clientId("durable-" + client.wire())
                .persistent();
        return client.wire().isV5() ? connect.props(Props.NONE.with(Prop.SESSION_EXPIRY, 3_600)) : connect;
    }
}
