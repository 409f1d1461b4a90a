package labchat.it.load;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Mosquitto;
import labchat.it.support.Packet.Type;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store costs: docs/performance.md says how to run it. Not one of the tests, and asserts nothing. */
class StoreCosts {

    private static final int REPEATS = Integer.getInteger("costs.repeats", 3);
    private static final int CLIENTS = 36;
    private static final int WINDOW = 4;
    private static final int WARM_UP = 1_500;
    private static final int MEASURED = 1_500;
    private static final int ALONE = 2_000;
    private static final int WAITING = 10_000;
    private static final int ROUND_TRIPS = 2_000;
    private static final int HISTORY = 1_000_000;
    private static final int PAGES = 60;

    /** Who answers. */
    private enum Setup {
        MOSQUITTO("Mosquitto", ""),
        STORE_OFF("`store off`", "store off"),
        STORE_NORMAL("`store_sync normal`", "store_sync normal"),
        STORE_ON("`store_sync full`", "store_sync full");

        private final String words;
        private final String setting;

        Setup(String words, String setting) {
            this.words = words;
            this.setting = setting;
        }
    }

    /** What one run of the chat gave; latencies in microseconds. */
    private record Chatted(double perSecond, double p50, double p99, double alone50, double alone99) {}

    @TempDir
    private Path directory;

    private int folders;

