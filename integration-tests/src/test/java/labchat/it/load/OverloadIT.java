package labchat.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Far more than the broker can do at once: it slows its clients down and loses nothing. */
@Tag("alone")
class OverloadIT {

    private static final int CLIENTS = 1_000;
    private static final int IN_FLIGHT = 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"AT_LEAST_ONCE, 100", "EXACTLY_ONCE, 50"})
    @Timeout(value = 150, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void chat_ofAThousandClientsAtOnce_losesNothingThatWasAcknowledged(MqttQoS qos, int each) throws Exception {
        AtomicIntegerArray arrivals = new AtomicIntegerArray(CLIENTS * each);
        EventLoopGroup group = new NioEventLoopGroup(1);
        EventLoopGroup ownGroup = new NioEventLoopGroup(1);
        try (BrokerProcess broker = BrokerProcess.startWith(
                directory,
                List.of("-XX:+UseSerialGC", "-Xmx256m"),
                "--quiet",
                "--users",
                LoadFiles.users(directory, CLIENTS + 1).toString(),
                "--config",
                LoadFiles.config(directory).toString())) {
            List<LoadClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                LoadClient client =
                        new LoadClient(LoadFiles.user(i), qos, IN_FLIGHT, payload -> note(arrivals, payload));
                clients.add(client);
                client.connect(group, broker.mqttPort(), LoadFiles.PASSWORD).get(30, TimeUnit.SECONDS);
            }
            long start = System.nanoTime();
            List<CompletableFuture<Void>> acknowledged = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int from = i;
                acknowledged.add(clients.get(i).publish(each, n -> outgoing(from, n, each)));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> count(arrivals, 0) < arrivals.length() * 3L / 4);
            Duration newClient = timeOfANewClient(ownGroup, broker.mqttPort());
            long outstanding = count(arrivals, 0);
            CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new))
                    .get(120, TimeUnit.SECONDS);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(count(arrivals, 0)).isZero());
            assertThat(arrivalsAboveOne(arrivals)).as("delivered twice").isZero();
            System.out.printf(
                    "OverloadIT %s: %d messages acknowledged and delivered in %d ms, a new client answered in %d ms (%d still to come then), %d MB resident%n",
                    qos,
                    CLIENTS * each,
                    took.toMillis(),
                    newClient.toMillis(),
                    outstanding,
                    broker.residentMegabytes());
            clients.forEach(LoadClient::close);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            ownGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** From connecting to CONNACK; that it can subscribe too is waited for. */
    private static Duration timeOfANewClient(EventLoopGroup group, int port) throws Exception {
        long start = System.nanoTime();
        LoadClient late = new LoadClient(LoadFiles.user(CLIENTS), MqttQoS.AT_LEAST_ONCE, 1, payload -> {});
        CompletableFuture<Void> subscribed = late.connect(group, port, LoadFiles.PASSWORD);
        late.answered().get(60, TimeUnit.SECONDS);
        Duration answer = Duration.ofNanos(System.nanoTime() - start);
        subscribed.get(60, TimeUnit.SECONDS);
        late.close();
        return answer;
    }

    private static LoadClient.Outgoing outgoing(int from, int number, int each) {
        String sender = LoadFiles.user(from);
        String receiver = LoadFiles.user((from + 1 + number * 7) % CLIENTS);
        String uuid = Integer.toString(from * each + number);
        return new LoadClient.Outgoing(
                "ttm4175/chat/" + receiver + "/message", Chat.message(sender, receiver, "Hei!", uuid));
    }

    private static void note(AtomicIntegerArray arrivals, String payload) {
        int at = payload.indexOf("\"uuid\":\"");
        if (payload.contains("\"message\":\"Hei!\"")) {
            arrivals.incrementAndGet(Integer.parseInt(payload.substring(at + 8, payload.indexOf('"', at + 8))));
        }
    }

    private static long count(AtomicIntegerArray arrivals, int times) {
        long found = 0;
        for (int i = 0; i < arrivals.length(); i++) {
            found += arrivals.get(i) == times ? 1 : 0;
        }
        return found;
    }

    private static long arrivalsAboveOne(AtomicIntegerArray arrivals) {
        return arrivals.length() - count(arrivals, 0) - count(arrivals, 1);
    }
}
