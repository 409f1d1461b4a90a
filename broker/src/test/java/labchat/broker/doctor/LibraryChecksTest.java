package labchat.broker.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import labchat.cli.Finding.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryChecksTest {

    private static final LibraryChecks.Holes HOLES = LibraryChecks.Holes.parse(List.of(
            "# as of 2026-11-20, by hand",
            "library,from,before,id,published,what",
            "org.example:thing,1.5,2.0.10,CVE-1,2026-01-01,it falls over"));

    @ParameterizedTest
    @CsvSource({"1.4.9,OK", "1.5,PROBLEM", "2.0.9,PROBLEM", "2.0.10,OK", "2.1,OK"})
    void check_comparesVersionsByTheirNumbers(String version, Level level) {
        assertThat(LibraryChecks.check(Map.of("org.example:thing", version), HOLES)
                        .level())
                .isEqualTo(level);
    }

    @Test
    void check_ofAHole_namesIt() {
        assertThat(LibraryChecks.check(Map.of("org.example:thing", "1.9"), HOLES)
                        .found())
                .isEqualTo("org.example:thing 1.9: CVE-1 (it falls over), mended in 2.0.10");
    }

    @Test
    void check_ofOtherLibraries_saysFromWhenTheListIs() {
        assertThat(LibraryChecks.check(Map.of("org.example:other", "1.9"), HOLES)
                        .found())
                .isEqualTo("none of 1 has a hole that was known on 2026-11-20");
    }

    @Test
    void versions_areFoundInWhatTheBuildWrites() {
        assertThat(
                        LibraryChecks.versions(
                                List.of(
                                        "",
                                        "Lists of 2 third-party dependencies.",
                                        "     (EPL 1.0) (MPL 2.0) H2 MVStore (com.h2database:h2-mvstore:2.1.214 - https://h2database.com)",
                                        "     (Apache License, Version 2.0) Netty/Buffer (io.netty:netty-buffer:4.1.137.Final - https://netty.io/)")))
                .containsOnly(
                        Map.entry("com.h2database:h2-mvstore", "2.1.214"),
                        Map.entry("io.netty:netty-buffer", "4.1.137.Final"));
    }

    @Test
    void parse_ofALineThatIsTooShort_fails() {
        assertThatThrownBy(() -> LibraryChecks.Holes.parse(List.of("header", "a:b,1,2")))
                .hasMessageContaining("a:b,1,2");
    }

    @Test
    void theListItself_isReadable() throws IOException {
        try (InputStream in = LibraryChecks.class.getResourceAsStream("known-holes.csv")) {
            LibraryChecks.Holes holes = LibraryChecks.Holes.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());

            assertThat(holes.day()).matches("\\d{4}-\\d{2}-\\d{2}");
            assertThat(holes.all()).hasSizeGreaterThan(20).allSatisfy(hole -> {
                assertThat(hole.library()).contains(":");
                assertThat(hole.before()).isNotEmpty();
                assertThat(hole.id()).isNotEmpty();
            });
        }
    }
}
