package labchat.broker.staff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import labchat.broker.event.Refusal;
import org.junit.jupiter.api.Test;

class LiveFeedTest {

    private final LiveFeed feed = new LiveFeed(false, 4);

    private void add(LiveFeed to, int from, int upTo) {
        IntStream.rangeClosed(from, upTo)
                .forEach(i ->
                        to.onPacket(Happenings.packet("team1a", "topic-" + i, Optional.empty(), Optional.empty())));
    }

    private static List<String> topics(LiveFeed.Page page) {
        return page.entries().stream().map(entry -> entry.packet().topic()).toList();
    }

    @Test
    void read_nothing_isAnEmptyPage() {
        assertThat(feed.read(0, 10)).isEqualTo(new LiveFeed.Page(List.of(), 0, 0));
        assertThat(feed.last()).isZero();
    }

    @Test
    void read_inPages_givesEachPacketOnceInOrder() {
        add(feed, 1, 3);
        LiveFeed.Page first = feed.read(0, 2);
        add(feed, 4, 4);
        LiveFeed.Page second = feed.read(first.upTo(), 2);

        assertThat(topics(first)).containsExactly("topic-1", "topic-2");
        assertThat(topics(second)).containsExactly("topic-3", "topic-4");
        assertThat(feed.read(second.upTo(), 2).entries()).isEmpty();
    }

    @Test
    void read_byAReaderThatIsSlow_countsWhatWasOverwritten() {
        add(feed, 1, 2);
        long upTo = feed.read(0, 10).upTo();
        add(feed, 3, 10);

        LiveFeed.Page page = feed.read(upTo, 10);

        assertThat(topics(page)).containsExactly("topic-7", "topic-8", "topic-9", "topic-10");
        assertThat(page.missed()).isEqualTo(4);
    }

    @Test
    void read_fromTheBeginning_missesNothing() {
        add(feed, 1, 10);

        assertThat(feed.read(0, 10).missed()).isZero();
        assertThat(feed.read(0, 10).entries()).hasSize(4);
    }

    @Test
    void onPacket_byManyThreads_losesNone() throws InterruptedException {
        LiveFeed large = new LiveFeed(false, 1 << 12);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> add(large, 1, 1_000));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(large.read(0, 1 << 12).entries())
                .extracting(LiveFeed.Entry::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 4_000).mapToObj(Long::valueOf).toList());
    }

    @Test
    void onPacket_messagesAreNotForStaff_holdsNoneOfThem() {
        Refusal refusal = Refusal.of(
                "invalid_json", "line 1, column 67: expected a comma or }, found the end: …e\":\"secret\",»«");
        feed.onPacket(Happenings.packet("team1a", "t", Optional.of(refusal), Optional.of("{\"message\":\"secret\"")));

        assertThat(feed.wantsPayload()).isFalse();
        assertThat(feed.read(0, 1).entries().get(0).packet()).satisfies(packet -> {
            assertThat(packet.payload()).isEmpty();
            assertThat(packet.refusal().orElseThrow().reason())
                    .isEqualTo("line 1, column 67: expected a comma or }, found the end");
        });
    }

    @Test
    void onPacket_reasonThatNamesAWordOfAMessage_namesItNot() {
        Refusal refusal = Refusal.of(
                "invalid_json", "line 1, column 1: expected a value, found \"secret\", which is text: »secret« word");
        feed.onPacket(Happenings.packet("team1a", "t", Optional.of(refusal), Optional.empty()));

        assertThat(feed.read(0, 1)
                        .entries()
                        .get(0)
                        .packet()
                        .refusal()
                        .orElseThrow()
                        .reason())
                .isEqualTo("line 1, column 1: expected a value, found \"…\", which is text");
    }

    @Test
    void onPacket_messagesAreForStaff_holdsThemUpToALength() {
        LiveFeed open = new LiveFeed(true, 4);
        open.onPacket(Happenings.packet("team1a", "t", Optional.empty(), Optional.of("Hei!")));
        open.onPacket(Happenings.packet("team1a", "t", Optional.empty(), Optional.of("x".repeat(10_000))));

        assertThat(open.wantsPayload()).isTrue();
        assertThat(open.read(0, 2).entries())
                .extracting(entry -> entry.packet().payload().orElseThrow().length())
                .containsExactly(4, LiveFeed.PAYLOAD_LENGTH + 1);
    }

    @Test
    void capacity_noPowerOfTwo_isRefused() {
        assertThatThrownBy(() -> new LiveFeed(false, 6)).hasMessageContaining("6");
    }
}
