package labchat.broker.presence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.ClientIdentity;
import labchat.broker.store.AccountStore;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresenceRegistryTest {

    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    private static final String EVERYBODY = "ttm4175/chat/+/presence";

    /** Time that stands still, and tasks that wait for it. */
    private static final class ManualTime extends Clock implements Later {
        private record Task(Instant due, int number, Runnable run) {}

        private final PriorityQueue<Task> tasks = new PriorityQueue<>(
                (a, b) -> a.due.equals(b.due) ? Integer.compare(a.number, b.number) : a.due.compareTo(b.due));
        private Instant now = START;
        private int number;
        private boolean closed;

        @Override
        public void after(Duration delay, Runnable task) {
            tasks.add(new Task(now.plus(delay), number++, task));
        }

        void pass(Duration time) {
            Instant end = now.plus(time);
            while (!tasks.isEmpty() && !tasks.peek().due.isAfter(end)) {
                Task next = tasks.remove();
                now = next.due;
                next.run.run();
            }
            now = end;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** As a store would keep it on disk. */
    private static final class MemoryAccounts implements AccountStore {
        private final Map<ChatId, KeptAccount> kept = new LinkedHashMap<>();
        private Optional<Instant> lastAlive = Optional.empty();

        @Override
        public List<KeptAccount> accounts() {
            return List.copyOf(kept.values());
        }

        @Override
        public void loggedIn(ChatId id, Instant time) {
            KeptAccount was = of(id);
            kept.put(
                    id,
                    new KeptAccount(
                            id,
                            was.firstLogin().or(() -> Optional.of(time)),
                            Optional.of(time),
                            was.online(),
                            was.since()));
        }

        @Override
        public void presence(ChatId id, boolean online, Instant since) {
            KeptAccount was = of(id);
            kept.put(id, new KeptAccount(id, was.firstLogin(), was.lastLogin(), online, Optional.of(since)));
        }

        private KeptAccount of(ChatId id) {
            return kept.getOrDefault(
                    id, new KeptAccount(id, Optional.empty(), Optional.empty(), false, Optional.empty()));
        }

        String state(String id) {
            KeptAccount account = kept.get(new ChatId(id));
            return account == null ? "-" : words(account.online()) + " " + time(account.since());
        }

        @Override
        public Optional<Instant> lastAlive() {
            return lastAlive;
        }
    }

    private final ManualTime time = new ManualTime();
    private final MemoryAccounts store = new MemoryAccounts();
    private final List<String> published = new ArrayList<>();
    private final List<String> topics = new ArrayList<>();
    private PresenceRegistry registry = registry(store);

    private PresenceRegistry registry(AccountStore accounts) {
        return new PresenceRegistry(
                List.of("team1a", "team2a", "Åse Ås", "x1"),
                accounts,
                ChatTopics.DEFAULT,
                (topic, payload, qos) -> {
                    assertThat(qos)
                            .as("a retained message at QoS 0 would be none")
                            .isEqualTo(1);
                    topics.add(topic);
                    published.add(shown(payload));
                },
                time,
                time);
    }

    /** {@code team1a online 10:00:00.000}. */
    private static String shown(byte[] payload) {
        return new String(payload, UTF_8)
                .replaceAll(
                        "\\{\"sender\":\"(.*)\",\"status\":\"(.*)\",\"since\":\"?(?:2026-11-20T)?(.*?)Z?\"?}",
                        "$1 $2 $3");
    }

    private static String words(boolean online) {
        return online ? "online" : "offline";
    }

    private static String time(Optional<Instant> since) {
        return since.map(at -> at.toString().substring(11, 19)).orElse("null");
    }

    private static ClientIdentity client(String user, String clientId) {
        return new ClientIdentity(Optional.ofNullable(user), clientId, "10.0.0.7:51234");
    }

    private void connect(String user, String clientId) {
        registry.onEvent(new BrokerEvent.ClientConnected(time.now, client(user, clientId), "3.1.1", "tcp", 60));
        time.pass(Duration.ZERO);
    }

    private void disconnect(String user, String clientId, Cause cause) {
        registry.onEvent(new BrokerEvent.ClientDisconnected(time.now, client(user, clientId), cause, ""));
        time.pass(Duration.ZERO);
    }

    private List<String> retained(String filter) {
        List<String> all = new ArrayList<>();
        registry.retained(new TopicFilter(filter), (topic, payload) -> {
            String shown = shown(payload);
            assertThat(topic).isEqualTo("ttm4175/chat/" + shown.split(" ")[0] + "/presence");
            all.add(shown);
        });
        return all;
    }

    @Test
    void retained_atFirst_isOfflineSinceNullForEveryAccountWhoseNameIsAnId() {
        assertThat(retained(EVERYBODY))
                .containsExactly("team1a offline null", "team2a offline null", "x1 offline null");
        assertThat(published).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "#,3",
        "ttm4175/#,3",
        "ttm4175/chat/#,3",
        "ttm4175/+/+/presence,3",
        "ttm4175/chat/team1a/#,1",
        "ttm4175/chat/team1a/+,1",
        "ttm4175/chat/team1a/presence,1",
        "ttm4175/chat/team1a/message,0",
        "ttm4175/chat/+/message,0",
        "ttm4175/chat/nobody/presence,0",
        "ttm4175/chat/+,0",
        "ttm4175/other/#,0",
        "$SYS/#,0"
    })
    void retained_isGivenForEachTopicThatTheFilterMatches(String filter, int count) {
        assertThat(retained(filter)).hasSize(count);
    }

    @Test
    void firstConnection_isOnlineAtOnce() {
        connect("team1a", "a");

        assertThat(published).containsExactly("team1a online 10:00:00.000");
        assertThat(topics).containsExactly("ttm4175/chat/team1a/presence");
        assertThat(retained("ttm4175/chat/team1a/#")).containsExactly("team1a online 10:00:00.000");
        assertThat(store.state("team1a")).isEqualTo("online 10:00:00");
    }

    @Test
    void state_isThereBeforeItIsPublished() {
        registry.onEvent(new BrokerEvent.ClientConnected(time.now, client("team1a", "a"), "5", "ws", 60));

        assertThat(published).isEmpty();
        assertThat(retained("ttm4175/chat/team1a/#")).containsExactly("team1a online 10:00:00.000");
    }

    @Test
    void end_isOfflineAfterTheGrace_sinceTheEnd() {
        connect("team1a", "a");
        time.pass(Duration.ofMinutes(5));
        disconnect("team1a", "a", Cause.LOST);
        time.pass(Duration.ofMillis(999));
        assertThat(published).hasSize(1);
        assertThat(store.state("team1a")).isEqualTo("online 10:00:00");

        time.pass(Duration.ofMillis(1));
        assertThat(published).containsExactly("team1a online 10:00:00.000", "team1a offline 10:05:00.000");
        assertThat(retained("ttm4175/chat/team1a/#")).containsExactly("team1a offline 10:05:00.000");
        assertThat(store.state("team1a")).isEqualTo("offline 10:05:00");
    }

    @Test
    void takeOver_changesNothing() {
        connect("team1a", "a");
        for (int i = 0; i < 5; i++) {
            time.pass(Duration.ofMillis(400));
            disconnect("team1a", "a", Cause.TAKEN_OVER);
            connect("team1a", "a");
        }
        time.pass(Duration.ofMinutes(1));

        assertThat(published).containsExactly("team1a online 10:00:00.000");
        assertThat(retained("ttm4175/chat/team1a/#")).containsExactly("team1a online 10:00:00.000");
    }

    @Test
    void secondEndWithinAGrace_startsItAnew() {
        connect("team1a", "a");
        disconnect("team1a", "a", Cause.LOST);
        time.pass(Duration.ofMillis(900));
        connect("team1a", "a");
        disconnect("team1a", "a", Cause.LOST);
        time.pass(Duration.ofMillis(900));
        assertThat(published).hasSize(1);

        time.pass(Duration.ofMillis(100));
        assertThat(published).containsExactly("team1a online 10:00:00.000", "team1a offline 10:00:00.900");
    }

    @Test
    void twoConnections_areOneAccount_offlineAfterTheLast() {
        connect("team1a", "a");
        connect("team1a", "b");
        disconnect("team1a", "a", Cause.DISCONNECT);
        time.pass(Duration.ofSeconds(10));
        assertThat(published).hasSize(1);

        disconnect("team1a", "b", Cause.DISCONNECT);
        time.pass(Duration.ofSeconds(10));
        assertThat(published).containsExactly("team1a online 10:00:00.000", "team1a offline 10:00:10.000");
    }

    @Test
    void return_afterTheGrace_isOnlineAgain() {
        connect("team1a", "a");
        disconnect("team1a", "a", Cause.LOST);
        time.pass(Duration.ofSeconds(2));
        connect("team1a", "a");

        assertThat(published)
                .containsExactly(
                        "team1a online 10:00:00.000", "team1a offline 10:00:00.000", "team1a online 10:00:02.000");
    }

    @Test
    void whoIsNoAccount_isPassedOver() {
        for (String user : new String[] {null, "nobody", "Åse Ås"}) {
            connect(user, "a");
            disconnect(user, "a", Cause.LOST);
        }
        disconnect("team2a", "never connected", Cause.LOST);
        time.pass(Duration.ofMinutes(1));

        assertThat(published).isEmpty();
        assertThat(store.kept).isEmpty();
    }

    @Test
    void login_isKept() {
        connect("team1a", "a");
        time.pass(Duration.ofSeconds(5));
        connect("team1a", "b");

        AccountStore.KeptAccount kept = store.kept.get(new ChatId("team1a"));
        assertThat(kept.firstLogin()).contains(START);
        assertThat(kept.lastLogin()).contains(START.plusSeconds(5));
    }

    @Test
    void close_isOfflineNow_orSinceTheEndForWhoHadLeft() {
        connect("team1a", "a");
        connect("team2a", "a");
        time.pass(Duration.ofSeconds(30));
        disconnect("team2a", "a", Cause.LOST);
        time.pass(Duration.ofMillis(500));
        registry.close();

        assertThat(store.state("team1a")).isEqualTo("offline 10:00:30");
        assertThat(store.kept.get(new ChatId("team1a")).since()).contains(START.plusMillis(30_500));
        assertThat(store.kept.get(new ChatId("team2a")).since()).contains(START.plusSeconds(30));
        assertThat(store.state("x1")).isEqualTo("-");
        assertThat(time.closed).isTrue();
    }

    @Test
    void close_thenWhatComesLate_changesNothing() {
        connect("team1a", "a");
        registry.close();
        disconnect("team1a", "a", Cause.SHUTDOWN);
        connect("team2a", "a");
        time.pass(Duration.ofMinutes(1));
        registry.close();

        assertThat(published).hasSize(1);
        assertThat(store.state("team1a")).isEqualTo("offline 10:00:00");
        assertThat(store.state("team2a")).isEqualTo("-");
    }

    @Test
    void start_afterACleanStop_hasWhenEverybodyWasLastSeen() {
        connect("team1a", "a");
        time.pass(Duration.ofMinutes(1));
        registry.close();
        store.lastAlive = Optional.of(START.plusSeconds(3600));
        registry = registry(store);

        assertThat(retained(EVERYBODY))
                .containsExactly("team1a offline 10:01:00.000", "team2a offline null", "x1 offline null");
    }

    @Test
    void start_afterTheBrokerDied_hasWhoWasOnlineLeaveWhenItWasLastAlive_alsoAfterTheNextStart() {
        connect("team1a", "a");
        store.lastAlive = Optional.of(START.plusSeconds(600));
        registry = registry(store);
        assertThat(retained("ttm4175/chat/team1a/#")).containsExactly("team1a offline 10:10:00.000");

        store.lastAlive = Optional.of(START.plusSeconds(3600));
        registry = registry(store);
        assertThat(retained("ttm4175/chat/team1a/#")).containsExactly("team1a offline 10:10:00.000");
        assertThat(published).as("published by the start").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"null", "2026-11-20T09:59:59Z"},
            nullValues = "null")
    void start_withoutALaterLastAlive_takesWhenTheyCame(Instant lastAlive) {
        connect("team1a", "a");
        store.lastAlive = Optional.ofNullable(lastAlive);
        registry = registry(store);

        assertThat(retained("ttm4175/chat/team1a/#")).containsExactly("team1a offline 10:00:00.000");
    }

    @Test
    void start_withoutAStore_hasEverybodyOfflineSinceNull() {
        registry = registry(AccountStore.none());
        connect("team1a", "a");
        registry.close();
        registry = registry(AccountStore.none());

        assertThat(retained(EVERYBODY))
                .containsExactly("team1a offline null", "team2a offline null", "x1 offline null");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void laterOnAThread_runsInOrder_alsoAfterATaskThatFailed_andNothingAfterItsEnd() throws InterruptedException {
        List<Integer> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        Later later = Later.thread("test");
        try {
            for (int i = 0; i < 1000; i++) {
                int number = i;
                later.after(Duration.ZERO, () -> ran.add(number));
                if (i == 500) {
                    later.after(Duration.ZERO, () -> {
                        throw new IllegalStateException("on purpose");
                    });
                }
            }
            later.after(Duration.ofMillis(1), done::countDown);
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            later.close();
        }
        assertThat(ran).hasSize(1000).isSorted();
        later.after(Duration.ZERO, () -> ran.add(-1));
        assertThat(ran).hasSize(1000);
    }
}
