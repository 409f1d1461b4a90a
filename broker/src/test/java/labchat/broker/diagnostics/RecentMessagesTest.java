package labchat.broker.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.Test;

class RecentMessagesTest {

    private final RecentMessages messages = new RecentMessages();

    private static MessageId message(String sender, String receiver, String uuid) {
        return new MessageId(new ChatId(sender), new ChatId(receiver), new MessageUuid(uuid));
    }

    private static ChatMessage said(String uuid, String text) {
        return new ChatMessage(new ChatId("team1a"), new ChatId("team2a"), text, new MessageUuid(uuid));
    }

    @Test
    void add_sameTextAgain_isARepetition() {
        assertThat(messages.add(said("u1", "Hei!"))).isFalse();
        assertThat(messages.add(said("u1", "Hei!"))).isFalse();
    }

    @Test
    void add_otherTextUnderTheSameUuid_isNoticedEachTime() {
        messages.add(said("u1", "Hei!"));
        assertThat(messages.add(said("u1", "Hallo!"))).isTrue();
        assertThat(messages.add(said("u1", "Hallo!"))).isTrue();
        assertThat(messages.add(said("u2", "Hallo!"))).isFalse();
    }

    @Test
    void neverSaw_messageThatWasPassedOn_isFalse() {
        messages.add(said("u1", "Hei!"));
        assertThat(messages.neverSaw(message("team1a", "team2a", "u1"))).isFalse();
    }

    @Test
    void neverSaw_otherSenderReceiverOrUuid_isTrue() {
        messages.add(said("u1", "Hei!"));
        assertThat(messages.neverSaw(message("team2a", "team1a", "u1"))).isTrue();
        assertThat(messages.neverSaw(message("team1a", "team3a", "u1"))).isTrue();
        assertThat(messages.neverSaw(message("team1a", "team2a", "u2"))).isTrue();
    }

    @Test
    void add_anOtherTextAfterMany_isNoticedAmongTheRemembered() {
        for (int i = 0; i < 200_000; i++) {
            messages.add(said("u" + i, "Hei!"));
        }
        assertThat(messages.add(said("u140000", "Hallo!"))).isTrue();
        assertThat(messages.add(said("u199999", "Hallo!"))).isTrue();
        assertThat(messages.add(said("u1", "Hallo!"))).isFalse();
    }

    @Test
    void neverSaw_onceSomethingWasForgotten_isNeverCertain() {
        for (int i = 0; i < 131_072; i++) {
            messages.add(said("u" + i, "Hei!"));
        }
        assertThat(messages.neverSaw(message("team1a", "team2a", "x"))).isTrue();
        messages.add(said("one-more", "Hei!"));
        assertThat(messages.neverSaw(message("team1a", "team2a", "x"))).isFalse();
        assertThat(messages.neverSaw(message("team1a", "team2a", "u0"))).isFalse();
    }
}
