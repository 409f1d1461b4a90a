package labchat.broker.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.Test;

class RecentMessagesTest {

    private final RecentMessages messages = new RecentMessages();

    private static MessageId message(String sender, String receiver, String uuid) {
        return new MessageId(new ChatId(sender), new ChatId(receiver), new MessageUuid(uuid));
    }

    @Test
    void neverSaw_messageThatWasPassedOn_isFalse() {
        messages.add(message("team1a", "team2a", "u1"));
        assertThat(messages.neverSaw(message("team1a", "team2a", "u1"))).isFalse();
    }

    @Test
    void neverSaw_otherSenderReceiverOrUuid_isTrue() {
        messages.add(message("team1a", "team2a", "u1"));
        assertThat(messages.neverSaw(message("team2a", "team1a", "u1"))).isTrue();
        assertThat(messages.neverSaw(message("team1a", "team3a", "u1"))).isTrue();
        assertThat(messages.neverSaw(message("team1a", "team2a", "u2"))).isTrue();
    }

    @Test
    void neverSaw_onceSomethingWasForgotten_isNeverCertain() {
        for (int i = 0; i < 100_000; i++) {
            messages.add(message("team1a", "team2a", "u" + i));
        }
        assertThat(messages.neverSaw(message("team1a", "team2a", "x"))).isTrue();
        messages.add(message("team1a", "team2a", "one-more"));
        assertThat(messages.neverSaw(message("team1a", "team2a", "x"))).isFalse();
        assertThat(messages.neverSaw(message("team1a", "team2a", "u0"))).isFalse();
    }
}
