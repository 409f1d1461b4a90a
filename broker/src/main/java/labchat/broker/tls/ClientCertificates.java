package labchat.broker.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TlsConfig;

/**
 * Which certificates of clients are revoked, of those that {@code cafile} has signed: by the {@link CertificateRegister},
 * and by the lists that {@code crlfile} holds. May be used by any thread.
 */
public final class ClientCertificates {

    /**
     * What counts.
     *
     * @param lists of CAs that {@code cafile} holds
     */
    private record State(CertificateRegister register, List<X509CRL> lists) {}

    /** What was read and is not in force yet. */
    public static final class Loaded {
        private final State state;
        private final List<ConfigProblem> problems;
        private final List<String> warnings;

        private Loaded(State state, List<ConfigProblem> problems, List<String> warnings) {
            this.state = state;
            this.problems = List.copyOf(problems);
            this.warnings = List.copyOf(warnings);
        }

        /** Every mistake; with one of them nothing of it is to be used. */
        public List<ConfigProblem> problems() {
            return problems;
        }

        /** What staff should know although it works. */
        public List<String> warnings() {
            return warnings;
        }
    }

    private volatile State state;
    private volatile BiConsumer<String, String> uses = (user, name) -> {};

    private ClientCertificates(State state) {
        this.state = state;
    }

    /** For a broker that asks nobody for a certificate. */
    public static ClientCertificates none() {
        return new ClientCertificates(new State(CertificateRegister.none(), List.of()));
    }

    /** @throws IOException if a file cannot be used; the message names the first problem */
    public static ClientCertificates open(TlsConfig config, Clock clock) throws IOException {
        Loaded loaded = load(config, clock);
        if (!loaded.problems().isEmpty()) {
            throw new IOException(loaded.problems().get(0).toString());
        }
        return new ClientCertificates(loaded.state);
    }

    /** Reads and checks the files, and changes nothing. */
    public static Loaded load(TlsConfig config, Clock clock) {
        List<ConfigProblem> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        if (!config.asksForCertificates() || config.caFile().isEmpty()) {
            return new Loaded(new State(CertificateRegister.none(), List.of()), problems, warnings);
        }
        Path caFile = config.caFile().get();
        CertificateRegister register = CertificateRegister.read(caFile);
        problems.addAll(register.problems());
        List<X509CRL> lists = List.of();
        if (config.crlFile().isPresent()) {
            // What is wrong with it is said where the server's own certificates are read.
            List<X509Certificate> authorities =
                    PemFile.read(caFile, "", new ArrayList<>()).certificates();
            lists = lists(config.crlFile().get(), authorities, clock.instant(), problems, warnings);
        }
        return new Loaded(new State(register, lists), problems, warnings);
    }

    private static List<X509CRL> lists(
            Path file,
            List<X509Certificate> authorities,
            Instant now,
            List<ConfigProblem> problems,
            List<String> warnings) {
        List<X509CRL> lists = new ArrayList<>();
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN X509 CRL-----")) {
                problems.add(ConfigProblem.of(
                        file.toString(), "holds no list of revoked certificates in PEM: -----BEGIN X509 CRL-----"));
                return lists;
            }
            for (CRL one : CertificateFactory.getInstance("X.509").generateCRLs(new ByteArrayInputStream(bytes))) {
                X509CRL list = (X509CRL) one;
                String issuer = list.getIssuerX500Principal().getName();
                if (authorities.stream().noneMatch(authority -> isBy(list, authority))) {
                    problems.add(ConfigProblem.of(
                            file.toString(), "the list of %s is not signed by a CA in cafile".formatted(issuer)));
                    continue;
                }
                Date next = list.getNextUpdate();
                if (next != null && now.isAfter(next.toInstant())) {
                    warnings.add("%s: the list of %s was to be renewed by %s; it counts all the same, get a newer one"
                            .formatted(file, issuer, next.toInstant()));
                }
                lists.add(list);
            }
        } catch (IOException e) {
            problems.add(ConfigProblem.of(
                    file.toString(), "cannot be read (%s); name the PEM file of crlfile".formatted(e.getMessage())));
        } catch (GeneralSecurityException e) {
            problems.add(ConfigProblem.of(
                    file.toString(), "is no list of revoked certificates in PEM: %s".formatted(e.getMessage())));
        }
        return lists;
    }

    private static boolean isBy(X509CRL list, X509Certificate authority) {
        try {
            list.verify(authority.getPublicKey());
            return list.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** From now on this counts; who is connected is not looked at. */
    public void apply(Loaded loaded) {
        if (!loaded.problems().isEmpty()) {
            throw new IllegalStateException("nothing to apply: " + loaded.problems());
        }
        state = loaded.state;
    }

    /** What is known of certificates that were made here. */
    public CertificateRegister register() {
        return state.register();
    }

    /** Why a certificate is refused although it is signed, in words; empty if it is not. */
    public Optional<String> problem(X509Certificate certificate) {
        State now = state;
        Optional<CertificateRegister.Entry> entry = now.register().byFingerprint(Fingerprint.of(certificate));
        if (entry.filter(found -> found.revoked().isPresent()).isPresent()) {
            return Optional.of("the certificate \"%s\" of %s was revoked"
                    .formatted(entry.get().name(), entry.get().user()));
        }
        return now.lists().stream().anyMatch(list -> list.isRevoked(certificate))
                ? Optional.of("the certificate is in the list of revoked ones (crlfile)")
                : Optional.empty();
    }

    /** Somebody has logged in with it. */
    public void used(X509Certificate certificate) {
        state.register()
                .byFingerprint(Fingerprint.of(certificate))
                .ifPresent(entry -> uses.accept(entry.user(), entry.name()));
    }

    /** @param listener hears a user and a certificate's name at each login with one that is in the register */
    public void tellUses(BiConsumer<String, String> listener) {
        uses = Objects.requireNonNull(listener, "listener");
    }

    /** How much is known, in words. */
    public String summary() {
        State now = state;
        long revoked = now.register().entries().stream()
                .filter(entry -> entry.revoked().isPresent())
                .count();
        int listed = now.lists().stream()
                .mapToInt(list -> list.getRevokedCertificates() == null
                        ? 0
                        : list.getRevokedCertificates().size())
                .sum();
        return "certificates of clients: %d known, %d of them revoked%s"
                .formatted(
                        now.register().entries().size(),
                        revoked,
                        now.lists().isEmpty()
                                ? ""
                                : "; %d in lists of %s"
                                        .formatted(
                                                listed,
                                                now.lists().stream()
                                                        .map(list -> list.getIssuerX500Principal()
                                                                .getName())
                                                        .collect(Collectors.joining(", "))));
    }
}
