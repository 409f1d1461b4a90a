package labchat.broker.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import labchat.broker.classroom.ClassDirectory;
import labchat.broker.control.ControlSocket;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code class}: the files and slips of a class. */
@Command(
        name = "class",
        description = "Makes a class: users, rights, settings, certificate, and a slip for each user.",
        versionProvider = Version.class,
        subcommands = {
            ClassCommand.Create.class,
            ClassCommand.AddTeam.class,
            ClassCommand.Reset.class,
            ClassCommand.Remove.class,
            ClassCommand.Import.class
        })
final class ClassCommand implements Callable<Integer> {

    private static final Path STANDARD_DIRECTORY = Path.of("class");

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "class: what is to be done is missing; expected create, add-team, reset, remove or import");
    }

    /** What all of them know. */
    abstract static class Action implements Callable<Integer> {

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description = "The class's directory (default: this one if a class is in it, else class).")
        private Path directory;

        @Mixin
        private CommonOptions common;

        Path path() {
            if (directory != null) {
                return directory;
            }
            Path here = Path.of("").toAbsolutePath();
            if (new ClassDirectory(here, Clock.systemUTC()).hasSettingsElsewhere()) {
                return here;
            }
            return new ClassDirectory(Path.of(""), Clock.systemUTC()).exists() ? Path.of("") : STANDARD_DIRECTORY;
        }

        ClassDirectory classroom() {
            return new ClassDirectory(path(), Clock.systemUTC());
        }

        void say(String message) {
            if (!common.quiet()) {
                System.out.println(Messages.printable(message));
            }
        }

        abstract int run(ClassDirectory classroom) throws IOException;

        @Override
        public Integer call() {
            try {
                return run(classroom());
            } catch (ClassDirectory.ClassException e) {
                throw CommandFailure.failure(e.getMessage(), e);
            } catch (IOException e) {
                throw CommandFailure.failure(Messages.of(e), e);
            }
        }

        /** A broker that runs on the class learns of the change at once. */
        int changed() {
            Path data = path().resolve("data");
            if (!Files.exists(data.resolve(ControlSocket.FILE_NAME))) {
                say("No broker runs on this class; the next one that is started has the change.");
                return ExitCode.GOOD;
            }
            try {
                ControlSocket.Answer answer = ControlSocket.ask(data, ReloadCommand.WORD, "");
                return ReloadCommand.show(answer, common.quiet());
            } catch (IOException e) {
                System.err.println(Messages.warning(
                        "the running broker does not know of it yet, tell it with reload: " + Messages.of(e)));
                return ExitCode.GOOD;
            }
        }

        static void check(List<String> ids) {
            for (String id : ids) {
                ClassDirectory.problemOf(id).ifPresent(problem -> {
                    throw CommandFailure.usage(problem);
                });
            }
        }
    }

    /** {@code class create}. */
    @Command(
            name = "create",
            description = {
                "Makes a class in a directory of its own; takes a few seconds.",
                "If there is one already, nothing is changed."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Create extends Action {

        private static final int MOST = 500;

        @Option(
                names = "--teams",
                paramLabel = "N",
                required = true,
                description = "Teams in each group: team1a, team2a, ...")
        private int teams;

        @Option(
                names = "--groups",
                paramLabel = "A,B",
                split = ",",
                description = "The groups' letters (default: one group, without a letter: team1, team2, ...).")
        private List<String> groups = List.of("");

        @Option(names = "--helpers", paramLabel = "N", description = "Assistants: x1, x2, ... (default: none).")
        private int helpers;

        @Option(names = "--staff", paramLabel = "ID", defaultValue = "staff", description = "Who may read everything.")
        private String staff;

        @Option(
                names = "--host",
                paramLabel = "HOST",
                description = "Name or address by which the class reaches the broker (default: this machine's).")
        private String host;

        @Override
        int run(ClassDirectory classroom) throws IOException {
            List<String> ids = ids();
            if (classroom.exists()) {
                return alreadyThere(classroom, ids);
            }
            List<String> ofThisMachine = CertifiedHosts.ofThisMachine();
            String reached = host == null ? MachineAddresses.reaching("0.0.0.0").get(0) : host;
            String problem = CertifiedHosts.problem(reached);
            if (!problem.isEmpty()) {
                throw CommandFailure.usage("--host \"%s\": expected %s".formatted(reached, problem));
            }
            classroom.create(reached, ofThisMachine, ids, helperIds(), staff);
            int count = classroom.users().size();
            say("%s: a class of %d users: %s".formatted(path(), count, summary()));
            say("Slips to print and cut: %s (open it in a browser and print it)".formatted(classroom.sheet()));
            if (classroom.hasSettingsElsewhere()) {
                say("Its settings and rights stay as they are in %s; they should name %s as staff."
                        .formatted(classroom.settingsFolder(), String.join(" ", staffIds())));
                say("Start the broker: systemctl start labchat-broker");
            } else {
                say("Start the broker: cd %s && %s".formatted(path(), program()));
            }
            if (host == null) {
                say("The slips name %s; if the class reaches this machine otherwise, remove %s and say --host."
                        .formatted(reached, path()));
            }
            return ExitCode.GOOD;
        }

        private List<String> ids() {
            if (teams < 1 || teams > MOST) {
                throw CommandFailure.usage("--teams %d: expected 1 to %d".formatted(teams, MOST));
            }
            if (helpers < 0 || helpers > MOST) {
                throw CommandFailure.usage("--helpers %d: expected 0 to %d".formatted(helpers, MOST));
            }
            Set<String> ids = new LinkedHashSet<>();
            for (String group : groups) {
                for (int i = 1; i <= teams; i++) {
                    if (!ids.add("team" + i + group.strip())) {
                        throw CommandFailure.usage("--groups: \"%s\" is there twice".formatted(group.strip()));
                    }
                }
            }
            List<String> all = new ArrayList<>(ids);
            check(all);
            check(List.of(staff));
            if (ids.contains(staff) || helperIds().contains(staff)) {
                throw CommandFailure.usage("--staff %s: is a team's or a helper's id; choose another".formatted(staff));
            }
            return all;
        }

        private List<String> helperIds() {
            List<String> ids = new ArrayList<>();
            for (int i = 1; i <= helpers; i++) {
                ids.add("x" + i);
            }
            return ids;
        }

        private List<String> staffIds() {
            List<String> all = new ArrayList<>(List.of(staff));
            all.addAll(helperIds());
            return all;
        }

        private String summary() {
            String perGroup = groups.size() == 1 ? "" : " in %d groups".formatted(groups.size());
            return "%d teams%s, %s, %s"
                    .formatted(
                            teams * groups.size(), perGroup, helpers == 1 ? "1 helper" : helpers + " helpers", staff);
        }

        private int alreadyThere(ClassDirectory classroom, List<String> ids) throws IOException {
            List<String> there = classroom.users();
            List<String> missing =
                    ids.stream().filter(id -> !there.contains(id)).toList();
            say("%s: the class is there already, with %d users; nothing was changed".formatted(path(), there.size()));
            if (!missing.isEmpty()) {
                say("Not in it: %s; add them with: class add-team".formatted(String.join(", ", missing)));
            }
            return ExitCode.GOOD;
        }

        /** As it was started here, but from the class's directory. */
        private String program() {
            String command = System.getProperty("labchat.command");
            if (command != null) {
                return command;
            }
            Path jar = Path.of(System.getProperty("java.class.path", "broker.jar"));
            return "java -jar "
                    + (jar.toString().endsWith(".jar") ? jar.toAbsolutePath().normalize() : "broker.jar");
        }
    }

    /** {@code class add-team}. */
    @Command(
            name = "add-team",
            description = {"Adds users, each with a slip.", "A running broker of the class lets them in at once."},
            versionProvider = Version.class,
            sortOptions = false)
    static final class AddTeam extends Action {

        @Parameters(arity = "1..*", paramLabel = "ID", description = "Such as team13a.")
        private List<String> ids;

        @Override
        int run(ClassDirectory classroom) throws IOException {
            check(ids);
            List<String> there = classroom.users();
            for (String id : ids) {
                if (there.contains(id)) {
                    throw CommandFailure.failure("%s: the user \"%s\" exists; for a new password: class reset %s"
                            .formatted(classroom.usersFile(), id, id));
                }
            }
            Map<String, String> people = new LinkedHashMap<>();
            ids.forEach(id -> people.put(id, ""));
            for (String id : classroom.add(people)) {
                say("added %s, slip: %s".formatted(id, classroom.slipFile(id)));
            }
            return changed();
        }
    }

    /** {@code class reset}. */
    @Command(
            name = "reset",
            description = {
                "Gives a user a new password and a new slip.",
                "A running broker of the class ends the user's connections and asks for the new one."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Reset extends Action {

        @Parameters(paramLabel = "ID", description = "Such as team3a.")
        private String id;

        @Override
        int run(ClassDirectory classroom) throws IOException {
            classroom.reset(id);
            say("%s has a new password, slip: %s".formatted(id, classroom.slipFile(id)));
            return changed();
        }
    }

    /** {@code class remove}. */
    @Command(
            name = "remove",
            description = {
                "Removes a user and the slip.",
                "A running broker of the class ends the user's connections and sessions."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Remove extends Action {

        @Parameters(paramLabel = "ID", description = "Such as team3a.")
        private String id;

        @Override
        int run(ClassDirectory classroom) throws IOException {
            classroom.remove(id);
            say("removed %s and the slip".formatted(id));
            return changed();
        }
    }

    /** {@code class import}. */
    @Command(
            name = "import",
            description = {
                "Adds the users of a list, each with a slip; those that are there stay as they are.",
                "The list is CSV: a column id, a column name; several names may share an id."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Import extends Action {

        @Parameters(paramLabel = "FILE", description = "Such as roster.csv.")
        private Path file;

        @Override
        int run(ClassDirectory classroom) throws IOException {
            Map<String, String> people = classroom.roster(file);
            List<String> added = classroom.add(people);
            say("%s: %d users, %d of them new%s"
                    .formatted(
                            file, people.size(), added.size(), added.isEmpty() ? "" : ": " + String.join(", ", added)));
            return added.isEmpty() ? ExitCode.GOOD : changed();
        }
    }
}
