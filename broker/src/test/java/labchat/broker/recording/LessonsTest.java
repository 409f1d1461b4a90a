package labchat.broker.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;
import labchat.protocol.topic.ChatTopics;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LessonsTest {

    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path dir;

    private final List<String> played = Collections.synchronizedList(new ArrayList<>());
    private Lessons lessons;

    @BeforeEach
    void open() {
        lessons = new Lessons(
                dir,
                ChatTopics.DEFAULT,
                () -> List.of("team1a", "team2a", "team3a"),
                id -> false,
                (topic, payload, qos) ->
                        played.add(topic + " " + qos + " " + new String(payload, StandardCharsets.UTF_8)),
                CLOCK);
    }

    @AfterEach
    void close() {
        lessons.close();
    }

    private RecordingOrder order(String name, String... users) throws RecordingException {
        return new RecordingOrder(lessons.resolve(name), Duration.ofHours(1), Set.of(users), false, false);
    }

    private static PacketTrace publish(String from, String to, String uuid, Optional<Refusal> refusal) {
        return new PacketTrace(
                CLOCK.instant(),
                new ClientIdentity(Optional.of(from), from + "-laptop", "10.0.0.7:1"),
                true,
                "PUBLISH",
                "ttm4175/chat/" + to + "/message",
                1,
                false,
                false,
                1,
                100,
                -1,
                Optional.of(new ChatFields("message", from, to, uuid)),
                refusal,
                Optional.of("{\"sender\":\"%s\",\"receiver\":\"%s\",\"message\":\"Kari\",\"uuid\":\"%s\"}"
                        .formatted(from, to, uuid)));
    }

    private Path recorded(String name, PacketTrace... packets) throws IOException {
        lessons.record(order(name));
        for (PacketTrace packet : packets) {
            lessons.onPacket(packet);
        }
        lessons.endRecording();
        return lessons.resolve(name);
    }

    @Test
    void record_whatPasses_isThereUnderOtherNamesAndNothingElse() throws IOException {
        assertThat(lessons.wantsPayload()).isFalse();
        Path file = recorded(
                "lesson.jsonl",
                publish("team1a", "team2a", "u1", Optional.empty()),
                publish("team1a", "team9z", "u2", Optional.of(Refusal.of("unknown_receiver", "there is no team9z"))));
        lessons.onPacket(publish("team1a", "team2a", "late", Optional.empty()));

        String text = Files.readString(file);
        assertThat(text).doesNotContain("team", "Kari", "10.0.0.7", "laptop");
        assertThat(text.lines()).hasSize(4);
        assertThat(lessons.wantsPayload()).isFalse();
        try (Recording recording = Recording.open(file)) {
            Recording.Entry first = recording.next().orElseThrow();
            assertThat(first.isPublished()).isTrue();
            assertThat(first.packet().chat()).contains(new ChatFields("message", "ada", "alan", "m1"));
            assertThat(recording.next().orElseThrow().isPublished())
                    .as("refused")
                    .isFalse();
            assertThat(recording.next()).as("the end").isEmpty();
            assertThat(recording.isCut()).isFalse();
        }
    }

    @Test
    void record_ofSomeUsers_hasWhatTheySayAndWhatIsSaidToThem() throws IOException {
        lessons.record(order("some.jsonl", "team2a"));
        lessons.onPacket(publish("team1a", "team2a", "to", Optional.empty()));
        lessons.onPacket(publish("team2a", "team3a", "from", Optional.empty()));
        lessons.onPacket(publish("team1a", "team3a", "others", Optional.empty()));

        assertThat(lessons.endRecording().orElseThrow().publishes()).isEqualTo(2);
    }

    @Test
    void record_thatCannotBe_saysWhy() throws IOException {
        recorded("there.jsonl");
        assertThatThrownBy(() -> lessons.record(order("there.jsonl")))
                .hasMessageContaining("exists; name another file");
        assertThatThrownBy(() -> lessons.record(order("x.jsonl", "nobody")))
                .hasMessageContaining("no account \"nobody\"");
        assertThatThrownBy(() -> lessons.record(order(dir + "/none/x.jsonl"))).hasMessageContaining("no directory");
        lessons.record(order("running.jsonl"));
        assertThatThrownBy(() -> lessons.record(order("second.jsonl"))).hasMessageContaining("running already");
    }

    @Test
    void replay_atTheHighestSpeed_keepsTheOrderOfEachTopic() throws IOException {
        PacketTrace[] packets = new PacketTrace[200];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = publish("team1a", i % 2 == 0 ? "team2a" : "team3a", "u" + i, Optional.empty());
        }
        Path file = recorded("lesson.jsonl", packets);

        lessons.replay(new ReplayOrder(file, ReplayOrder.MAX, "demo/lesson"));
        Awaitility.await().until(() -> !lessons.replaying().orElseThrow().running());

        List<String> expected = new ArrayList<>();
        try (Recording recording = Recording.open(file)) {
            for (Optional<Recording.Entry> next = recording.next(); next.isPresent(); next = recording.next()) {
                expected.add("demo/lesson/" + next.get().packet().topic() + " 1 "
                        + next.get().payload().orElseThrow());
            }
        }
        assertThat(played).hasSize(200).isEqualTo(expected);
        assertThat(lessons.replaying().orElseThrow().problem()).isEmpty();
    }

    @Test
    void replay_thatIsStopped_publishesNoMore() throws IOException {
        lessons.record(order("slow.jsonl"));
        lessons.onPacket(publish("team1a", "team2a", "u1", Optional.empty()));
        PacketTrace later = publish("team1a", "team2a", "u2", Optional.empty());
        lessons.onPacket(new PacketTrace(
                later.time().plusSeconds(3_600),
                later.client(),
                true,
                "PUBLISH",
                later.topic(),
                1,
                false,
                false,
                2,
                1,
                -1,
                later.chat(),
                Optional.empty(),
                later.payload()));
        lessons.endRecording();

        lessons.replay(new ReplayOrder(lessons.resolve("slow.jsonl"), 1, "demo/"));
        assertThatThrownBy(() -> lessons.replay(new ReplayOrder(lessons.resolve("slow.jsonl"), 1, "demo/")))
                .hasMessageContaining("already");
        Awaitility.await().until(() -> played.size() == 1);
        ReplayStatus ended = lessons.endReplay().orElseThrow();

        assertThat(ended.running()).isFalse();
        assertThat(ended.published()).isEqualTo(1);
    }

    @Test
    void replay_ofWhatIsNoRecording_saysWhere() throws IOException {
        Path other = Files.writeString(dir.resolve("other.jsonl"), "{\"time\":\"x\"}\n");
        assertThatThrownBy(() -> lessons.replay(new ReplayOrder(other, 1, "demo/")))
                .hasMessageContaining("other.jsonl:1: this is no recording");
        Path file = recorded("broken.jsonl", publish("team1a", "team2a", "u1", Optional.empty()));
        Files.writeString(file, Files.readString(file).replaceFirst("\\{\"ms\"", "\\{ms"));
        assertThatThrownBy(() -> lessons.replay(new ReplayOrder(file, 1, "demo/")))
                .hasMessageContaining("broken.jsonl:2: ");
        assertThatThrownBy(() -> lessons.replay(new ReplayOrder(dir.resolve("none.jsonl"), 1, "demo/")))
                .hasMessageContaining("no such recording");
        assertThatThrownBy(() -> lessons.replay(new ReplayOrder(file, 1, "ttm4175/chat/")))
                .hasMessageContaining("where the class chats");
        assertThat(played).isEmpty();
    }

    @Test
    void list_recordings_saysWhatIsInThem() throws IOException {
        Path file = recorded("one.jsonl", publish("team1a", "team2a", "u1", Optional.empty()));
        Files.writeString(lessons.resolve("bad.jsonl"), "nothing\n");
        // A broker that was killed leaves a line that is not whole.
        Files.writeString(file, Files.readString(file) + "{\"ms\":12,\"ty");

        assertThat(lessons.list()).extracting(Lessons.Listed::name).containsExactly("one.jsonl", "bad.jsonl");
        assertThat(lessons.list().get(0).publishes()).isEqualTo(1);
        assertThat(lessons.list().get(0).users()).containsExactly("ada");
        assertThat(lessons.list().get(1).problem().orElseThrow()).contains("no recording");
        assertThatThrownBy(() -> lessons.listed("../one.jsonl")).hasMessageContaining("there is no recording");
    }
}
