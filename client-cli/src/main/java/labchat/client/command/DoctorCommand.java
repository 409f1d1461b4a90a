package labchat.client.command;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import labchat.cli.Finding;
import labchat.cli.Finding.Level;
import labchat.cli.FindingReport;
import labchat.client.doctor.Checkup;
import labchat.client.doctor.Network;
import labchat.client.doctor.Outside;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.ConnectSettings;
import labchat.client.tls.ClientTls;
import labchat.client.tls.TlsLook;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.client.ui.Terminals;
import labchat.protocol.identity.ChatId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code doctor}: finds out at which step the way to the server ends. */
@Command(
        name = "doctor",
        description = {
            "It does not work? Looks step by step at the way to the server: name, port, TLS, login,",
            "subscription, and a typing hint to yourself (no message, so none is left or taken).",
            "Each line says what to do. Without -u it ends before the login.",
            "Exit code 0 if nothing is wrong, else 1."
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class DoctorCommand implements Callable<Integer> {

    private static final ChatId NOBODY = ChatId.SERVER;

    @ParentCommand
    private LabchatCommand parent;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Look at the broker's page too, and compare clocks by it; 8080 as a rule.")
    private Integer httpPort;

    @Option(names = "--json", description = "One JSON object: status, and findings with level, subject, found, advice.")
    private boolean json;

    @Override
    public Integer call() throws UsageException {
        if (httpPort != null && (httpPort < 1 || httpPort > 65_535)) {
            throw new UsageException("--http-port must be 1 to 65535, found \"%d\"".formatted(httpPort));
        }
        Map<String, String> environment = System.getenv();
        ResolvedOptions options = parent.connect.resolveWithoutLogin(environment, NOBODY);
        ConnectSettings settings = options.connection();
        boolean tls = parent.connect.usesTls(environment);
        Checkup.Target target = new Checkup.Target(
                settings.host(),
                settings.port(),
                tls,
                Optional.of(settings.user())
                        .filter(user -> !user.equals(NOBODY))
                        .map(ChatId::value),
                settings.version().toString(),
                httpPort == null ? OptionalInt.empty() : OptionalInt.of(httpPort));
        boolean color = options.color().isOn(Terminals.isInteractive(), environment);
        List<Finding> findings = new ArrayList<>();
        show(
                Finding.ok(
                        "program",
                        "%s, Java %s".formatted(new Version().getVersion()[0], System.getProperty("java.version"))),
                findings,
                color);
        Checkup.run(
                target, new Real(settings, environment), Clock.systemUTC(), finding -> show(finding, findings, color));
        System.out.println(json ? FindingReport.json(findings) : FindingReport.summary(findings));
        return FindingReport.worst(findings) == Level.PROBLEM ? ExitCode.FAILURE : ExitCode.GOOD;
    }

    private void show(Finding finding, List<Finding> all, boolean color) {
        all.add(finding);
        if (!json) {
            FindingReport.lines(finding, color).forEach(System.out::println);
            System.out.flush();
        }
    }

    /** The world. */
    private final class Real implements Outside {

        private final ConnectSettings settings;
        private final Map<String, String> environment;

        Real(ConnectSettings settings, Map<String, String> environment) {
            this.settings = settings;
            this.environment = environment;
        }

        @Override
        public List<String> addresses(String host) {
            return Network.addresses(host);
        }

        @Override
        public Reach reach(String address, int port) {
            return Network.reach(address, port);
        }

        @Override
        public Speaks plain(String address, int port) {
            return Network.plain(address, port);
        }

        @Override
        public Optional<Tls> tls() {
            Optional<TlsLook> look = TlsLook.at(
                    settings.host(), settings.port(), Network.PATIENCE, ClientTls.insecure(Optional.empty()));
            if (look.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Tls(
                    look.get().version(),
                    look.get().hosts(),
                    look.get().server().getNotAfter().toInstant(),
                    look.get().fingerprint().toString(),
                    trouble()));
        }

        private Optional<String> trouble() {
            try {
                Optional<ClientTls> tls = parent.connect.trust(environment);
                return tls.isEmpty()
                        ? Optional.empty()
                        : TlsLook.trouble(settings.host(), settings.port(), Network.PATIENCE, tls.get());
            } catch (UsageException e) {
                return Optional.of(e.getMessage());
            }
        }

        @Override
        public Login login() {
            ResolvedOptions options;
            try {
                options = parent.connect.resolve(environment, Optional.of(new TerminalPasswordPrompt()));
            } catch (UsageException e) {
                return new Login.Bad(Login.Step.LOGIN, "cannot be tried", e.getMessage());
            }
            return LoginTrial.run(options);
        }

        @Override
        public Optional<Page> page(int port) {
            return PageClient.look(settings.host(), port);
        }
    }
}
