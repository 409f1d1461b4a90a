package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Test;

class RetainedTopicsTest {

    private static final TopicFilter ALL = new TopicFilter("#");

    private static Delivery publish(String topic, String payload) {
        return new Delivery(
                topic, payload.getBytes(StandardCharsets.UTF_8), 1, PublishProperties.NONE, Optional.empty());
    }

    @Test
    void keep_sameTopicAgain_takesThePlaceOfTheFirst() {
        RetainedTopics retained = new RetainedTopics(10, 1_000);
        assertThat(retained.keep(publish("a/b", "one"))).isTrue();
        assertThat(retained.keep(publish("a/b", "two"))).isTrue();
        assertThat(retained.matching(new TopicFilter("a/+"))).singleElement().satisfies(one -> {
            assertThat(one.payloadText()).isEqualTo("two");
            assertThat(one.isRetained()).isTrue();
        });
        assertThat(retained.matching(new TopicFilter("b/+"))).isEmpty();
    }

    @Test
    void keep_withoutPayload_removes() {
        RetainedTopics retained = new RetainedTopics(10, 1_000);
        retained.keep(publish("a", "one"));
        assertThat(retained.keep(publish("a", ""))).isTrue();
        assertThat(retained.keep(publish("never", ""))).isTrue();
        assertThat(retained.matching(ALL)).isEmpty();
    }

    @Test
    void keep_beyondTheTopics_isRefusedUntilOneIsRemoved() {
        RetainedTopics retained = new RetainedTopics(2, 1_000);
        assertThat(retained.keep(publish("a", "one"))).isTrue();
        assertThat(retained.keep(publish("b", "one"))).isTrue();
        assertThat(retained.keep(publish("c", "one"))).isFalse();
        assertThat(retained.keep(publish("b", "two"))).isTrue();
        retained.keep(publish("a", ""));
        assertThat(retained.keep(publish("c", "one"))).isTrue();
    }

    @Test
    void keep_beyondTheBytes_isRefusedAndLeavesWhatWas() {
        RetainedTopics retained = new RetainedTopics(10, 200);
        assertThat(retained.keep(publish("a", "one"))).isTrue();
        assertThat(retained.keep(publish("a", "x".repeat(200)))).isFalse();
        assertThat(retained.matching(ALL)).extracting(Delivery::payloadText).containsExactly("one");
        assertThat(retained.keep(publish("a", "two"))).isTrue();
    }
}
