package labchat.it.neverlost;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import labchat.it.client.ClientProcess;
import labchat.it.support.BrokerProcess;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client is killed in the middle of sending: what it said was sent, was. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientKillIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Pattern DELIVERED = Pattern.compile("\\(delivered\\) team2a: \"(line \\d+)\"");

    @TempDir
    private Path directory;

    private final Address address = new Address();

    private Peer receiver(String user) {
        Peer peer = new Peer(address, Wire.TCP_V5, user, user, 1, Peer.Presence.STAYS, List.of(), 1, () -> {});
        peer.come();
        return peer;
    }

    private static Set<String> delivered(TestProcess chat) {
        Set<String> texts = new TreeSet<>();
        for (String line : chat.stdout()) {
            Matcher matcher = DELIVERED.matcher(line);
            if (matcher.find()) {
                texts.add(matcher.group(1));
            }
        }
        return texts;
    }

    @Test
    void chat_killedWhileSending_andStartedAgain_hasSentOnceWhatItSaidWasDelivered() throws Exception {
        long seed = System.nanoTime();
        System.out.printf("ClientKillIT: seed %d%n", seed);
        Random random = new Random(seed);
        Path home = Files.createDirectory(directory.resolve("home"));
        List<String> lines = IntStream.range(0, 100).mapToObj(i -> "line " + i).toList();
        Set<String> done = new TreeSet<>();
        try (BrokerProcess broker = BrokerProcess.start(directory);
                Peer receiver = receiver("team2a")) {
            address.up(broker.mqttPort(), broker.webSocketPort());
            Awaitility.await().atMost(LONG).until(receiver::isHere);
            ClientProcess client = new ClientProcess(home, broker.mqttPort());
            for (int run = 1; done.size() < lines.size(); run++) {
                List<String> left =
                        lines.stream().filter(line -> !done.contains(line)).toList();
                // Whoever sits there types again what was not said to be delivered.
                int wanted = run <= 3 ? 1 + random.nextInt(Math.max(1, left.size() / 2)) : left.size();
                try (TestProcess chat = client.as("team1a", "chat")) {
                    chat.say("/to team2a");
                    left.forEach(chat::say);
                    Awaitility.await("delivered in run %d of seed %d".formatted(run, seed))
                            .atMost(LONG)
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> delivered(chat).size() >= wanted);
                    chat.kill();
                    done.addAll(delivered(chat));
                }
            }
            Lab.stop(broker);
            check(receiver, done, seed);
        }
    }

    /** Each uuid is in the store once, and the receiver has seen the same; what was reported was not sent again. */
    private void check(Peer receiver, Set<String> reported, long seed) throws SQLException {
        try (ChatDb db = new ChatDb(directory.resolve("data/chat.db"))) {
            assertThat(db.integrity()).isEqualTo("ok");
            List<Outgoing.Key> kept = db.events().stream()
                    .filter(key -> key.kind().equals("message"))
                    .toList();
            assertThat(kept).doesNotHaveDuplicates();
            assertThat(receiver.received().stream()
                            .filter(key -> key.kind().equals("message"))
                            .toList())
                    .as("what reached the receiver, seed %d", seed)
                    .isEqualTo(kept);
            assertThat(new HashSet<>(db.column("SELECT text FROM event WHERE kind = 'message'")))
                    .isEqualTo(reported);
        }
    }

    @Test
    void send_killedBetweenItsReceivers_andStartedAgain_reachesEachOfThem() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        List<String> users = List.of("team2a", "team3a", "team4a");
        try (BrokerProcess broker = BrokerProcess.start(directory);
                Peer first = receiver(users.get(0))) {
            address.up(broker.mqttPort(), broker.webSocketPort());
            Awaitility.await().atMost(LONG).until(first::isHere);
            ClientProcess client = new ClientProcess(home, broker.mqttPort());
            String[] arguments = {"send", "--to", "team2a", "--to", "team3a", "--to", "team4a", "Hei!"};
            try (TestProcess killed = client.as("team1a", arguments)) {
                Awaitility.await()
                        .atMost(LONG)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> !first.received().isEmpty());
                killed.kill();
            }
            try (TestProcess again = client.as("team1a", arguments)) {
                assertThat(again.exitCode(LONG)).as(again.describe("")).isZero();
            }
            try (Peer second = receiver(users.get(1));
                    Peer third = receiver(users.get(2));
                    Peer other = receiver("team5a")) {
                List<Peer> peers = List.of(first, second, third);
                for (Peer peer : peers) {
                    // Behind all that was sent before.
                    Outgoing last = Outgoing.message("team5a", peer.user(), "the last", 1);
                    other.send(last);
                    Awaitility.await().atMost(LONG).until(() -> peer.hasReceived(last.key()) && peer.isDone());
                }
                Lab.stop(broker);
                checkAll(peers);
            }
        }
    }

    private void checkAll(List<Peer> peers) throws SQLException {
        try (ChatDb db = new ChatDb(directory.resolve("data/chat.db"))) {
            List<Outgoing.Key> kept = db.events();
            assertThat(kept).doesNotHaveDuplicates();
            for (Peer peer : peers) {
                Set<Outgoing.Key> own = kept.stream()
                        .filter(key -> key.receiver().equals(peer.user()))
                        .filter(key -> key.sender().equals("team1a"))
                        .collect(Collectors.toSet());
                assertThat(own).hasSizeBetween(1, 2);
                assertThat(peer.received().stream()
                                .filter(key -> key.sender().equals("team1a"))
                                .collect(Collectors.toSet()))
                        .isEqualTo(own);
            }
        }
    }
}
