package labchat.broker.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.broker.TestClock;
import labchat.broker.config.TlsConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryReminderTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    private Path directory;

    private final List<String> lines = new ArrayList<>();
    private final List<Runnable> due = new ArrayList<>();
    private final TestClock clock = new TestClock(NOW.toString());
    private X509Certificate certificate;

    @BeforeEach
    void start() throws IOException {
        certificate = valid("one", 31);
    }

    private X509Certificate valid(String name, int days) throws IOException {
        Clock now = Clock.fixed(NOW, ZoneOffset.UTC);
        ClassCertificates made = new ClassCertificates(directory.resolve(name), now);
        made.create("CA", List.of("broker.example"), Duration.ofDays(days));
        TlsConfig config = new TlsConfig(
                Optional.of(0),
                Optional.empty(),
                Optional.of(made.serverFile()),
                Optional.of(made.serverKeyFile()),
                Optional.empty(),
                Optional.empty(),
                false,
                false);
        return ServerTls.open(config, Map.of(), now).certificate();
    }

    private ExpiryReminder started() {
        ExpiryReminder reminder = new ExpiryReminder(
                () -> certificate,
                clock,
                (pause, task) -> {
                    assertThat(pause).isEqualTo(Duration.ofDays(1));
                    due.add(task);
                },
                lines::add);
        reminder.start();
        return reminder;
    }

    private void passes(int days) {
        for (int day = 0; day < days; day++) {
            clock.advance(Duration.ofDays(1));
            due.remove(0).run();
        }
    }

    @Test
    void certificate_inItsLast30Days_isNamedEachDayWithTheCure() {
        started();

        passes(1);
        assertThat(lines).isEmpty();
        passes(2);

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .startsWith("the certificate of ")
                .contains("runs out on 2026-12-22 10:00 UTC, in 29 days")
                .contains("cert renew");
    }

    @Test
    void certificate_thatRanOut_isNamedAsSuch() {
        started();

        clock.advance(Duration.ofDays(40));
        passes(1);

        assertThat(lines)
                .singleElement()
                .asString()
                .contains("ran out on 2026-12-22 10:00 UTC: clients with TLS cannot connect");
    }

    @Test
    void newCertificate_endsIt() throws IOException {
        started();
        passes(2);
        assertThat(lines).hasSize(1);

        certificate = valid("two", 400);
        passes(5);

        assertThat(lines).hasSize(1);
    }

    @Test
    void close_endsIt() {
        ExpiryReminder reminder = started();

        reminder.close();
        passes(1);

        assertThat(due).isEmpty();
    }
}
