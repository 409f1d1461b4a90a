package labchat.protocol.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import labchat.protocol.identity.ChatId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTopicsTest {

    private final ChatTopics topics = ChatTopics.DEFAULT;

    @ParameterizedTest
    @EnumSource(ChatKind.class)
    void parse_builtTopic_givesItsParts(ChatKind kind) {
        ChatId id = new ChatId("team2a");
        assertThat(topics.parse(topics.topic(id, kind))).contains(new ChatTopic(id, kind));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttm4175/chat/team2a",
                "ttm4175/chat/team2a/messages",
                "ttm4175/chat/team2a/message/",
                "ttm4175/chat/team2a/x/message",
                "ttm4175/chat//message",
                "ttm4175/chat/team 2/message",
                "/ttm4175/chat/team2a/message",
                "ttm4175/chatx/team2a/message",
                "ttm4175/chat/team2a/presence",
                "ttm4175/chat",
                "",
            })
    void parse_otherTopic_givesNothing(String topic) {
        assertThat(topics.parse(topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a/+", "#", "$SYS"})
    void construct_badRoot_isRefused(String root) {
        assertThatThrownBy(() -> new ChatTopics(root)).hasMessageContaining("chat root");
    }
}
