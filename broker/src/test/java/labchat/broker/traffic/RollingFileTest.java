package labchat.broker.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import labchat.broker.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingFileTest {

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock("2026-11-20T23:59:00Z");

    @Test
    void add_sizeWouldBeExceeded_rollsBeforeTheLine() throws IOException {
        try (RollingFile file = open(10, 5)) {
            add(file, "12345", "6789", "next");
        }

        assertThat(names()).containsExactly("traffic-2026-11-20.1.jsonl", "traffic.jsonl");
        assertThat(content("traffic-2026-11-20.1.jsonl")).isEqualTo("12345\n");
        assertThat(content("traffic.jsonl")).isEqualTo("6789\nnext\n");
    }

    @Test
    void add_lineLargerThanTheSize_standsAlone() throws IOException {
        try (RollingFile file = open(10, 5)) {
            add(file, "1", "2345678901234567890", "3");
        }

        assertThat(content("traffic-2026-11-20.1.jsonl")).isEqualTo("1\n");
        assertThat(content("traffic-2026-11-20.2.jsonl")).isEqualTo("2345678901234567890\n");
        assertThat(content("traffic.jsonl")).isEqualTo("3\n");
    }

    @Test
    void add_lineLargerThanTheBuffer_isWrittenWhole() throws IOException {
        String line = "x".repeat(200_000);
        try (RollingFile file = open(1_000_000, 5)) {
            add(file, "before", line, "after");
        }

        assertThat(content("traffic.jsonl")).isEqualTo("before\n" + line + "\nafter\n");
    }

    @Test
    void add_nextDay_rollsUnderTheDayThatEnded() throws IOException {
        try (RollingFile file = open(1000, 5)) {
            add(file, "today");
            clock.advance(Duration.ofMinutes(1));
            add(file, "tomorrow");
        }

        assertThat(content("traffic-2026-11-20.1.jsonl")).isEqualTo("today\n");
        assertThat(content("traffic.jsonl")).isEqualTo("tomorrow\n");
    }

    @Test
    void add_sameDay_doesNotRoll() throws IOException {
        try (RollingFile file = open(1000, 5)) {
            add(file, "one");
            clock.advance(Duration.ofSeconds(59));
            add(file, "two");
        }

        assertThat(names()).containsExactly("traffic.jsonl");
    }

    @Test
    void add_emptyFileAtMidnight_isNotSetAside() throws IOException {
        try (RollingFile file = open(1000, 5)) {
            clock.advance(Duration.ofMinutes(1));
            add(file, "first");
        }

        assertThat(names()).containsExactly("traffic.jsonl");
    }

    @Test
    void add_moreRolledFilesThanKept_deletesTheOldestAndNothingElse() throws IOException {
        Files.writeString(folder.resolve("traffic-notes.jsonl"), "mine");
        try (RollingFile file = open(5, 2)) {
            for (int i = 0; i < 12; i++) {
                add(file, "l" + i);
            }
        }

        // Number 10 comes after 9: numbers are compared as numbers.
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "traffic-2026-11-20.10.jsonl",
                        "traffic-2026-11-20.11.jsonl",
                        "traffic-notes.jsonl",
                        "traffic.jsonl");
        assertThat(content("traffic.jsonl")).isEqualTo("l11\n");
        assertThat(content("traffic-2026-11-20.11.jsonl")).isEqualTo("l10\n");
    }

    @Test
    void add_noneKept_deletesEachRolledFile() throws IOException {
        try (RollingFile file = open(5, 0)) {
            add(file, "l0", "l1", "l2");
        }

        assertThat(names()).containsExactly("traffic.jsonl");
    }

    @Test
    void open_fileOfToday_isContinued() throws IOException {
        existing("old\n", "2026-11-20T01:00:00Z");
        try (RollingFile file = open(1000, 5)) {
            add(file, "new");
        }

        assertThat(content("traffic.jsonl")).isEqualTo("old\nnew\n");
    }

    @Test
    void open_fileOfAnEarlierDay_isSetAsideUnderThatDay() throws IOException {
        existing("old\n", "2026-11-18T01:00:00Z");
        try (RollingFile file = open(1000, 5)) {
            add(file, "new");
        }

        assertThat(content("traffic-2026-11-18.1.jsonl")).isEqualTo("old\n");
        assertThat(content("traffic.jsonl")).isEqualTo("new\n");
    }

    @Test
    void open_lastLineCutOff_isEndedFirst() throws IOException {
        existing("{\"time\":\"20", "2026-11-20T01:00:00Z");
        try (RollingFile file = open(1000, 5)) {
            add(file, "new");
        }

        assertThat(content("traffic.jsonl")).isEqualTo("{\"time\":\"20\nnew\n");
    }

    @Test
    void open_folderMissing_isMade() throws IOException {
        try (RollingFile file =
                new RollingFile(folder.resolve("a/b/traffic.jsonl"), 1000, 5, clock, DiskLogFile::open)) {
            add(file, "line");
        }

        assertThat(Files.readString(folder.resolve("a/b/traffic.jsonl"))).isEqualTo("line\n");
    }

    @Test
    void open_folderIsAFile_saysSo() throws IOException {
        Path data = Files.writeString(folder.resolve("data"), "");

        assertThatThrownBy(() -> new RollingFile(data.resolve("traffic.jsonl"), 1000, 5, clock, DiskLogFile::open))
                .isInstanceOf(IOException.class)
                .hasMessage(data + " is a file, but must be a folder");
    }

    @Test
    void rolledFile_nameWithoutExtension_endsInTheNumber() throws IOException {
        try (RollingFile file = new RollingFile(folder.resolve("traffic"), 5, 5, clock, DiskLogFile::open)) {
            add(file, "l0", "l1");
        }

        assertThat(names()).containsExactly("traffic", "traffic-2026-11-20.1");
    }

    private RollingFile open(long maxBytes, int keep) throws IOException {
        return new RollingFile(folder.resolve("traffic.jsonl"), maxBytes, keep, clock, DiskLogFile::open);
    }

    private void existing(String content, String modified) throws IOException {
        Path file = Files.writeString(folder.resolve("traffic.jsonl"), content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(modified)));
    }

    private static void add(RollingFile file, String... lines) throws IOException {
        for (String line : lines) {
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            file.add(bytes, bytes.length);
        }
        file.flush();
    }

    private String content(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
