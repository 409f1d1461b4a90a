package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.sqlite.JournalCodec.DamagedJournal;
import labchat.broker.store.sqlite.JournalCodec.Entry;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;

class JournalCodecTest {

    private static final String LONGEST_ID = "x".repeat(ChatId.MAX_LENGTH);
    private static final String LONGEST_UUID = "~".repeat(MessageUuid.MAX_LENGTH);

    private final JournalCodec codec = new JournalCodec();

    @Test
    void publishes_encoded_areDecodedAsTheyWere() throws Exception {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 7);
        ChatMessage event =
                new ChatMessage(new ChatId(LONGEST_ID), new ChatId("b"), "x", new MessageUuid(LONGEST_UUID));
        codec.begin();
        codec.add(41, new AcceptedPublish(TIME, event, false, large, 2, new byte[] {1, 2}), LONGEST_UUID);
        codec.add(43, Publishes.receipt(ChatKind.READ, "b", "a", "u", "room"), "u");
        codec.add(1L << 60, Publishes.roomMessage("a", "room", "u"), "u");

        List<Entry> entries = JournalCodec.decode(codec.end());

        assertThat(entries).hasSize(3);
        assertThat(entries.get(0))
                .usingRecursiveComparison()
                .isEqualTo(new Entry(
                        41,
                        ChatKind.MESSAGE,
                        LONGEST_ID,
                        "b",
                        LONGEST_UUID,
                        Optional.empty(),
                        TIME.toEpochMilli(),
                        2,
                        large,
                        new byte[] {1, 2}));
        assertThat(entries.get(1).kind()).isEqualTo(ChatKind.READ);
        assertThat(entries.get(1).room()).contains("room");
        assertThat(entries.get(2).sequence()).isEqualTo(1L << 60);
        assertThat(entries.get(2).room()).contains("room");
    }

    @Test
    void blob_withAnyByteChangedOrMissing_isRefused() {
        codec.begin();
        codec.add(1, Publishes.message("a", "b", "u"), "u");
        byte[] blob = codec.end();

        for (int i = 0; i < blob.length; i++) {
            byte[] changed = blob.clone();
            changed[i] ^= 0x10;
            byte[] shorter = Arrays.copyOf(blob, i);
            assertThatThrownBy(() -> JournalCodec.decode(changed)).isInstanceOf(DamagedJournal.class);
            assertThatThrownBy(() -> JournalCodec.decode(shorter)).isInstanceOf(DamagedJournal.class);
        }
    }
}
