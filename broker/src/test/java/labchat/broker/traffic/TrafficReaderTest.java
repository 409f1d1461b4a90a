package labchat.broker.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrafficReaderTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    private Path dir;

    private Path log;

    @BeforeEach
    void nameTheLog() {
        log = dir.resolve("traffic.jsonl");
    }

    static Stream<PacketTrace> packets() {
        return Stream.of(
                Packets.ping(),
                Packets.ping(new ClientIdentity(Optional.empty(), "a\nb\u202e\"", "[::1]:5")),
                Packets.message(Optional.empty(), Optional.empty()),
                Packets.message(Optional.empty(), Optional.of("{\"message\":\"Hei \uD83D\uDE00\n\"}")),
                Packets.message(
                        Optional.of(new Refusal("acl_denied", "no rule lets team1a", Optional.of("acl.conf:12"))),
                        Optional.empty()),
                Packets.message(Optional.of(Refusal.of("invalid_json", "line 1")), Optional.empty()),
                packet(NOON, "team1a", false, "CONNACK", "", 0x86));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void next_packetThatWasLogged_isTheSame(PacketTrace packet) throws IOException {
        append(log, packet);

        TrafficRecord read = all(TrafficFilter.ALL).get(0);

        PacketTrace cutToMicroseconds = new PacketTrace(
                read.time(),
                packet.client(),
                packet.inbound(),
                packet.type(),
                packet.topic(),
                packet.qos(),
                packet.retain(),
                packet.dup(),
                packet.packetId(),
                packet.size(),
                packet.reasonCode(),
                packet.chat(),
                packet.refusal(),
                packet.payload());
        assertThat(read)
                .isInstanceOfSatisfying(
                        TrafficRecord.Packet.class,
                        found -> assertThat(found.packet()).isEqualTo(cutToMicroseconds));
        assertThat(read.time()).isBetween(packet.time().minusNanos(1_000), packet.time());
        assertThat(read.place()).hasToString("traffic.jsonl:1");
        assertThat(read.line()).isEqualTo(Files.readAllLines(log).get(0));
    }

    @Test
    void next_filesThatWereSetAside_comeFirstInTheirOrder() throws IOException {
        append(log, publish(NOON.plusSeconds(4), "team1a", "last"));
        append(dir.resolve("traffic-2026-11-20.2.jsonl"), publish(NOON.plusSeconds(2), "team1a", "two"));
        append(dir.resolve("traffic-2026-11-20.10.jsonl"), publish(NOON.plusSeconds(3), "team1a", "ten"));
        append(dir.resolve("traffic-2026-11-19.1.jsonl"), publish(NOON, "team1a", "first"));
        append(dir.resolve("traffic-old.jsonl"), publish(NOON, "team1a", "another log"));

        assertThat(topics(TrafficFilter.ALL)).containsExactly("first", "two", "ten", "last");
    }

    @Test
    void next_onlyFilesThatWereSetAside_areRead() throws IOException {
        append(dir.resolve("traffic-2026-11-19.1.jsonl"), publish(NOON, "team1a", "first"));

        assertThat(topics(TrafficFilter.ALL)).containsExactly("first");
    }

    @Test
    void next_span_hasItsBeginningAndNotItsEnd() throws IOException {
        for (int second = 0; second < 5; second++) {
            append(log, publish(NOON.plusSeconds(second), "team1a", "second-" + second));
        }

        TrafficFilter filter = new TrafficFilter(
                Optional.of(NOON.plusSeconds(1)), Optional.of(NOON.plusSeconds(3)), Set.of(), Set.of(), false);

        assertThat(topics(filter)).containsExactly("second-1", "second-2");
    }

    @Test
    void next_fileWrittenLastBeforeTheSpan_isNotOpened() throws IOException {
        Path old = dir.resolve("traffic-2026-11-19.1.jsonl");
        // Would be given if it were read: its line's time is inside.
        append(old, publish(NOON, "team1a", "old"));
        Files.setLastModifiedTime(old, FileTime.from(NOON.minusSeconds(60)));
        append(log, publish(NOON, "team1a", "new"));

        TrafficFilter filter = new TrafficFilter(Optional.of(NOON), Optional.empty(), Set.of(), Set.of(), false);

        assertThat(topics(filter)).containsExactly("new");
    }

    @Test
    void next_user_hasThoseOfTheUsersConnectionsOnly() throws IOException {
        append(log, publish(NOON, "team1a", "mine"));
        append(log, publish(NOON, "team2a", "other"));

        assertThat(topics(new TrafficFilter(Optional.empty(), Optional.empty(), Set.of("team1a"), Set.of(), false)))
                .containsExactly("mine");
    }

    @Test
    void next_kind_isAChatKindALastLevelOrAType() throws IOException {
        append(log, Packets.message(Optional.empty(), Optional.empty()));
        append(log, publish(NOON, "team1a", "ttm4175/chat/team1a/presence"));
        append(log, packet(NOON, "team1a", true, "SUBSCRIBE", "ttm4175/chat/team1a/message", -1));

        assertThat(topics(kind("message"))).containsExactly("ttm4175/chat/team2a/message");
        assertThat(topics(kind("presence"))).containsExactly("ttm4175/chat/team1a/presence");
        assertThat(topics(kind("subscribe"))).containsExactly("ttm4175/chat/team1a/message");
        assertThat(topics(kind("publish"))).hasSize(2);
        assertThat(topics(kind("read"))).isEmpty();
    }

    @Test
    void next_refusedOnly_hasWhatWasRefusedAndAnswersThatRefuse() throws IOException {
        append(log, packet(NOON, "team1a", false, "CONNACK", "connack good", 0));
        append(log, packet(NOON, "team1a", false, "CONNACK", "connack bad", 5));
        append(log, packet(NOON, "team1a", false, "SUBACK", "suback good", 2));
        append(log, packet(NOON, "team1a", false, "SUBACK", "suback bad", 0x80));
        append(log, Packets.message(Optional.of(Refusal.of("invalid_json", "line 1")), Optional.empty()));
        append(log, Packets.message(Optional.empty(), Optional.empty()));

        assertThat(topics(new TrafficFilter(Optional.empty(), Optional.empty(), Set.of(), Set.of(), true)))
                .containsExactly("connack bad", "suback bad", "ttm4175/chat/team2a/message");
    }

    @Test
    void next_gap_isGivenWhateverTheFilter() throws IOException {
        TrafficLine line = new TrafficLine(false);
        line.formatDropped(NOON, 123);
        write(log, line);

        assertThat(all(kind("read"))).singleElement().isInstanceOfSatisfying(TrafficRecord.Dropped.class, gap -> {
            assertThat(gap.count()).isEqualTo(123);
        });
    }

    @Test
    void next_linesOfOtherThings_areCountedAndLeftOut() throws IOException {
        Files.writeString(
                log, "{\"time\":\"2026-11-20T12:00:00.0000\nnonsense\n[]\n{\"time\":\"2026\",\"type\":\"X\"}\n\n");
        append(log, publish(NOON, "team1a", "good"));

        try (TrafficReader reader = TrafficReader.open(log, TrafficFilter.ALL)) {
            assertThat(reader.next()).isPresent();
            assertThat(reader.next()).isEmpty();
            assertThat(reader.unreadable()).isEqualTo(4);
        }
    }

    @Test
    void next_atTheEnd_findsWhatComesLaterAndHalfALineOnlyWhenItIsWhole() throws IOException {
        append(log, publish(NOON, "team1a", "one"));
        try (TrafficReader reader = TrafficReader.open(log, TrafficFilter.ALL)) {
            assertThat(topic(reader)).contains("one");
            assertThat(topic(reader)).isEmpty();
            byte[] line = line(publish(NOON, "team1a", "two"));
            Files.write(log, Arrays.copyOf(line, 40), StandardOpenOption.APPEND);
            assertThat(topic(reader)).isEmpty();
            Files.write(log, Arrays.copyOfRange(line, 40, line.length), StandardOpenOption.APPEND);
            assertThat(topic(reader)).contains("two");
        }
    }

    @Test
    void next_logThatRollsTwiceMeanwhile_leavesNothingOut() throws IOException {
        append(log, publish(NOON, "team1a", "one"));
        try (TrafficReader reader = TrafficReader.open(log, TrafficFilter.ALL)) {
            assertThat(topic(reader)).contains("one");
            append(log, publish(NOON, "team1a", "two"));
            Files.move(log, dir.resolve("traffic-2026-11-20.1.jsonl"));
            append(log, publish(NOON, "team1a", "three"));
            Files.move(log, dir.resolve("traffic-2026-11-20.2.jsonl"));
            append(log, publish(NOON, "team1a", "four"));

            assertThat(List.of(topic(reader), topic(reader), topic(reader)))
                    .containsExactly(Optional.of("two"), Optional.of("three"), Optional.of("four"));
            assertThat(topic(reader)).isEmpty();
        }
    }

    @Test
    void openAtEnd_oldLines_areNotGiven() throws IOException {
        append(dir.resolve("traffic-2026-11-19.1.jsonl"), publish(NOON, "team1a", "first"));
        append(log, publish(NOON, "team1a", "old"));
        try (TrafficReader reader = TrafficReader.openAtEnd(log, TrafficFilter.ALL)) {
            assertThat(topic(reader)).isEmpty();
            append(log, publish(NOON, "team1a", "new"));

            TrafficRecord read = reader.next().orElseThrow();
            assertThat(read.place().line()).isEqualTo(2);
            assertThat(((TrafficRecord.Packet) read).packet().topic()).isEqualTo("new");
        }
    }

    @Test
    void open_noLog_isRefused() {
        assertThatThrownBy(() -> TrafficReader.open(log, TrafficFilter.ALL)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> TrafficReader.openAtEnd(dir.resolve("nothing/here"), TrafficFilter.ALL))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void packetLine_refusedMessage_saysWhoWhereAndWhy() throws IOException {
        append(
                log,
                Packets.message(
                        Optional.of(new Refusal("acl_denied", "no rule\u001b lets team1a", Optional.of("acl.conf:12"))),
                        Optional.empty()));

        assertThat(PacketLine.of(all(TrafficFilter.ALL).get(0)))
                .isEqualTo("2026-11-20 10:15:30.123  team1a    -> PUBLISH      ttm4175/chat/team2a/message  qos 1  id 7"
                        + "  uuid 16fd2706  105 bytes  REFUSED acl_denied: no rule\\u001b lets team1a (acl.conf:12)");
    }

    @Test
    void packetLine_grantedSubscription_isNoError() throws IOException {
        append(log, packet(NOON, "team1a", false, "SUBACK", "", 1));

        assertThat(PacketLine.of(all(TrafficFilter.ALL).get(0)))
                .isEqualTo("2026-11-20 12:00:00.000  team1a    <- SUBACK       granted qos 1");
    }

    private List<TrafficRecord> all(TrafficFilter filter) throws IOException {
        List<TrafficRecord> all = new ArrayList<>();
        try (TrafficReader reader = TrafficReader.open(log, filter)) {
            for (Optional<TrafficRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
                all.add(next.get());
            }
        }
        return all;
    }

    private List<String> topics(TrafficFilter filter) throws IOException {
        return all(filter).stream()
                .map(read -> ((TrafficRecord.Packet) read).packet().topic())
                .toList();
    }

    private static Optional<String> topic(TrafficReader reader) throws IOException {
        return reader.next().map(read -> ((TrafficRecord.Packet) read).packet().topic());
    }

    private static TrafficFilter kind(String kind) {
        return new TrafficFilter(Optional.empty(), Optional.empty(), Set.of(), Set.of(kind), false);
    }

    private static PacketTrace publish(Instant time, String user, String topic) {
        return packet(time, user, true, "PUBLISH", topic, -1);
    }

    private static PacketTrace packet(
            Instant time, String user, boolean inbound, String type, String topic, int reasonCode) {
        return new PacketTrace(
                time,
                new ClientIdentity(Optional.of(user), "c", "10.0.0.7:1"),
                inbound,
                type,
                topic,
                -1,
                false,
                false,
                0,
                10,
                reasonCode,
                Optional.<ChatFields>empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static byte[] line(PacketTrace packet) {
        TrafficLine line = new TrafficLine(true);
        line.format(packet);
        return Arrays.copyOf(line.bytes(), line.length());
    }

    private static void append(Path file, PacketTrace packet) throws IOException {
        Files.write(file, line(packet), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void write(Path file, TrafficLine line) throws IOException {
        Files.writeString(file, new String(line.bytes(), 0, line.length(), StandardCharsets.UTF_8));
    }
}
