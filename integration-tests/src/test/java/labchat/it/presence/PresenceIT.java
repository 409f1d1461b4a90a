package labchat.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.it.support.Chat;
import labchat.it.support.MapUsers;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ROOT/<id>/presence}: docs/protocol.md, "What the server publishes". */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PresenceIT {

    private static final String EVERYBODY = "ttm4175/chat/+/presence";
    private static final int NOT_AT_SUBSCRIBE = 2 << 4;
    private static final int IF_NEW = 1 << 4;

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    private static String topic(String user) {
        return Chat.ROOT + user + "/presence";
    }

    private static String json(String user, String status, Instant since) {
        return "{\"sender\":\"%s\",\"status\":\"%s\",\"since\":\"%s\"}"
                .formatted(user, status, withMilliseconds(since));
    }

    /** As the protocol writes it; {@link Instant#toString()} leaves zeros out. */
    private static String withMilliseconds(Instant time) {
        String seconds = time.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "");
        return "%s.%03dZ".formatted(seconds, time.get(ChronoField.MILLI_OF_SECOND));
    }

    /** Somebody who is subscribed to a user's presence, and has seen that the user is offline. */
    private static RawMqtt watcher(Wire wire, String user) throws IOException {
        RawMqtt watcher = BROKER.login(wire, "staff");
        assertThat(watcher.subscribe(topic(user), 1)).isEqualTo(1);
        watcher.presence(user, "offline");
        return watcher;
    }

    private static Instant connectedAt(RawMqtt client) {
        return BROKER.recorder().await(client, ClientConnected.class).time();
    }

    /** When the client's connection ended; of two of one name the later. */
    private static Instant lastDisconnectOf(RawMqtt client) {
        List<ClientDisconnected> all = BROKER.recorder().eventsOf(client, ClientDisconnected.class);
        return all.get(all.size() - 1).time();
    }

    @OnEveryListener
    void subscriptionToEverybody_bringsOneRetainedMessageForEachAccount(Wire wire) throws IOException {
        RawMqtt client = BROKER.login(wire, "team1a");
        assertThat(client.subscribe(EVERYBODY, 1)).isEqualTo(1);

        List<Packet> presence = new ArrayList<>();
        for (int i = 0; i < MapUsers.CLASS.names().size(); i++) {
            presence.add(client.presence());
        }
        assertThat(presence)
                .extracting(Packet::topic)
                .containsExactlyInAnyOrderElementsOf(
                        MapUsers.CLASS.names().stream().map(PresenceIT::topic).toList());
        assertThat(presence).allSatisfy(packet -> {
            String user = packet.topic().split("/")[2];
            assertThat(packet.isRetain()).isTrue();
            assertThat(packet.qos()).isEqualTo(1);
            assertThat(packet.text())
                    .matches("\\{\"sender\":\"" + user
                            + "\",\"status\":\"(online|offline)\",\"since\":"
                            + "(null|\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\")}");
        });
        assertThat(presence)
                .as("nobody ever connects as x4 in this test class")
                .anySatisfy(packet -> assertThat(packet.text())
                        .isEqualTo("{\"sender\":\"x4\",\"status\":\"offline\",\"since\":null}"));
        assertThat(presence)
                .anySatisfy(packet -> assertThat(packet.text())
                        .startsWith("{\"sender\":\"team1a\",\"status\":\"online\",\"since\":\""));
    }

    @OnEveryListener
    void ownTree_bringsOnesOwnPresenceOnly(Wire wire) throws IOException {
        RawMqtt client = BROKER.login(wire, "team1b");
        assertThat(client.subscribe(Chat.ROOT + "team1b/#", 0)).isZero();
        client.ping();

        assertThat(client.keptPresence()).allSatisfy(packet -> {
            assertThat(packet.topic()).isEqualTo(topic("team1b"));
            assertThat(packet.text()).contains("\"status\":\"online\"");
            assertThat(packet.qos()).isZero();
        });
        assertThat(client.keptPresence())
                .first()
                .satisfies(packet -> assertThat(packet.isRetain()).isTrue());
    }

    @OnEveryListener
    void connection_isToldAtOnce_andItsEndToo_withoutRetain(Wire wire) throws IOException {
        RawMqtt watcher = watcher(wire, "team2a");
        RawMqtt team2a = BROKER.login(wire, "team2a");

        Packet online = watcher.presence();
        assertThat(online.text()).isEqualTo(json("team2a", "online", connectedAt(team2a)));
        assertThat(online.isRetain()).isFalse();
        assertThat(online.qos()).isEqualTo(1);

        team2a.disconnect();
        Packet offline = watcher.presence();
        assertThat(offline.text()).isEqualTo(json("team2a", "offline", lastDisconnectOf(team2a)));
        assertThat(offline.isRetain()).isFalse();

        RawMqtt late = BROKER.login(wire, "team3a");
        assertThat(late.subscribe(topic("team2a"), 1)).isEqualTo(1);
        Packet retained = late.presence();
        assertThat(retained.isRetain()).isTrue();
        assertThat(retained.text()).isEqualTo(offline.text());
    }

    @OnEveryListener
    void brokenConnection_isOffline(Wire wire) throws IOException {
        RawMqtt watcher = watcher(wire, "team4a");
        RawMqtt team4a = BROKER.login(wire, "team4a");
        assertThat(watcher.presence().text()).contains("online");

        team4a.close();

        assertThat(watcher.presence().text()).isEqualTo(json("team4a", "offline", lastDisconnectOf(team4a)));
    }

    @OnEveryListener
    void clientThatFellSilent_isOfflineAfterItsKeepAlive(Wire wire) throws IOException {
        RawMqtt watcher = watcher(wire, "team5a");
        RawMqtt team5a = BROKER.open(wire);
        assertThat(team5a.connect(TestBroker.loginOf(team5a, "team5a").keepAlive(1))
                        .code())
                .isZero();
        assertThat(watcher.presence().text()).contains("online");

        assertThat(watcher.presence().text()).isEqualTo(json("team5a", "offline", lastDisconnectOf(team5a)));
    }

    @OnEveryListener
    void takeOver_isNoChange(Wire wire) throws IOException {
        RawMqtt watcher = watcher(wire, "team6a");
        RawMqtt first = BROKER.login(wire, "team6a");
        assertThat(watcher.presence().text()).isEqualTo(json("team6a", "online", connectedAt(first)));

        RawMqtt second = BROKER.open(wire);
        assertThat(second.connect(TestBroker.loginOf(second, "team6a").clientId(first.name()))
                        .code())
                .isZero();
        BROKER.recorder().await(first, ClientDisconnected.class, event -> event.cause() == Cause.TAKEN_OVER);
        second.disconnect();

        // Had it been told, this would be the first connection's end, or the second's beginning.
        String next = watcher.presence().text();
        assertThat(BROKER.recorder().eventsOf(first, ClientDisconnected.class)).hasSize(2);
        assertThat(next).isEqualTo(json("team6a", "offline", lastDisconnectOf(first)));
    }

    @OnEveryListener
    void twoConnections_areOneUser_whoIsOfflineAfterTheLast(Wire wire) throws IOException {
        RawMqtt watcher = watcher(wire, "team7a");
        RawMqtt first = BROKER.login(wire, "team7a");
        RawMqtt second = BROKER.login(wire, "team7a");
        assertThat(watcher.presence().text()).isEqualTo(json("team7a", "online", connectedAt(first)));

        first.disconnect();
        BROKER.recorder().await(first, ClientDisconnected.class);
        second.disconnect();

        assertThat(watcher.presence().text()).isEqualTo(json("team7a", "offline", lastDisconnectOf(second)));
    }

    /** MQTT 5, section 3.8.3.1. */
    @OnVersion5
    void retainHandling_isObeyed(Wire wire) throws IOException {
        RawMqtt client = BROKER.login(wire, "team8a");
        String filter = topic("x3");

        assertThat(client.subscribe(filter, NOT_AT_SUBSCRIBE | 1)).isEqualTo(1);
        assertPresenceCount(client, 0);
        assertThat(client.subscribe(filter, IF_NEW | 1)).isEqualTo(1);
        assertPresenceCount(client, 0);
        assertThat(client.subscribe(filter, 1)).isEqualTo(1);
        assertPresenceCount(client, 1);
        assertThat(client.subscribe(filter, 1)).isEqualTo(1);
        assertPresenceCount(client, 2);
        client.unsubscribe(filter);
        assertThat(client.subscribe(filter, IF_NEW | 1)).isEqualTo(1);
        assertPresenceCount(client, 3);
    }

    private static void assertPresenceCount(RawMqtt client, int count) throws IOException {
        // What was sent before the answer to a ping is there when the answer is.
        client.ping();
        assertThat(client.keptPresence()).hasSize(count).allMatch(Packet::isRetain);
    }

    @OnVersion5
    void subscriptionIdentifiers_goAlong(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        Props seven = Props.NONE.with(Prop.SUBSCRIPTION_ID, 7);
        assertThat(staff.subscribe(seven, topic("team9a"), 1).code()).isEqualTo(1);
        assertThat(staff.presence("team9a", "offline").props().all(Prop.SUBSCRIPTION_ID))
                .containsExactly(7L);

        Props eight = Props.NONE.with(Prop.SUBSCRIPTION_ID, 8);
        assertThat(staff.subscribe(eight, Chat.ROOT + "team9a/+", NOT_AT_SUBSCRIBE | 1)
                        .code())
                .isEqualTo(1);
        BROKER.login(wire, "team9a");

        Packet online = staff.presence("team9a", "online");
        assertThat(online.props().all(Prop.SUBSCRIPTION_ID)).containsExactlyInAnyOrder(7L, 8L);
    }

    @OnEveryListener
    void severalFiltersOfOneSubscribe_bringWhatEachMatches(Wire wire) throws IOException {
        RawMqtt client = BROKER.login(wire, "team10a");
        Packet suback = client.subscribe(
                Props.NONE, topic("x3"), 1, Chat.ROOT + "team2a/#", 1, topic("x4"), 0, topic("nobody"), 1);
        assertThat(suback.codes()).containsExactly(1, wire.pick(0x80, 0x87), 0, 1);
        client.ping();

        assertThat(client.keptPresence()).extracting(Packet::topic).containsExactly(topic("x3"), topic("x4"));
    }

    /** A change that comes while somebody subscribes reaches them in either way, and the newest state comes last. */
    @Test
    void whoSubscribesWhileUsersComeAndGo_endsWithTheNewestState() throws IOException {
        List<String> users =
                IntStream.rangeClosed(1, 12).mapToObj(i -> "team" + i + "b").toList();
        List<RawMqtt> goers = new ArrayList<>();
        for (String user : users.subList(0, 6)) {
            goers.add(BROKER.login(Wire.TCP_V3, user));
        }
        List<RawMqtt> watchers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            watchers.add(BROKER.login(Wire.values()[i % 4], "x1"));
        }
        CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 6; i++) {
                    goers.get(i).disconnect();
                    RawMqtt comer = RawMqtt.open(Wire.TCP_V3, BROKER.port(false), "comer" + i);
                    comer.connect(TestBroker.loginOf(comer, users.get(6 + i)));
                    // Stays until the broker ends.
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        for (RawMqtt watcher : watchers) {
            assertThat(watcher.subscribe(EVERYBODY, 1)).isEqualTo(1);
        }
        changes.join();

        for (RawMqtt watcher : watchers) {
            Awaitility.await().atMost(RawMqtt.PATIENCE).untilAsserted(() -> {
                Map<String, String> last = watcher.keptPresence().stream()
                        .collect(Collectors.toMap(
                                packet -> packet.topic().split("/")[2], Packet::text, (before, after) -> after));
                for (int i = 0; i < 12; i++) {
                    assertThat(last.get(users.get(i))).contains(i < 6 ? "\"offline\"" : "\"online\"");
                }
            });
        }
    }
}
