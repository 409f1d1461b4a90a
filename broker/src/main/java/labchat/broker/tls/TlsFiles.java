package labchat.broker.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.Setting;
import labchat.broker.config.TextFile;
import labchat.broker.config.TlsConfig;

/** Reads and checks the files that a {@link TlsConfig} names. */
final class TlsFiles {

    /** The environment's variable that may hold the private key's password. */
    static final String PASSWORD_VARIABLE = "LABCHAT_KEYFILE_PASSWORD";

    /** A certificate that runs out within this is worth a warning. */
    static final Duration SOON = Duration.ofDays(30);

    private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USE = "2.5.29.37.0";
    static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** What to do about a server's certificate that ends. */
    static final String RENEW = "get a new one, or make one with: broker.jar cert renew";

    private static final String MAKE_ONE = "broker.jar cert create makes one";

    /**
     * What was read.
     *
     * @param material empty if there are problems
     * @param warnings each with its file, in words for staff
     */
    record Result(Optional<TlsMaterial> material, List<ConfigProblem> problems, List<String> warnings) {
        Result {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }

    private final TlsConfig config;
    private final Map<String, String> environment;
    private final Instant now;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private TlsFiles(TlsConfig config, Map<String, String> environment, Instant now) {
        this.config = config;
        this.environment = environment;
        this.now = now;
    }

    /** @param config with a certificate and a key */
    static Result load(TlsConfig config, Map<String, String> environment, Clock clock) {
        return new TlsFiles(config, environment, clock.instant()).load();
    }

    private Result load() {
        Path certFile = config.certFile().orElseThrow();
        Path keyFile = config.keyFile().orElseThrow();
        List<X509Certificate> chain = PemFile.read(certFile, MAKE_ONE, problems).certificates();
        PemFile keyPem = PemFile.read(keyFile, MAKE_ONE, problems);
        Optional<PrivateKey> key = keyPem.privateKey(
                password(),
                "put it into the variable %s, or name a file that holds it with %s"
                        .formatted(PASSWORD_VARIABLE, Setting.KEYFILE_PASSWORD_FILE.word()));
        checkChain(certFile, chain);
        if (key.isPresent()
                && !chain.isEmpty()
                && !belong(key.get(), chain.get(0).getPublicKey())) {
            keyPem.problem("is not the key of the certificate in %s (%s); name the key that it was made with"
                    .formatted(certFile, CertificateNames.subject(chain.get(0))));
        }
        warnOfReaders(keyFile);
        List<X509Certificate> authorities = authorities();
        if (!problems.isEmpty()) {
            return new Result(Optional.empty(), problems, warnings);
        }
        try {
            return new Result(
                    Optional.of(new TlsMaterial(key.orElseThrow(), chain, authorities, config.requireCertificate())),
                    List.of(),
                    warnings);
        } catch (GeneralSecurityException e) {
            problems.add(ConfigProblem.of(certFile.toString(), "cannot be used for TLS: " + e.getMessage()));
            return new Result(Optional.empty(), problems, warnings);
        }
    }

    private Optional<String> password() {
        if (config.keyPasswordFile().isPresent()) {
            TextFile file = TextFile.read(
                    config.keyPasswordFile().get(),
                    "its first line is to be the password of %s"
                            .formatted(config.keyFile().orElseThrow()));
            problems.addAll(file.problems());
            return file.lines().stream().findFirst();
        }
        return Optional.ofNullable(environment.get(PASSWORD_VARIABLE)).filter(text -> !text.isEmpty());
    }

    private void checkChain(Path file, List<X509Certificate> chain) {
        for (int i = 0; i < chain.size(); i++) {
            checkDates(file, chain.get(i), RENEW);
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!signed(chain.get(i + 1), chain.get(i))) {
                problem(
                        file,
                        "certificate %d (%s) has not signed certificate %d (%s); put the server's first, and behind each the one that signed it"
                                .formatted(
                                        i + 2,
                                        CertificateNames.subject(chain.get(i + 1)),
                                        i + 1,
                                        CertificateNames.subject(chain.get(i))));
                return;
            }
        }
        if (!chain.isEmpty() && !isForServers(chain.get(0))) {
            problem(
                    file,
                    "certificate 1 (%s) is not for servers, but for clients or other uses; name the server's"
                            .formatted(CertificateNames.subject(chain.get(0))));
        }
    }

    private List<X509Certificate> authorities() {
        if (!config.asksForCertificates() || config.caFile().isEmpty()) {
            // As in Mosquitto: without these settings nobody is asked for a certificate.
            return List.of();
        }
        Path file = config.caFile().get();
        List<X509Certificate> authorities = PemFile.read(
                        file, "it holds the certificates of those who sign clients' certificates", problems)
                .certificates();
        for (X509Certificate authority : authorities) {
            checkDates(file, authority, "its clients cannot log in any more; name another");
        }
        return authorities;
    }

    private void checkDates(Path file, X509Certificate certificate, String whatToDo) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        String subject = CertificateNames.subject(certificate);
        if (now.isAfter(until)) {
            problem(file, "the certificate of %s ran out on %s; %s".formatted(subject, DAY.format(until), whatToDo));
        } else if (now.isBefore(from)) {
            problem(
                    file,
                    "the certificate of %s is not valid before %s, and this machine's clock says %s; set the clock, or wait"
                            .formatted(subject, DAY.format(from), DAY.format(now)));
        } else if (now.plus(SOON).isAfter(until)) {
            warnings.add("%s: the certificate of %s runs out on %s, in %d days; %s"
                    .formatted(
                            file,
                            subject,
                            DAY.format(until),
                            Duration.between(now, until).toDays(),
                            whatToDo));
        }
    }

    private static boolean signed(X509Certificate signer, X509Certificate certificate) {
        try {
            certificate.verify(signer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(signer.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isForServers(X509Certificate certificate) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            return uses == null || uses.contains(SERVER_USE) || uses.contains(ANY_USE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** Whether what the one signs the other accepts. */
    private static boolean belong(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        byte[] something = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(something);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(something);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void warnOfReaders(Path keyFile) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(keyFile);
            if (mode.contains(PosixFilePermission.OTHERS_READ)) {
                warnings.add("%s: everybody on this machine can read the private key; chmod 600 %s"
                        .formatted(keyFile, keyFile));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // There is no such mode here, or no such file, which was said already.
            return;
        }
    }

    private void problem(Path file, String message) {
        problems.add(ConfigProblem.of(file.toString(), message));
    }
}
