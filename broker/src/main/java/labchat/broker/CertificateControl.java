package labchat.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TlsConfig;
import labchat.broker.mqtt.guard.Revoked;
import labchat.broker.reload.LivePart;
import labchat.broker.reload.NewFiles;
import labchat.broker.reload.Reload;
import labchat.broker.tls.CertificateRegister;
import labchat.broker.tls.ClientCertificates;

/**
 * Takes in which certificates of clients are revoked, while the broker runs: with all other files at a reload, or alone.
 * May be used by any thread but an event loop.
 */
final class CertificateControl implements LivePart {

    private final ClientCertificates certificates;
    private final Reload reload;
    private final Supplier<Revoked> revoke;
    private final Clock clock;

    /** @param revoke cuts off who is connected with a revoked one, among others */
    CertificateControl(ClientCertificates certificates, Reload reload, Supplier<Revoked> revoke, Clock clock) {
        this.certificates = certificates;
        this.reload = reload;
        this.revoke = revoke;
        this.clock = clock;
    }

    CertificateRegister register() {
        return certificates.register();
    }

    /** To be asked before the accounts, which then cut off who has lost anything. */
    @Override
    public Prepared prepare(NewFiles next) {
        ClientCertificates.Loaded loaded = ClientCertificates.load(next.config().tls(), clock);
        return new Prepared() {
            @Override
            public List<ConfigProblem> problems() {
                return loaded.problems();
            }

            @Override
            public void apply(List<String> done) {
                CertificateControl.this.apply(loaded, done);
            }
        };
    }

    private void apply(ClientCertificates.Loaded loaded, List<String> done) {
        String before = certificates.summary();
        certificates.apply(loaded);
        if (!certificates.summary().equals(before)) {
            done.add(certificates.summary());
        }
    }

    /**
     * Revokes a user's certificate and cuts off who is connected with it.
     *
     * @throws IOException in words, if it cannot be noted; then nothing has changed
     */
    void revoke(String user, String name) throws IOException {
        TlsConfig tls = reload.config().tls();
        if (!tls.asksForCertificates() || tls.caFile().isEmpty()) {
            throw new IOException("this broker asks no client for a certificate");
        }
        Path caFile = tls.caFile().get();
        CertificateRegister.revoke(caFile, user, name, clock.instant());
        List<String> lines = refresh();
        if (!lines.isEmpty() && lines.get(0).startsWith("error: ")) {
            throw new IOException(lines.get(0));
        }
    }

    /** Reads the register and the lists anew and cuts off who is connected with a revoked one; says what was done. */
    List<String> refresh() {
        return reload.locked(() -> {
            ClientCertificates.Loaded loaded =
                    ClientCertificates.load(reload.config().tls(), clock);
            List<String> lines = new ArrayList<>();
            if (!loaded.problems().isEmpty()) {
                loaded.problems().forEach(problem -> lines.add("error: " + problem));
                return lines;
            }
            loaded.warnings().forEach(warning -> lines.add("warning: " + warning));
            certificates.apply(loaded);
            Revoked revoked = revoke.get();
            lines.add(
                    reload.config().tls().asksForCertificates()
                            ? certificates.summary()
                            : "this broker asks no client for a certificate: use_identity_as_username is false");
            lines.add(
                    "cut off: %d connection%s".formatted(revoked.connections(), revoked.connections() == 1 ? "" : "s"));
            return lines;
        });
    }
}
