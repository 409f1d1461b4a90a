package labchat.client.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.client.options.ConnectOptions;
import labchat.client.options.PasswordPrompt;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.ConnectSettings;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.protocol.identity.ChatId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code signup}: makes an account, if the broker lets people do that. */
@Command(
        name = "signup",
        description = {
            "Make an account: -h names the broker, -u the id that you want.",
            "The password is asked for twice, and the class's code if the broker wants one."
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class SignUpCommand implements Callable<Integer> {

    private static final String CODE_VARIABLE = "LABCHAT_SIGNUP_CODE";

    @ParentCommand
    private LabchatCommand parent;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port of the broker's page; 8080 unless given.")
    private int httpPort;

    @Option(
            names = "--code-file",
            paramLabel = "FILE",
            description =
                    "A file whose first line is the class's code; else " + CODE_VARIABLE + ", else it is asked for.")
    private Path codeFile;

    /** Asks for a password that is new, twice. */
    private static final class NewPassword implements PasswordPrompt {
        private final TerminalPasswordPrompt terminal = new TerminalPasswordPrompt();

        @Override
        public Optional<String> ask(ChatId user) {
            while (true) {
                Optional<String> first =
                        terminal.askHidden("New password for %s, 8 characters or more: ".formatted(user));
                if (first.isEmpty()) {
                    return first;
                }
                Optional<String> again = terminal.askHidden("The same again: ");
                if (again.isEmpty() || again.equals(first)) {
                    return again;
                }
                System.err.println("These were two different passwords.");
            }
        }

        @Override
        public Optional<Boolean> confirm(String question) {
            return terminal.confirm(question);
        }
    }

    @Override
    public Integer call() throws UsageException, CommandFailure, InterruptedException {
        if (httpPort < 1 || httpPort > 65_535) {
            throw new UsageException("--http-port must be 1 to 65535, found \"%d\"".formatted(httpPort));
        }
        ResolvedOptions options = parent.connect.resolveForPage(
                System.getenv(), Optional.of(new NewPassword()), new ConnectOptions.Page() {
                    @Override
                    public int port() {
                        return httpPort;
                    }

                    @Override
                    public boolean isSecure(String host) {
                        return PageClient.isSecure(host, httpPort);
                    }
                });
        ConnectSettings settings = options.connection();
        PageClient page = new PageClient(settings.host(), httpPort, settings.tls());
        String mode = page.signUpMode();
        if (mode.equals("off")) {
            throw new CommandFailure(
                    ExitCode.FAILURE,
                    "this broker lets nobody sign up; ask your staff for an account, or log in with yours.");
        }
        String code = mode.equals("code") ? code() : "";
        page.signUp(settings.user(), settings.password(), code);
        System.out.printf(
                "The account %s is there. To chat: client-cli.jar -h %s -u %s%n",
                settings.user(), settings.host(), settings.user());
        return ExitCode.GOOD;
    }

    private String code() throws UsageException {
        if (codeFile != null) {
            try (var lines = Files.lines(codeFile, StandardCharsets.UTF_8)) {
                return lines.findFirst().orElse("").strip();
            } catch (IOException | java.io.UncheckedIOException e) {
                throw new UsageException("cannot read the file of the code %s: %s".formatted(codeFile, e.getMessage()));
            }
        }
        return Optional.ofNullable(System.getenv(CODE_VARIABLE))
                .or(() -> new TerminalPasswordPrompt().askHidden("The class's code, which your staff have: "))
                .orElseThrow(() -> new UsageException(
                        "the broker wants the class's code, and there is no terminal to ask on; name a file with --code-file, or set the variable %s"
                                .formatted(CODE_VARIABLE)));
    }
}
