package labchat.broker.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.broker.BrokerApp;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclFile;
import labchat.broker.acl.AclSubject;
import labchat.broker.acl.CompiledAclPolicy;
import labchat.broker.acl.RuleOrigin;
import labchat.broker.config.AclSubscribe;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.TextFile;
import labchat.broker.control.ControlSocket;
import labchat.protocol.topic.TopicFilter;
import labchat.protocol.topic.TopicName;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code acl}: the rights. */
@Command(
        name = "acl",
        description = "Explains who may do what, and what other rules would change.",
        versionProvider = Version.class,
        subcommands = {AclCommand.Explain.class, AclCommand.Diff.class})
final class AclCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "acl: what is to be done is missing; expected explain or diff");
    }

    /** {@code acl diff}. */
    @Command(
            name = "diff",
            description = {
                "Asks the running broker what a file of rules would change for the clients that are connected:",
                "their subscriptions, whom they may write to, and what they may read. Changes nothing."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Diff implements Callable<Integer> {

        /** What the broker is asked. */
        static final String WORD = "acl-diff";

        @Parameters(paramLabel = "FILE", description = "The new rules, such as new.acl.")
        private Path file;

        @Mixin
        private DataOptions data;

        @Mixin
        private CommonOptions common;

        @Override
        public Integer call() {
            AclFile acl = AclFile.read(file);
            if (!acl.problems().isEmpty()) {
                throw CommandFailure.problems(acl.problems());
            }
            acl.warnings().forEach(warning -> System.err.println(Messages.warning(warning.toString())));
            try {
                return ReloadCommand.ask(data, WORD, Files.readString(file), common.quiet());
            } catch (IOException e) {
                throw CommandFailure.failure(Messages.of(e), e);
            }
        }

        /** The broker's part. */
        static ControlSocket.Answer answer(BrokerApp app, String text) {
            AclFile acl = AclFile.parse(TextFile.of("the new rules", text.getBytes(StandardCharsets.UTF_8)));
            return acl.problems().isEmpty()
                    ? new ControlSocket.Answer(ExitCode.GOOD, app.compareRules(acl.rules()))
                    : new ControlSocket.Answer(
                            ExitCode.USAGE,
                            acl.problems().stream()
                                    .map(problem -> "error: " + problem)
                                    .toList());
        }
    }

    /** {@code acl explain}. */
    @Command(
            name = "explain",
            description = {
                "Says what the rules decide, and which line of the file does.",
                "The exit status is 0 for both verdicts."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Explain implements Callable<Integer> {

        @Option(
                names = "--user",
                paramLabel = "NAME",
                description = "Who asks (default: a client without a user name).")
        private String user;

        @Option(
                names = "--client-id",
                paramLabel = "ID",
                defaultValue = "",
                description = "What stands for %%c in patterns (default: none).")
        private String clientId;

        @ArgGroup(multiplicity = "1")
        private Question question;

        @Mixin
        private FileOptions files;

        @Mixin
        private CommonOptions common;

        private static final class Question {
            @Option(names = "--publish", paramLabel = "TOPIC", required = true, description = "May it publish there?")
            private String topic;

            @Option(
                    names = "--subscribe",
                    paramLabel = "FILTER",
                    required = true,
                    description = "May it subscribe to that?")
            private String filter;
        }

        @Override
        public Integer call() {
            BrokerConfig config = files.load().config();
            AclFile acl = AclFile.read(config.aclFile());
            if (!acl.problems().isEmpty()) {
                throw CommandFailure.problems(acl.problems());
            }
            CompiledAclPolicy policy = new CompiledAclPolicy(acl.rules(), config.aclSubscribe(), 1);
            AclSubject subject = new AclSubject(Optional.ofNullable(user), clientId);
            String answer = question.topic == null
                    ? subscribe(policy, subject, question.filter, config.aclSubscribe())
                    : publish(policy, subject, question.topic);
            System.out.println(Messages.printable(answer));
            return ExitCode.GOOD;
        }

        private static String publish(CompiledAclPolicy policy, AclSubject subject, String topic) {
            TopicName.problem(topic).ifPresent(problem -> {
                throw CommandFailure.usage("--publish \"%s\": %s".formatted(topic, problem));
            });
            if (topic.startsWith("$")) {
                return "denied: the broker refuses topics that begin with $ before it asks the rules";
            }
            return verdict(policy.publish(subject, topic), "%s may publish to %s".formatted(who(subject), topic));
        }

        private static String subscribe(CompiledAclPolicy policy, AclSubject subject, String text, AclSubscribe mode) {
            TopicFilter.problem(text).ifPresent(problem -> {
                throw CommandFailure.usage("--subscribe \"%s\": %s".formatted(text, problem));
            });
            if (text.startsWith("$")) {
                return "denied: the broker refuses filters that begin with $ before it asks the rules";
            }
            AclDecision decision = policy.subscribe(subject, new TopicFilter(text));
            if (mode == AclSubscribe.MOSQUITTO) {
                return "allowed: acl_subscribe is mosquitto, so %s may subscribe to everything; each delivery is checked"
                        .formatted(who(subject));
            }
            return verdict(decision, "%s may subscribe to %s".formatted(who(subject), text));
        }

        private static String verdict(AclDecision decision, String granted) {
            String rule = decision.rule().map(Explain::line).orElse("");
            return decision instanceof AclDecision.Denied denied
                    ? "denied: " + denied.reason() + rule
                    : "allowed: " + granted + rule;
        }

        private static String line(RuleOrigin origin) {
            return " (%s: %s)".formatted(origin, origin.text().strip());
        }

        private static String who(AclSubject subject) {
            return subject.user().orElse("a client without a user name");
        }
    }
}
