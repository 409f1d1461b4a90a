package labchat.broker.tls;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Says once a day that the server's certificate will run out, from 30 days before on, and that it has: a broker that runs
 * for months would otherwise say so at its next start only. Looks at the certificate of the moment, so a reload with a new
 * one ends it. May be used by any thread.
 */
public final class ExpiryReminder implements AutoCloseable {

    private static final Duration DAY = Duration.ofDays(1);

    private final Supplier<X509Certificate> certificate;
    private final Clock clock;
    private final BiConsumer<Duration, Runnable> later;
    private final Consumer<String> warn;
    private volatile boolean isClosed;

    /**
     * @param later runs something once, after a time
     * @param warn gets one line; on the thread of {@code later}
     */
    public ExpiryReminder(
            Supplier<X509Certificate> certificate,
            Clock clock,
            BiConsumer<Duration, Runnable> later,
            Consumer<String> warn) {
        this.certificate = Objects.requireNonNull(certificate, "certificate");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.later = Objects.requireNonNull(later, "later");
        this.warn = Objects.requireNonNull(warn, "warn");
    }

    /** Looks for the first time in a day: at the start the problems of the files are told anyway. */
    public void start() {
        later.accept(DAY, this::look);
    }

    private void look() {
        if (isClosed) {
            return;
        }
        X509Certificate now = certificate.get();
        Instant time = clock.instant();
        Instant until = now.getNotAfter().toInstant();
        String subject = CertificateNames.subject(now);
        String day = TlsFiles.DAY.format(until);
        if (time.isAfter(until)) {
            warn.accept("the certificate of %s ran out on %s: clients with TLS cannot connect; %s"
                    .formatted(subject, day, TlsFiles.RENEW));
        } else if (time.plus(TlsFiles.SOON).isAfter(until)) {
            warn.accept("the certificate of %s runs out on %s, in %d days; %s"
                    .formatted(subject, day, Duration.between(time, until).toDays(), TlsFiles.RENEW));
        }
        later.accept(DAY, this::look);
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
