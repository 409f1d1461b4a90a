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
import java.util.concurrent.atomic.AtomicInteger;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two of a class do not read what they are sent: they are cut off, and nobody else notices. */
@Tag("alone")
class SlowReadersIT {

    private static final int CLIENTS = 36;
    private static final int DEAF = 2;
    private static final int EACH = 1_500;
    private static final String THOUSAND_BYTES = "x".repeat(900);
    private static final long MOST_RESIDENT_MEGABYTES = 300;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void chat_withTwoWhoDoNotRead_goesOnForTheOthersInBoundedMemory() throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        EventLoopGroup group = new NioEventLoopGroup(1);
        try (BrokerProcess broker = BrokerProcess.startWith(
                directory,
                List.of("-XX:+UseSerialGC", "-Xmx256m"),
                "--quiet",
                "--users",
                LoadFiles.users(directory, CLIENTS).toString(),
                "--config",
                LoadFiles.config(directory).toString())) {
            List<LoadClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                LoadClient client = new LoadClient(
                        LoadFiles.user(i), MqttQoS.AT_LEAST_ONCE, 4, payload -> arrived.incrementAndGet());
                clients.add(client);
                client.connect(group, broker.mqttPort(), LoadFiles.PASSWORD).get(30, TimeUnit.SECONDS);
            }
            for (int i = 0; i < DEAF; i++) {
                clients.get(i).stopReading();
            }
            List<CompletableFuture<Void>> acknowledged = new ArrayList<>();
            int toTheOthers = 0;
            for (int i = DEAF; i < CLIENTS; i++) {
                int from = i;
                acknowledged.add(clients.get(i).publish(EACH, n -> outgoing(from, n)));
                for (int n = 0; n < EACH; n++) {
                    toTheOthers += receiver(from, n) < DEAF ? 0 : 1;
                }
            }
            CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new))
                    .get(90, TimeUnit.SECONDS);
            int expected = toTheOthers;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(arrived.get()).isGreaterThanOrEqualTo(expected));
            long resident = broker.residentMegabytes();
            System.out.printf(
                    "SlowReadersIT: %d messages of 1,000 bytes, %d to clients that read, %d MB resident%n",
                    (CLIENTS - DEAF) * EACH, expected, resident);
            assertThat(resident).isLessThan(MOST_RESIDENT_MEGABYTES);
            clients.forEach(LoadClient::close);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static int receiver(int from, int number) {
        return (from + 1 + number) % CLIENTS;
    }

    private static LoadClient.Outgoing outgoing(int from, int number) {
        String sender = LoadFiles.user(from);
        String receiver = LoadFiles.user(receiver(from, number));
        return new LoadClient.Outgoing(
                "ttm4175/chat/" + receiver + "/message",
                Chat.message(sender, receiver, THOUSAND_BYTES, from + "-" + number));
    }
}
