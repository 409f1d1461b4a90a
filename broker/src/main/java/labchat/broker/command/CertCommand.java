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
import labchat.broker.BrokerApp;
import labchat.broker.control.ControlSocket;
import labchat.broker.tls.CertificateNames;
import labchat.broker.tls.CertificateRegister;
import labchat.broker.tls.ClassCertificates;
import labchat.broker.tls.Fingerprint;
import labchat.broker.users.LastUses;
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
            CertCommand.ListAll.class,
            CertCommand.Revoke.class,
            CertCommand.Show.class
        })
final class CertCommand implements Callable<Integer> {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    private static final int SHOWN_DIGITS = 16;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "cert: what is to be done is missing; expected create, renew, client, list, revoke or show");
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
            return new ClassCertificates(directory.normalize(), Clock.systemUTC());
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

        boolean isQuiet() {
            return common.quiet();
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
                "if broker.conf says use_identity_as_username true.",
                "A user may have several, each with a name; each can be revoked."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Client extends Action {

        @Parameters(paramLabel = "USER", arity = "0..1", description = "Whom it names.")
        private String positional;

        @Option(names = "--user", paramLabel = "USER", description = "The same.")
        private String named;

        @Option(
                names = "--name",
                paramLabel = "WORD",
                defaultValue = CertificateRegister.FIRST,
                description = "Tells it from others of the user, such as laptop or phone (default: first).")
        private String name;

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "365",
                description = "How long it is valid (default: 365).")
        private int days;

        @Override
        public Integer call() throws IOException {
            if ((positional == null) == (named == null)) {
                throw CommandFailure.usage("cert client: expected one user, as in: cert client team1a --name laptop");
            }
            String user = positional == null ? named : positional;
            ChatId.problem(user).ifPresent(problem -> {
                throw CommandFailure.usage("the user \"%s\": %s".formatted(user, problem));
            });
            CertificateRegister.problemOfName(name).ifPresent(problem -> {
                throw CommandFailure.usage("--name: " + problem);
            });
            ClassCertificates certificates = certificates();
            try {
                certificates.createClient(user, name, validity(days));
            } catch (FileAlreadyExistsException e) {
                throw CommandFailure.failure(
                        "%s is there already; if %s is to get one more, give it another name (--name laptop); if it is revoked, remove the file"
                                .formatted(e.getFile(), user));
            }
            say("%s  the certificate of %s (--cert)".formatted(certificates.clientFile(user, name), user));
            say("%s  its key, for nobody else (--key)".formatted(certificates.clientKeyFile(user, name)));
            say("The broker takes it if broker.conf says:");
            say("  cafile " + certificates.authorityFile());
            say("  use_identity_as_username true");
            say("and as long as %s is a user of users.conf.".formatted(user));
            return ExitCode.GOOD;
        }
    }

    /** {@code cert list}. */
    @Command(
            name = "list",
            description = {
                "Lists certificates of clients: user, name, state, until when they are valid,",
                "when each was last used, and the fingerprint's beginning."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class ListAll extends Action {

        @Parameters(paramLabel = "USER", arity = "0..1", description = "Whose (default: everybody's).")
        private String user;

        @Mixin
        private DataOptions data;

        @Override
        public Integer call() throws IOException {
            CertificateRegister register = goodRegister(certificates());
            LastUses uses = LastUses.read(data.directory());
            List<CertificateRegister.Entry> shown = user == null ? register.entries() : register.of(user);
            if (shown.isEmpty()) {
                say("%s: no certificates%s; make one with: cert client USER --name WORD"
                        .formatted(register, user == null ? "" : " of " + user));
            }
            Instant now = Instant.now();
            for (CertificateRegister.Entry one : shown) {
                System.out.println(Messages.printable("%-10s  %-10s  %s until %s  %s  %s…"
                        .formatted(
                                one.user(),
                                one.name(),
                                state(one, now),
                                DAY.format(one.validUntil()),
                                uses.of(one.user(), LastUses.ofCertificate(one.name()))
                                        .map(time -> "last used " + time)
                                        .orElse("never used"),
                                one.fingerprint().substring(0, SHOWN_DIGITS))));
            }
            return ExitCode.GOOD;
        }

        private static String state(CertificateRegister.Entry one, Instant now) {
            return one.revoked()
                    .map(time -> "revoked on %s, valid".formatted(DAY.format(time)))
                    .orElseGet(() -> one.state(now));
        }
    }

    private static CertificateRegister goodRegister(ClassCertificates certificates) {
        CertificateRegister register = CertificateRegister.read(certificates.authorityFile());
        if (!register.problems().isEmpty()) {
            throw CommandFailure.problems(register.problems());
        }
        return register;
    }

    /** {@code cert revoke}. */
    @Command(
            name = "revoke",
            description = {
                "Revokes a certificate of a client. A broker that runs refuses it from now on,",
                "and cuts off who is connected with it; nobody else notices."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Revoke extends Action {

        /** What the broker is asked. */
        static final String WORD = "certificates";

        @Parameters(index = "0", paramLabel = "USER", description = "Whose it is.")
        private String user;

        @Parameters(
                index = "1",
                paramLabel = "NAME",
                arity = "0..1",
                defaultValue = CertificateRegister.FIRST,
                description = "Which, as cert list names it (default: first).")
        private String name;

        @Mixin
        private DataOptions data;

        @Override
        public Integer call() throws IOException {
            ClassCertificates certificates = certificates();
            goodRegister(certificates);
            CertificateRegister.revoke(certificates.authorityFile(), user, name, Instant.now());
            say("%s: \"%s\" of %s is revoked"
                    .formatted(CertificateRegister.fileOf(certificates.authorityFile()), name, user));
            ControlSocket.Answer answer;
            try {
                answer = ControlSocket.ask(data.directory(), WORD, "");
            } catch (IOException e) {
                say("No broker was reached (%s); one that is started with cafile %s refuses it."
                        .formatted(Messages.of(e), certificates.authorityFile()));
                return ExitCode.GOOD;
            }
            return ReloadCommand.show(answer, isQuiet());
        }

        /** What the broker answers. */
        static ControlSocket.Answer answer(BrokerApp app) {
            List<String> lines = app.refreshCertificates();
            boolean good = lines.stream().noneMatch(line -> line.startsWith("error: "));
            return new ControlSocket.Answer(good ? ExitCode.GOOD : ExitCode.USAGE, lines);
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
