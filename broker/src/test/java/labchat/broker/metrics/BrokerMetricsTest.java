package labchat.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.Refusal;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.Store;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerMetricsTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ClientIdentity CLIENT = new ClientIdentity(Optional.of("team1a"), "laptop", "10.0.0.7:1");

    private final BrokerMetrics metrics = new BrokerMetrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void scrape_afterEvents_hasTheirNumbers() {
        metrics.onEvent(new BrokerEvent.ClientConnected(NOON, CLIENT, "5", "ws", 60));
        metrics.onEvent(new BrokerEvent.ClientConnected(NOON, CLIENT, "5", "ws", 60));
        metrics.onEvent(new BrokerEvent.ClientDisconnected(NOON, CLIENT, Cause.LOST, ""));
        metrics.onEvent(new BrokerEvent.MessagePublished(
                NOON,
                CLIENT,
                "ttm4175/chat/team2a/message",
                1,
                false,
                10,
                Optional.of(new ChatFields("message", "team1a", "team2a", "u")),
                3));
        metrics.onEvent(new BrokerEvent.MessagePublished(NOON, CLIENT, "else", 0, false, 10, Optional.empty(), -1));
        metrics.onEvent(
                new BrokerEvent.PacketRefused(NOON, CLIENT, "PUBLISH", "t", Refusal.of("invalid_json", "line 1")));

        assertThat(metrics.scrape().lines())
                .contains(
                        "labchat_connections 1.0",
                        "labchat_deliveries_total 3.0",
                        "labchat_publishes_total{kind=\"message\"} 1.0",
                        "labchat_publishes_total{kind=\"other\"} 1.0",
                        "labchat_logins_total{listener=\"ws\",version=\"5\"} 2.0",
                        "labchat_disconnects_total{cause=\"lost\"} 1.0",
                        "labchat_refusals_total{code=\"invalid_json\",packet=\"PUBLISH\"} 1.0")
                .anySatisfy(line -> assertThat(line).startsWith("jvm_memory_used_bytes"));
        assertThat(metrics.scrape()).doesNotContain("team1a").doesNotContain("laptop");
    }

    @Test
    void timed_publishOnDisk_isInTheHistogramAndNoLongerWaits() {
        MessageStore messages = metrics.timed(Store.none()).messages();
        ChatMessage message = new ChatMessage(new ChatId("team1a"), new ChatId("team2a"), "Hei!", new MessageUuid("u"));
        boolean[] told = new boolean[1];

        messages.append(
                new AcceptedPublish(NOON, message, false, new byte[0], 1, new byte[0]), new MessageStore.Outcome() {
                    @Override
                    public void durable() {
                        told[0] = true;
                    }

                    @Override
                    public void failed() {
                        throw new AssertionError("nothing failed");
                    }
                });

        assertThat(told[0]).isTrue();
        assertThat(metrics.scrape().lines())
                .contains(
                        "labchat_store_waiting 0.0",
                        "labchat_store_commit_seconds_count 1",
                        "labchat_store_commit_seconds_bucket{le=\"+Inf\"} 1");
    }
}
