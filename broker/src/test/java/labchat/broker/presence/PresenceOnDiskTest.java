package labchat.broker.presence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.broker.TestClock;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.ClientIdentity;
import labchat.broker.store.sqlite.SqliteSettings;
import labchat.broker.store.sqlite.SqliteStore;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Presence in the store that the broker has: what is left of it at the next start. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PresenceOnDiskTest {

    private static final Instant START = Instant.parse("2026-11-20T10:15:30.123Z");

    /** Runs nothing: what is published is of no interest here. */
    private static final class Never implements Later {
        @Override
        public void after(Duration delay, Runnable task) {
            // Never comes.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @TempDir
    private Path directory;

    private final TestClock clock = new TestClock(START.toString());

    private SqliteStore open() {
        return SqliteStore.open(directory.resolve(SqliteStore.FILE_NAME), SqliteSettings.STANDARD, clock);
    }

    private PresenceRegistry registry(SqliteStore store) {
        return new PresenceRegistry(
                List.of("team1a", "team2a"),
                store.accounts(),
                ChatTopics.DEFAULT,
                (topic, payload, qos) -> {},
                clock,
                new Never());
    }

    private static void connect(PresenceRegistry registry, String user, Instant time) {
        ClientIdentity client = new ClientIdentity(Optional.of(user), "c", "10.0.0.7:51234");
        registry.onEvent(new BrokerEvent.ClientConnected(time, client, "5", "tcp", 60));
    }

    private static String presence(PresenceRegistry registry, String user) {
        StringBuilder all = new StringBuilder();
        registry.retained(
                new TopicFilter("ttm4175/chat/" + user + "/presence"),
                (topic, payload) -> all.append(new String(payload, UTF_8)));
        return all.toString();
    }

    @Test
    void cleanStop_isWhenTheyWereLastSeen_whoNeverCameStaysNull() {
        try (SqliteStore store = open();
                PresenceRegistry registry = registry(store)) {
            connect(registry, "team1a", START);
            clock.set(START.plusSeconds(60));
        }
        clock.set(START.plusSeconds(3600));

        try (SqliteStore store = open();
                PresenceRegistry registry = registry(store)) {
            assertThat(presence(registry, "team1a"))
                    .isEqualTo("{\"sender\":\"team1a\",\"status\":\"offline\",\"since\":\"2026-11-20T10:16:30.123Z\"}");
            assertThat(presence(registry, "team2a"))
                    .isEqualTo("{\"sender\":\"team2a\",\"status\":\"offline\",\"since\":null}");
        }
    }

    @Test
    void registryThatDied_leavesEverybodyOfflineSinceTheStoreWasLastAlive() {
        try (SqliteStore store = open()) {
            connect(registry(store), "team1a", START);
            // Ends without a word to the registry; the store's last sign of life is not before this.
        }
        clock.set(START.plusSeconds(3600));

        for (int start = 0; start < 2; start++) {
            try (SqliteStore store = open();
                    PresenceRegistry registry = registry(store)) {
                assertThat(presence(registry, "team1a"))
                        .isEqualTo(
                                "{\"sender\":\"team1a\",\"status\":\"offline\",\"since\":\"2026-11-20T10:15:30.123Z\"}");
            }
            clock.set(clock.instant().plusSeconds(3600));
        }
    }
}
