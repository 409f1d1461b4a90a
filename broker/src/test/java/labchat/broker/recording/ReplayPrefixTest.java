package labchat.broker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayPrefixTest {

    @ParameterizedTest
    @ValueSource(strings = {"demo/lesson/", "demo", "ttm4175/demo/", "ttm4175/chatter/", "ttm4175"})
    void problem_besideTheChat_isNone(String prefix) {
        assertThat(ReplayPrefix.problem(prefix, ChatTopics.DEFAULT)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttm4175/chat | where the class chats",
                "ttm4175/chat/ | where the class chats",
                "ttm4175/chat/team1a/ | where the class chats",
                "$SYS/x | the broker's",
                "$share/g/demo | the broker's",
                "demo/+/ | a wildcard",
                "demo/# | a wildcard",
                "/demo | begins with a slash",
                "'' | is empty",
                "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q | 16"
            })
    void problem_whereNothingMayBePlayed_isSaid(String prefix, String words) {
        assertThat(ReplayPrefix.problem(prefix, ChatTopics.DEFAULT).orElseThrow())
                .contains(words);
    }

    @Test
    void problemOf_topicThatWouldBeInTheChat_isSaid() {
        assertThat(ReplayPrefix.problemOf("ttm4175/", "chat/ada/message", ChatTopics.DEFAULT)
                        .orElseThrow())
                .contains("where the class chats");
        assertThat(ReplayPrefix.problemOf("demo/", "ttm4175/chat/ada/message", ChatTopics.DEFAULT))
                .isEmpty();
    }

    @Test
    void of_recordingsName_isATopicOfItsOwn() {
        assertThat(ReplayPrefix.of("lesson 1+#.jsonl")).isEqualTo("demo/lesson-1-/");
    }
}
