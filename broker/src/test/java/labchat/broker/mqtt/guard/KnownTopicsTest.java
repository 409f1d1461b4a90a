package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;

class KnownTopicsTest {

    private static final String TOPIC = ChatTopics.DEFAULT.topic(new ChatId("team1a"), ChatKind.MESSAGE);

    private final KnownTopics topics = new KnownTopics(ChatTopics.DEFAULT);

    private KnownTopics.Topic remember(String name) {
        return topics.remember(topics.page(), topics.parse(name));
    }

    @Test
    void topic_parsed_saysWhatItMeans() {
        KnownTopics.Topic topic = topics.parse(TOPIC);
        assertThat(topic.chat()).contains(ChatTopics.DEFAULT.parse(TOPIC).orElseThrow());
        assertThat(topic.server()).isEmpty();
        assertThat(topic.bytes()).asString().isEqualTo(TOPIC);
        assertThat(topics.page().find(TOPIC)).isNull();
    }

    @Test
    void topic_remembered_isTheSameForAll() {
        KnownTopics.Topic first = remember(TOPIC);
        assertThat(topics.page().find(TOPIC)).isSameAs(first);
        assertThat(remember(TOPIC)).isSameAs(first);
        assertThat(remember("lab/other").number()).isNotEqualTo(first.number());
    }

    @Test
    void longTopic_isNotRemembered() {
        String longName = "a".repeat(129);
        assertThat(remember(longName).number()).isNegative();
        assertThat(topics.page().find(longName)).isNull();
    }

    @Test
    void floodOfTopics_beginsAnew() {
        KnownTopics.Page before = topics.page();
        for (int i = 0; i < KnownTopics.MOST; i++) {
            assertThat(remember("lab/" + i).number()).isEqualTo(i);
        }
        assertThat(remember("lab/more").number()).isNegative();
        assertThat(topics.page()).isNotSameAs(before);
        assertThat(topics.remember(before, topics.parse("lab/late")).number()).isNegative();
        assertThat(remember("lab/more").number()).isZero();
    }

    @Test
    void right_remembered_countsOnThisPageInThisStateOfTheRights() {
        KnownTopics.Rights rights = new KnownTopics.Rights();
        KnownTopics.Page page = topics.page();
        KnownTopics.Topic one = remember("lab/one");
        KnownTopics.Topic two = remember("lab/two");
        assertThat(rights.allow(page, 1, one)).isFalse();
        rights.add(page, 1, one);
        assertThat(rights.allow(page, 1, one)).isTrue();
        assertThat(rights.allow(page, 1, two)).isFalse();
        assertThat(rights.allow(page, 2, one)).isFalse();
        assertThat(rights.allow(new KnownTopics.Page(2), 1, one)).isFalse();
    }

    @Test
    void rights_inANewState_forgetWhatWasAllowed() {
        KnownTopics.Rights rights = new KnownTopics.Rights();
        KnownTopics.Page page = topics.page();
        KnownTopics.Topic one = remember("lab/one");
        KnownTopics.Topic two = remember("lab/two");
        rights.add(page, 1, one);
        rights.add(page, 2, two);
        assertThat(rights.allow(page, 2, one)).isFalse();
        assertThat(rights.allow(page, 2, two)).isTrue();
    }

    @Test
    void right_onATopicThatIsNotRemembered_isNotKept() {
        KnownTopics.Rights rights = new KnownTopics.Rights();
        rights.add(topics.page(), 1, topics.parse(TOPIC));
        KnownTopics.Topic known = remember(TOPIC);
        assertThat(rights.allow(topics.page(), 1, known)).isFalse();
    }
}
