package labchat.broker.command;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.broker.config.ConfigLoader;
import labchat.broker.users.LastUses;
import labchat.broker.users.PasswordHash;
import labchat.broker.users.UsersFile;
import labchat.broker.users.UsersFileEditor;
import labchat.protocol.identity.ChatId;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code users}: the accounts. */
@Command(
        name = "users",
        description = "Adds, changes, removes and lists users.",
        versionProvider = Version.class,
        subcommands = {
            UsersCommand.Add.class,
            UsersCommand.Passwd.class,
            UsersCommand.Remove.class,
            UsersCommand.ListNames.class,
            UsersCommand.Check.class
        })
final class UsersCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "users: what is to be done is missing; expected add, passwd, remove, list or check");
    }

    /** What all of them know. */
    abstract static class Action implements Callable<Integer> {

        @Mixin
        private FileOptions files;

        @Mixin
        private CommonOptions common;

        private ConfigLoader.Loaded loaded;

        ConfigLoader.Loaded settings() {
            if (loaded == null) {
                loaded = files.load();
            }
            return loaded;
        }

        Path file() {
            return settings().config().passwordFile();
        }

        /** @throws CommandFailure with every problem of the file */
        UsersFile goodFile() {
            UsersFile users = UsersFile.read(file());
            if (!users.problems().isEmpty()) {
                throw CommandFailure.problems(users.problems());
            }
            return users;
        }

        PasswordHash askPassword(String user) throws IOException {
            return PasswordHash.create(PasswordInput.read(user), settings().passwordIterations(), new SecureRandom());
        }

        void say(String message) {
            if (!common.quiet()) {
                System.out.println(Messages.printable(message));
            }
        }
    }

    /** {@code users add}. */
    @Command(
            name = "add",
            description = {
                "Adds a user.",
                "The password is asked for, or the first line of standard input if that is no terminal."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Add extends Action {

        @Parameters(paramLabel = "NAME", description = "1 to 32 characters out of A-Z a-z 0-9 _ -")
        private String user;

        @Override
        public Integer call() throws IOException {
            Optional<String> problem = UsersFile.problemOfName(user);
            if (problem.isPresent()) {
                throw CommandFailure.usage("user \"%s\": %s".formatted(user, problem.get()));
            }
            if (!user.equals(user.strip())) {
                throw CommandFailure.usage(
                        "user \"%s\": the name must not begin or end with white space".formatted(user));
            }
            ChatId.problem(user)
                    .ifPresent(reason -> System.err.println(Messages.warning(
                            "user \"%s\" may log in, but cannot be written to: %s".formatted(user, reason))));
            refuseKnown();
            new UsersFileEditor(file()).add(user, askPassword(user));
            say("%s: added %s; a running broker takes it in at: reload".formatted(file(), user));
            return ExitCode.GOOD;
        }

        /** Before the password is asked for in vain. */
        private void refuseKnown() {
            if (UsersFile.read(file()).hash(user).isPresent()) {
                throw CommandFailure.failure("%s: the user \"%s\" exists; change the password with: users passwd %s"
                        .formatted(file(), user, user));
            }
        }
    }

    /** {@code users passwd}. */
    @Command(
            name = "passwd",
            description = {
                "Changes a user's password, and revokes further ones.",
                "It is asked for, or the first line of standard input if that is no terminal."
            },
            versionProvider = Version.class,
            subcommands = {PasswdAdd.class, PasswdList.class, PasswdRevoke.class},
            sortOptions = false)
    static final class Passwd extends Action {

        @Spec
        private CommandSpec spec;

        @Parameters(arity = "0..1", paramLabel = "NAME", description = "A user of the file.")
        private String user;

        @Override
        public Integer call() throws IOException {
            if (user == null) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        "users passwd: the user's name is missing; expected NAME, add, list or revoke");
            }
            if (goodFile().hash(user).isEmpty()) {
                throw CommandFailure.failure("%s: there is no user \"%s\"; see: users list".formatted(file(), user));
            }
            new UsersFileEditor(file()).change(user, askPassword(user));
            say("%s: changed the password of %s; a running broker takes it in at: reload".formatted(file(), user));
            return ExitCode.GOOD;
        }
    }

    /** {@code users passwd add}. */
    @Command(
            name = "add",
            description = {
                "Gives a user a further password, such as one for the phone.",
                "It is asked for, or the first line of standard input if that is no terminal."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class PasswdAdd extends Action {

        @Parameters(paramLabel = "NAME", description = "A user of the file.")
        private String user;

        @Option(names = "--name", paramLabel = "WORD", required = true, description = "What it is for, such as phone.")
        private String name;

        @Override
        public Integer call() throws IOException {
            if (goodFile().hash(user).isEmpty()) {
                throw CommandFailure.failure("%s: there is no user \"%s\"; see: users list".formatted(file(), user));
            }
            if (goodFile().passwordsOf(user).contains(name)) {
                throw CommandFailure.failure("%s has a password \"%s\" already; revoke it first, or choose another name"
                        .formatted(user, name));
            }
            new UsersFileEditor(file()).addPassword(user, name, askPassword(user));
            say("%s.more: %s has a password \"%s\"; a running broker takes it in at: reload"
                    .formatted(file(), user, name));
            return ExitCode.GOOD;
        }
    }

    /** {@code users passwd list}. */
    @Command(
            name = "list",
            description = "Lists users' passwords by name, and when each was last used.",
            versionProvider = Version.class,
            sortOptions = false)
    static final class PasswdList extends Action {

        @Parameters(arity = "0..1", paramLabel = "NAME", description = "A user of the file (default: all).")
        private String user;

        @Option(names = "--data", paramLabel = "DIR", description = "Where the broker keeps its store (default: data).")
        private Path data;

        @Override
        public Integer call() throws IOException {
            UsersFile users = goodFile();
            if (user != null && users.hash(user).isEmpty()) {
                throw CommandFailure.failure("%s: there is no user \"%s\"; see: users list".formatted(file(), user));
            }
            LastUses uses = LastUses.read(data == null ? settings().config().dataDir() : data);
            for (String one : user == null ? users.names() : List.of(user)) {
                for (String name : users.passwordsOf(one)) {
                    System.out.println(Messages.printable("%s  %s  %s"
                            .formatted(
                                    one,
                                    name,
                                    uses.of(one, name)
                                            .map(time -> "last used " + time)
                                            .orElse("never used"))));
                }
            }
            return ExitCode.GOOD;
        }
    }

    /** {@code users passwd revoke}. */
    @Command(
            name = "revoke",
            description = "Takes a further password away.",
            versionProvider = Version.class,
            sortOptions = false)
    static final class PasswdRevoke extends Action {

        @Parameters(paramLabel = "NAME", description = "A user of the file.")
        private String user;

        @Option(names = "--name", paramLabel = "WORD", required = true, description = "As users passwd list names it.")
        private String name;

        @Override
        public Integer call() throws IOException {
            goodFile();
            new UsersFileEditor(file()).revokePassword(user, name);
            say("%s.more: revoked \"%s\" of %s; a running broker takes it in at: reload".formatted(file(), name, user));
            return ExitCode.GOOD;
        }
    }

    /** {@code users remove}. */
    @Command(name = "remove", description = "Removes a user.", versionProvider = Version.class, sortOptions = false)
    static final class Remove extends Action {

        @Parameters(paramLabel = "NAME", description = "A user of the file.")
        private String user;

        @Override
        public Integer call() throws IOException {
            goodFile();
            new UsersFileEditor(file()).remove(user);
            say("%s: removed %s; a running broker takes it in at: reload".formatted(file(), user));
            return ExitCode.GOOD;
        }
    }

    /** {@code users list}. */
    @Command(
            name = "list",
            description = "Lists the users, one a line, in the file's order.",
            versionProvider = Version.class,
            sortOptions = false)
    static final class ListNames extends Action {

        @Override
        public Integer call() {
            goodFile().names().forEach(user -> System.out.println(Messages.printable(user)));
            return ExitCode.GOOD;
        }
    }

    /** {@code users check}. */
    @Command(
            name = "check",
            description = "Checks the file, and says whose password is the name itself.",
            versionProvider = Version.class,
            sortOptions = false)
    static final class Check extends Action {

        @Override
        public Integer call() {
            UsersFile users = goodFile();
            List<String> demo = users.demoAccounts();
            if (!demo.isEmpty()) {
                System.err.println(Messages.warning("%s: %d of %d users have their name as password: %s"
                        .formatted(users.name(), demo.size(), users.names().size(), String.join(", ", demo))));
            }
            for (String user : users.names()) {
                ChatId.problem(user)
                        .ifPresent(reason -> System.err.println(
                                Messages.warning("%s: user \"%s\" may log in, but cannot".formatted(users.name(), user)
                                        + " be written to: " + reason)));
            }
            say("%s: %d users, no problems"
                    .formatted(users.name(), users.names().size()));
            return ExitCode.GOOD;
        }
    }
}