    private static double at(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * part)] / 1e3;
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private Path folder() throws IOException {
        return Files.createDirectory(directory.resolve("run" + folders++));
    }

    private BrokerProcess broker(Path folder, String setting) throws IOException {
        Path config = Files.writeString(folder.resolve("broker.conf"), "max_publish_rate 0\n" + setting + "\n");
        return BrokerProcess.start(
                folder,
                "--quiet",
                "--traffic-log",
                "off",
                "--users",
                LoadFiles.users(folder, CLIENTS + 1).toString(),
                "--config",
                config.toString());
    }

    private static TestProcess mosquitto(Path folder, int port) throws IOException {
        Path config = Files.writeString(folder.resolve("mosquitto.conf"), """
                listener %d 127.0.0.1
                set_tcp_nodelay true
                allow_anonymous false
                password_file %s
                acl_file %s
                user %s
                """.formatted(
                        port,
                        LoadFiles.users(folder, CLIENTS + 1),
                        BrokerProcess.root().resolve("acl.conf"),
                        System.getProperty("user.name")));
        TestProcess process =
                TestProcess.start(folder, Map.of(), List.of("/usr/sbin/mosquitto", "-c", config.toString()));
        Awaitility.await().ignoreExceptions().until(() -> {
            RawMqtt.open(Wire.TCP_V3, port, "probe").close();
            return true;
        });
        return process;
    }

    @Test
    void chat() throws Exception {
        Map<Setup, List<Chatted>> runs = new EnumMap<>(Setup.class);
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            for (Setup setup : Setup.values()) {
                Chatted chatted;
                Path folder = folder();
                if (setup == Setup.MOSQUITTO) {
                    int port = Mosquitto.freePort();
                    TestProcess process = mosquitto(folder, port);
                    chatted = chat(port);
                    process.close();
                } else {
                    try (BrokerProcess broker = broker(folder, setup.setting)) {
                        chatted = chat(broker.mqttPort());
                    }
                }
                runs.computeIfAbsent(setup, any -> new ArrayList<>()).add(chatted);
                System.out.printf("StoreCosts: %s %s%n", setup, chatted);
            }
        }
        print("messages/s", runs, Chatted::perSecond);
        print("acknowledged after, p50, us", runs, Chatted::p50);
        print("acknowledged after, p99, us", runs, Chatted::p99);
        print("one at a time, p50, us", runs, Chatted::alone50);
        print("one at a time, p99, us", runs, Chatted::alone99);
    }

    /** The medians, and the medians of the ratios to Mosquitto in the same round. */
    private static void print(String what, Map<Setup, List<Chatted>> runs, ToDoubleFunction<Chatted> value) {
        StringBuilder row = new StringBuilder("| ").append(what).append(" |");
        runs.forEach((setup, all) -> {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                ratios.add(value.applyAsDouble(all.get(i))
                        / value.applyAsDouble(runs.get(Setup.MOSQUITTO).get(i)));
            }
            double median = median(all.stream().map(value::applyAsDouble).toList());
            row.append(" %s %.0f (%.2f) |".formatted(setup.words, median, median(ratios)));
        });
        System.out.println(row);
    }

    private static Chatted chat(int port) throws Exception {
        EventLoopGroup group = new NioEventLoopGroup(1);
        AtomicInteger arrived = new AtomicInteger();
        try {
            List<LoadClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                LoadClient client = new LoadClient(LoadFiles.user(i), MqttQoS.AT_LEAST_ONCE, WINDOW, payload -> {
                    if (payload.contains("\"message\"")) {
                        arrived.incrementAndGet();
                    }
                });
                clients.add(client);
                client.connect(group, port, LoadFiles.PASSWORD).get(30, TimeUnit.SECONDS);
            }
            // First, because what a rush leaves behind is still being put into the tables a while later.
            alone(clients, arrived);
            long[] alone = alone(clients, arrived);
            publish(clients, WARM_UP, arrived, new long[CLIENTS * WARM_UP]);
            long[] nanos = new long[CLIENTS * MEASURED];
            long start = System.nanoTime();
            publish(clients, MEASURED, arrived, nanos);
            double seconds = (System.nanoTime() - start) / 1e9;
            clients.forEach(LoadClient::close);
            Arrays.sort(nanos);
            return new Chatted(
                    CLIENTS * MEASURED / seconds, at(nanos, 0.5), at(nanos, 0.99), at(alone, 0.5), at(alone, 0.99));
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
        }
    }

    /** One client publishes a message at a time, when the broker has nothing else to do. */
    private static long[] alone(List<LoadClient> clients, AtomicInteger arrived) throws Exception {
        long[] nanos = new long[ALONE];
        for (int i = 0; i < ALONE; i++) {
            int index = i;
            publish(clients.subList(0, 1), 1, arrived, took -> nanos[index] = took);
        }
        Arrays.sort(nanos);
        return nanos;
    }

    /** Everybody publishes so many; returns when all is acknowledged and has arrived. */
    private static void publish(List<LoadClient> clients, int each, AtomicInteger arrived, long[] nanos)
            throws Exception {
        AtomicInteger next = new AtomicInteger();
        publish(clients, each, arrived, took -> nanos[next.getAndIncrement()] = took);
    }

    private static void publish(List<LoadClient> clients, int each, AtomicInteger arrived, LongConsumer took)
            throws Exception {
        int before = arrived.get();
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            int from = i;
            done.add(clients.get(i).publish(each, n -> outgoing(from, n), took));
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .pollDelay(0, TimeUnit.MILLISECONDS)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .until(() -> arrived.get() == before + clients.size() * each);
    }

    private static LoadClient.Outgoing outgoing(int from, int number) {
        String receiver = LoadFiles.user((from + 1 + number % (CLIENTS - 1)) % CLIENTS);
        return message(LoadFiles.user(from), receiver);
    }

    private static LoadClient.Outgoing message(String sender, String receiver) {
        return new LoadClient.Outgoing(
                Chat.messageTopic(receiver),
                Chat.message(sender, receiver, "Hei, this is about as long as a line of a chat.", Chat.freshUuid()));
    }

    private static RawMqtt login(BrokerProcess broker, String user) throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), user);
        client.connect(Connect.as(Wire.TCP_V5).clientId(user).login(user, LoadFiles.PASSWORD));
        return client;
    }

    private static long roundTrip(RawMqtt sender, RawMqtt receiver) throws IOException {
        LoadClient.Outgoing publish = message("u1", "u2");
        int id = sender.nextId();
        long start = System.nanoTime();
        sender.send(Publish.to(publish.topic(), publish.payload()).qos(1, id).encode(Wire.TCP_V5));
        receiver.message();
        long took = System.nanoTime() - start;
        sender.takeAck(Type.PUBACK, id);
        return took;
    }

    @Test
    void replay() throws Exception {
        EventLoopGroup group = new NioEventLoopGroup(1);
        List<Double> seconds = new ArrayList<>();
        List<Double> alone = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        List<Double> beside99 = new ArrayList<>();
        try (BrokerProcess broker = broker(folder(), "store on");
                RawMqtt sender = login(broker, "u1");
                RawMqtt receiver = login(broker, "u2")) {
            receiver.subscribe("ttm4175/chat/u2/#", 1);
            for (int repeat = 0; repeat <= REPEATS; repeat++) {
                LoadClient writer = new LoadClient("u3", MqttQoS.AT_LEAST_ONCE, 16, payload -> {});
                writer.connect(group, broker.mqttPort(), LoadFiles.PASSWORD).get(30, TimeUnit.SECONDS);
                writer.publish(WAITING, n -> message("u3", "u4")).get(120, TimeUnit.SECONDS);
                writer.close();
                long[] quiet = new long[ROUND_TRIPS];
                for (int i = 0; i < quiet.length; i++) {
                    quiet[i] = roundTrip(sender, receiver);
                }
                AtomicInteger arrived = new AtomicInteger();
                AtomicBoolean all = new AtomicBoolean();
                LoadClient late = new LoadClient("u4", MqttQoS.AT_LEAST_ONCE, 1, payload -> {
                    if (payload.contains("\"message\"") && arrived.incrementAndGet() == WAITING) {
                        all.set(true);
                    }
                });
                long start = System.nanoTime();
                CompletableFuture<Void> connected = late.connect(group, broker.mqttPort(), LoadFiles.PASSWORD);
                long[] disturbed = new long[200_000];
                int count = 0;
                while (!all.get() && count < disturbed.length) {
                    disturbed[count++] = roundTrip(sender, receiver);
                }
                double took = (System.nanoTime() - start) / 1e9;
                connected.get(1, TimeUnit.SECONDS);
                late.close();
                Arrays.sort(quiet);
                disturbed = Arrays.copyOf(disturbed, count);
                Arrays.sort(disturbed);
                System.out.printf(
                        "StoreCosts: replay of %d in %.2f s; round trip of others alone p50 %.0f p99 %.0f us, beside it p50 %.0f p99 %.0f us (%d)%n",
                        arrived.get(),
                        took,
                        at(quiet, 0.5),
                        at(quiet, 0.99),
                        at(disturbed, 0.5),
                        at(disturbed, 0.99),
                        count);
                if (repeat > 0) {
                    seconds.add(took);
                    alone.add(at(quiet, 0.5));
                    beside.add(at(disturbed, 0.5));
                    beside99.add(at(disturbed, 0.99));
                }
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
        }
        System.out.printf(
                "StoreCosts: medians: replay %.2f s, round trip alone %.0f us, beside %.0f us (p99 %.0f us)%n",
                median(seconds), median(alone), median(beside), median(beside99));
    }

    @Test
    void history() throws Exception {
        Path folder = folder();
        try (BrokerProcess broker = broker(folder, "store on")) {
            broker.process().terminate();
            broker.process().exitCode(java.time.Duration.ofSeconds(30));
        }
        Path file = folder.resolve("data/chat.db");
        fill(file);
        long start = System.nanoTime();
        try (BrokerProcess broker = broker(folder, "store on");
                RawMqtt client = login(broker, "u1")) {
            System.out.printf(
                    "StoreCosts: %d messages, %d MB, broker up in %.1f s%n",
                    HISTORY, Files.size(file) >> 20, (System.nanoTime() - start) / 1e9);
            client.subscribe("ttm4175/chat/u1/#", 1);
            pages(client, "newest page of a conversation", "\"with\":\"u2\",\"limit\":50");
            pages(
                    client,
                    "page in the middle",
                    "\"with\":\"u2\",\"before\":\"%s\",\"limit\":50"
                            .formatted(java.time.Instant.ofEpochMilli(time(HISTORY / 2))));
            pages(client, "start page", "\"limit\":50");
            pages(client, "search, a word of many messages", "\"search\":\"chat\",\"limit\":50");
            pages(client, "search in a conversation", "\"with\":\"u2\",\"search\":\"chat\",\"limit\":50");
            pages(client, "search, a word of one message", "\"search\":\"word500005\",\"limit\":50");
        }
    }

    private static long time(long sequence) {
        return 1_700_000_000_000L + sequence * 1_000;
    }

    /** As many messages as an exceptionally talkative class writes, between all pairs of users. */
    private static void fill(Path file) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("""
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d),
                      m(i, s, r) AS (SELECT i, 'u' || (i %% 36), 'u' || ((i + 1 + i / 36 %% 35) %% 36) FROM n)
                    INSERT INTO event (sequence, kind, sender, receiver, uuid, time, qos, payload)
                    SELECT i, 'message', s, r, 'm' || i, 1700000000000 + i * 1000, 1,
                      '{"sender":"' || s || '","receiver":"' || r || '","message":"Hei, this is about as long as a line '
                      || 'of a chat, word' || i || '","uuid":"m' || i || '"}'
                    FROM m
                    """.formatted(HISTORY));
            statement.execute("INSERT INTO message_text (rowid, text, conversation)"
                    + " SELECT sequence, text, conversation FROM event");
            statement.execute("INSERT INTO event_uuid (event_uuid) VALUES ('rebuild')");
            for (int i = 0; i < CLIENTS; i++) {
                statement.execute(
                        "INSERT INTO handed_over VALUES ('u%d', 'u%d', 'message', %d)".formatted(i, i, HISTORY));
            }
            statement.execute("COMMIT");
        }
    }

    private static void pages(RawMqtt client, String what, String fields) throws IOException {
        long[] nanos = new long[PAGES];
        int bytes = 0;
        for (int i = 0; i < PAGES; i++) {
            int id = client.nextId();
            long start = System.nanoTime();
            client.send(Publish.to("ttm4175/chat/server/history", "{\"sender\":\"u1\",%s}".formatted(fields))
                    .qos(1, id)
                    .encode(Wire.TCP_V5));
            bytes = client.message().payload().length();
            nanos[i] = System.nanoTime() - start;
            client.takeAck(Type.PUBACK, id);
        }
        double first = nanos[0] / 1e3;
        Arrays.sort(nanos);
        System.out.printf(
                "StoreCosts: %s: first %.1f ms, p50 %.2f ms, p99 %.2f ms, %d bytes%n",
                what, first / 1e3, at(nanos, 0.5) / 1e3, at(nanos, 0.99) / 1e3, bytes);
    }
}
