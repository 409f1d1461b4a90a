package labchat.broker.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import labchat.broker.tls.CertificateNames;
import labchat.broker.tls.ClassCertificates;
import labchat.broker.tls.Fingerprint;
import labchat.protocol.identity.ChatId;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cert}: the certificates for TLS. */
@Command(
        name = "cert",
        description = "Makes and shows the certificates for TLS.",
        versionProvider = Version.class,
        subcommands = {
            CertCommand.Create.class,
            CertCommand.Renew.class,
            CertCommand.Client.class,
            CertCommand.Show.class
        })
final class CertCommand implements Callable<Integer> {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "cert: what is to be done is missing; expected create, renew, client or show");
    }

    /** What all of them know. */
    abstract static class Action implements Callable<Integer> {

        private static final int MAX_DAYS = 3650;

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                defaultValue = "certs",
                description = "Where the files are (default: certs).")
        private Path directory;

        @Mixin
        private CommonOptions common;

        ClassCertificates certificates() {
            return new ClassCertificates(directory, Clock.systemUTC());
        }

        static Duration validity(int days) {
            if (days < 1 || days > MAX_DAYS) {
                throw CommandFailure.usage("--days %d: expected 1 to %d".formatted(days, MAX_DAYS));
            }
            return Duration.ofDays(days);
        }

        static List<String> checked(List<String> hosts) {
            for (String host : hosts) {
                String problem = CertifiedHosts.problem(host);
                if (!problem.isEmpty()) {
                    throw CommandFailure.usage("--host \"%s\": expected %s".formatted(host, problem));
                }
            }
            return hosts;
        }

        void say(String message) {
            if (!common.quiet()) {
                System.out.println(Messages.printable(message));
            }
        }

        void sayServer(ClassCertificates made) throws IOException {
            X509Certificate server =
                    ClassCertificates.certificates(made.serverFile()).get(0);
            say("The certificate is for %s".formatted(String.join(", ", made.hosts())));
            say("and valid until %s.".formatted(day(server)));
        }
    }

    private static String day(X509Certificate certificate) {
        return DAY.format(certificate.getNotAfter().toInstant());
    }

    /** {@code cert create}. */
    @Command(
            name = "create",
            description = {
                "Makes a CA of the class's own and a certificate for the server.",
                "It is for the names and addresses of this machine, and for those of --host.",
                "No file is overwritten."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Create extends Action {

        @Option(
                names = "--host",
                paramLabel = "NAME",
                description = "Another name or address by which clients reach the broker; may be given several times.")
        private List<String> hosts = new ArrayList<>();

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "365",
                description = "How long the server's certificate is valid (default: 365).")
        private int days;

        @Override
        public Integer call() throws IOException {
            Duration validity = validity(days);
            Set<String> all = new LinkedHashSet<>(checked(hosts));
            all.addAll(CertifiedHosts.ofThisMachine());
            if (all.isEmpty()) {
                all.add("localhost");
            }
            ClassCertificates certificates = certificates();
            try {
                certificates.create(
                        "Labchat CA of " + all.iterator().next() + " of " + DAY.format(Instant.now()), all, validity);
            } catch (FileAlreadyExistsException e) {
                throw CommandFailure.failure(
                        "%s is there already, and clients may trust it; for a new server certificate use cert renew, for another CA --dir"
                                .formatted(e.getFile()));
            }
            say("%s  the CA: for clients (--cafile); browsers can import it".formatted(certificates.authorityFile()));
            say("%s  its key: signs further certificates; the broker does not need it"
                    .formatted(certificates.authorityKeyFile()));
            say("%s  the server's certificate".formatted(certificates.serverFile()));
            say("%s  its key".formatted(certificates.serverKeyFile()));
            sayServer(certificates);
            say("Fingerprint (SHA-256) of the CA, which clients compare at their first connection:");
            say("  " + certificates.fingerprint());
            say("Start the broker with:");
            say("  java -jar broker.jar --tls-port 8883 --wss-port 8084 --certfile %s --keyfile %s"
                    .formatted(certificates.serverFile(), certificates.serverKeyFile()));
            return ExitCode.GOOD;
        }
    }

    /** {@code cert renew}. */
    @Command(
            name = "renew",
            description = {
                "Makes a new certificate for the server, signed by the same CA,",
                "for the same names and those of --host. Clients notice nothing."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Renew extends Action {

        @Option(names = "--host", paramLabel = "NAME", description = "A further name or address.")
        private List<String> hosts = new ArrayList<>();

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "365",
                description = "How long it is valid (default: 365).")
        private int days;

        @Override
        public Integer call() throws IOException {
            Duration validity = validity(days);
            ClassCertificates certificates = certificates();
            Set<String> all = new LinkedHashSet<>();
            all.addAll(Files.exists(certificates.serverFile()) ? certificates.hosts() : CertifiedHosts.ofThisMachine());
            all.addAll(checked(hosts));
            certificates.renew(all, validity);
            say("%s, %s: renewed; a broker that is started or reloaded uses them"
                    .formatted(certificates.serverFile(), certificates.serverKeyFile()));
            sayServer(certificates);
            return ExitCode.GOOD;
        }
    }

    /** {@code cert client}. */
    @Command(
            name = "client",
            description = {
                "Makes a certificate with which a user logs in without a password,",
                "if broker.conf says use_identity_as_username true."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Client extends Action {

        @Option(names = "--user", paramLabel = "NAME", required = true, description = "Whom it names.")
        private String user;

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "365",
                description = "How long it is valid (default: 365).")
        private int days;

        @Override
        public Integer call() throws IOException {
            ChatId.problem(user).ifPresent(problem -> {
                throw CommandFailure.usage("--user \"%s\": %s".formatted(user, problem));
            });
            ClassCertificates certificates = certificates();
            try {
                certificates.createClient(user, validity(days));
            } catch (FileAlreadyExistsException e) {
                throw CommandFailure.failure(
                        "%s is there already; remove it first if %s is to get another".formatted(e.getFile(), user));
            }
            say("%s  the certificate of %s (--cert)".formatted(certificates.clientFile(user), user));
            say("%s  its key, for nobody else (--key)".formatted(certificates.clientKeyFile(user)));
            say("The broker takes it if broker.conf says:");
            say("  cafile " + certificates.authorityFile());
            say("  use_identity_as_username true");
            say("and as long as %s is a user of users.conf.".formatted(user));
            return ExitCode.GOOD;
        }
    }

    /** {@code cert show}. */
    @Command(
            name = "show",
            description = {
                "Shows certificates: whose they are, until when they are valid, their fingerprints.",
                "Without a file: the CA's and the server's."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Show extends Action {

        @Parameters(paramLabel = "FILE", arity = "0..*", description = "PEM files.")
        private List<Path> files = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            ClassCertificates own = certificates();
            List<Path> shown = files.isEmpty() ? List.of(own.authorityFile(), own.serverFile()) : files;
            for (Path file : shown) {
                for (X509Certificate certificate : ClassCertificates.certificates(file)) {
                    show(file, certificate);
                }
            }
            return ExitCode.GOOD;
        }

        private static void show(Path file, X509Certificate certificate) throws IOException {
            line("%s: %s", file, CertificateNames.commonName(certificate).orElse("no common name"));
            line("  signed by    %s", certificate.getIssuerX500Principal().getName());
            List<String> hosts = ClassCertificates.hosts(certificate);
            if (!hosts.isEmpty()) {
                line("  for          %s", String.join(", ", hosts));
            }
            Instant now = Instant.now();
            String state = now.isAfter(certificate.getNotAfter().toInstant())
                    ? "  (it has run out)"
                    : now.isBefore(certificate.getNotBefore().toInstant()) ? "  (not valid yet)" : "";
            line(
                    "  valid        %s to %s%s",
                    DAY.format(certificate.getNotBefore().toInstant()), day(certificate), state);
            line("  fingerprint  %s", Fingerprint.of(certificate));
        }

        private static void line(String form, Object... values) {
            System.out.println(Messages.printable(form.formatted(values)));
        }
    }
}
