package labchat.broker.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import labchat.broker.event.BrokerCounts;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SysTopicsTest {

    private final Map<String, String> published = new TreeMap<>();
    private long nanos = 1_000;
    private long heap = 5_000;
    private BrokerCounts counts = counts(0, 0, 0);

    private final SysTopics topics = new SysTopics(
            () -> counts,
            "1.2.3",
            () -> heap,
            (topic, payload, qos) -> {
                assertThat(qos).as(topic).isEqualTo(2);
                published.put(topic, new String(payload, StandardCharsets.UTF_8));
            },
            () -> nanos);

    private static BrokerCounts counts(long clients, long away, long packets) {
        return new BrokerCounts(1, 2, clients, away, 5, packets, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private void after(long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        published.clear();
        topics.publish();
    }

    private Map<String, String> retained(String filter) {
        Map<String, String> found = new TreeMap<>();
        topics.retained(
                new TopicFilter(filter),
                (topic, payload) -> found.put(topic, new String(payload, StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    void publish_saysWhatWasCounted() {
        counts = counts(3, 4, 120);

        after(10);

        assertThat(published)
                .containsEntry("$SYS/broker/version", "labchat version 1.2.3")
                .containsEntry("$SYS/broker/uptime", "10 seconds")
                .containsEntry("$SYS/broker/clients/connected", "3")
                .containsEntry("$SYS/broker/clients/disconnected", "4")
                .containsEntry("$SYS/broker/clients/total", "7")
                .containsEntry("$SYS/broker/clients/expired", "5")
                .containsEntry("$SYS/broker/messages/received", "120")
                .containsEntry("$SYS/broker/bytes/received", "8")
                .containsEntry("$SYS/broker/publish/messages/dropped", "14")
                .containsEntry("$SYS/broker/subscriptions/count", "15")
                .containsEntry("$SYS/broker/retained messages/count", Integer.toString(16 + published.size()))
                .containsEntry("$SYS/broker/heap/current", "5000")
                .containsEntry("$SYS/broker/load/messages/received/1min", "110.53");
    }

    @Test
    void publish_ofWhatHasNotChanged_saysNothing() {
        after(10);
        after(10);

        assertThat(published.keySet())
                .filteredOn(topic -> !topic.startsWith("$SYS/broker/load/"))
                .containsExactly("$SYS/broker/uptime");
    }

    @Test
    void maximum_keepsTheLargest() {
        counts = counts(9, 0, 0);
        after(10);
        counts = counts(1, 0, 0);
        heap = 100;
        after(10);

        assertThat(retained("$SYS/broker/+/maximum"))
                .containsEntry("$SYS/broker/clients/maximum", "9")
                .containsEntry("$SYS/broker/heap/maximum", "5000");
        assertThat(retained("$SYS/broker/heap/current")).containsValue("100");
    }

    @Test
    void retained_ofAFilterThatBeginsWithAWildcard_isNothing() {
        after(10);

        assertThat(retained("#")).isEmpty();
        assertThat(retained("+/broker/uptime")).isEmpty();
        assertThat(retained("$SYS/#")).containsEntry("$SYS/broker/uptime", "10 seconds");
    }

    @Test
    void publish_whenCountingFails_goesOnTheNextTime() {
        BrokerCounts good = counts;
        counts = null;
        after(10);
        counts = good;
        after(10);

        assertThat(published).containsEntry("$SYS/broker/uptime", "20 seconds");
    }
}
