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
import java.util.concurrent.atomic.AtomicIntegerArray;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A room of the largest size. */
@Tag("alone")
class BigRoomIT {

    private static final int MEMBERS = 1_000;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 150, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void room_ofAThousandWhoJoinAtOnce_bringsAMessageToEachOnce() throws Exception {
        AtomicInteger joined = new AtomicInteger();
        AtomicInteger full = new AtomicInteger();
        AtomicIntegerArray arrivals = new AtomicIntegerArray(MEMBERS);
        EventLoopGroup group = new NioEventLoopGroup(1);
        try (BrokerProcess broker = BrokerProcess.start(
                directory,
                "--quiet",
                "--users",
                LoadFiles.users(directory, MEMBERS + 2).toString(),
                "--config",
                LoadFiles.config(directory).toString())) {
            List<LoadClient> clients = new ArrayList<>();
            for (int i = 0; i <= MEMBERS; i++) {
                int number = i;
                LoadClient client = new LoadClient(LoadFiles.user(i), MqttQoS.AT_LEAST_ONCE, 1, payload -> {
                    if (payload.contains("\"status\":\"ok\",\"action\":\"")) {
                        joined.incrementAndGet();
                    } else if (payload.contains("\"code\":\"room_full\"")) {
                        full.incrementAndGet();
                    } else if (payload.contains("\"message\":\"Hei, alle!\"")) {
                        arrivals.incrementAndGet(number);
                    }
                });
                clients.add(client);
                client.connect(group, broker.mqttPort(), LoadFiles.PASSWORD).get(30, TimeUnit.SECONDS);
            }
            clients.get(0).publish(1, n -> request(0, "create"));
            await(joined, 1);
            for (int i = 1; i < MEMBERS; i++) {
                int from = i;
                clients.get(i).publish(1, n -> request(from, "join"));
            }
            await(joined, MEMBERS);
            clients.get(MEMBERS).publish(1, n -> request(MEMBERS, "join"));
            await(full, 1);
            for (LoadClient client : clients.subList(0, MEMBERS)) {
                client.subscribe("ttm4175/chat/hall/#").get(30, TimeUnit.SECONDS);
            }

            LoadClient author = new LoadClient(LoadFiles.user(7), MqttQoS.AT_LEAST_ONCE, 1, payload -> {});
            author.connect(group, broker.mqttPort(), LoadFiles.PASSWORD, "second")
                    .get(30, TimeUnit.SECONDS);
            CompletableFuture<Void> acknowledged = author.publish(
                    1,
                    n -> new LoadClient.Outgoing(
                            Chat.messageTopic("hall"), Chat.message(LoadFiles.user(7), "hall", "Hei, alle!")));
            acknowledged.get(30, TimeUnit.SECONDS);

            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                for (int i = 0; i < MEMBERS; i++) {
                    assertThat(arrivals.get(i)).as(LoadFiles.user(i)).isEqualTo(1);
                }
            });
            clients.forEach(LoadClient::close);
            author.close();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static LoadClient.Outgoing request(int user, String action) {
        return new LoadClient.Outgoing(
                Chat.ROOT + "server/rooms",
                "{\"sender\":\"%s\",\"action\":\"%s\",\"room\":\"hall\"}".formatted(LoadFiles.user(user), action));
    }

    private static void await(AtomicInteger counter, int value) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> counter.get() == value);
    }
}
