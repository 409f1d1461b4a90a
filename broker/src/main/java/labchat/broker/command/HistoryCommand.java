package labchat.broker.command;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.broker.store.StoreException;
import labchat.broker.store.sqlite.HistoryExport;
import labchat.broker.store.sqlite.UserDeletion;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.identity.ChatId;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code history}: what was said, as the store has it. */
@Command(
        name = "history",
        description = "Writes messages to a file, and deletes those of a user.",
        versionProvider = Version.class,
        subcommands = {HistoryCommand.Export.class, HistoryCommand.Delete.class})
final class HistoryCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "history: what is to be done is missing; expected export or delete");
    }

    private static ChatId id(String option, String value) {
        ChatId.problem(value).ifPresent(problem -> {
            throw CommandFailure.usage("%s \"%s\": %s".formatted(option, value, problem));
        });
        return new ChatId(value);
    }

    /** {@code history export}. */
    @Command(
            name = "export",
            description = {
                "Writes messages with the times of their receipts, the oldest first.",
                "A running broker is not disturbed; what it has acknowledged is there."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Export implements Callable<Integer> {

        @Option(
                order = -9,
                names = "--with",
                paramLabel = "NAME",
                description = "Only messages from or to this user or room.")
        private String with;

        @Option(
                order = -8,
                names = "--user",
                paramLabel = "NAME",
                description = "Only messages from or to this user; with --with, those between the two.")
        private String user;

        @Option(
                order = -7,
                names = "--since",
                paramLabel = "TIME",
                description = "Only from then on: a day (2026-11-20, UTC) or a time (2026-11-20T10:15:30Z).")
        private String since;

        @Option(
                order = -6,
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "jsonl",
                description = "jsonl (default: one JSON object a line), csv or md.")
        private HistoryFormat.Name format;

        @Option(
                order = -5,
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = "Where to; a file that exists is not touched (default: standard output).")
        private Path output;

        @Mixin
        private DataOptions data;

        @Mixin
        private CommonOptions common;

        @Override
        public Integer call() throws IOException {
            HistoryExport.Filter filter = new HistoryExport.Filter(
                    Optional.ofNullable(with).map(name -> id("--with", name)),
                    Optional.ofNullable(user).map(name -> id("--user", name)),
                    Optional.ofNullable(since).map(Export::time));
            Path file = data.file();
            if (output == null) {
                try (OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)) {
                    export(file, filter, out);
                }
                return ExitCode.GOOD;
            }
            long count;
            try (OutputStream out = NewFile.create(output)) {
                count = export(file, filter, out);
            } catch (FileAlreadyExistsException e) {
                throw NewFile.exists(output, e);
            } catch (IOException | CommandFailure e) {
                removeUnfinished();
                throw e;
            }
            if (!common.quiet()) {
                System.out.println(Messages.printable(
                        "%s: wrote %d message%s to %s".formatted(file, count, count == 1 ? "" : "s", output)));
            }
            return ExitCode.GOOD;
        }

        private static Instant time(String text) {
            return HistoryRequest.time(text).orElseGet(() -> {
                try {
                    return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
                } catch (DateTimeParseException e) {
                    throw CommandFailure.usage(
                            "--since \"%s\"; expected a day such as 2026-11-20 or a time such as 2026-11-20T10:15:30Z"
                                    .formatted(text));
                }
            });
        }

        private void removeUnfinished() {
            try {
                Files.deleteIfExists(output);
            } catch (IOException e) {
                System.err.println(Messages.warning("%s is not complete and could not be removed".formatted(output)));
            }
        }

        private long export(Path file, HistoryExport.Filter filter, OutputStream out) throws IOException {
            HistoryFormat lines = format.create();
            try {
                write(out, lines.head());
                return HistoryExport.run(file, filter, entry -> line(out, lines, entry));
            } catch (StoreException e) {
                throw CommandFailure.failure(e.getMessage(), e);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        private static void line(OutputStream out, HistoryFormat lines, HistoryEntry entry) {
            try {
                write(out, lines.line(entry));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void write(OutputStream out, String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** {@code history delete}. */
    @Command(
            name = "delete",
            description = {
                "Deletes for good what a user wrote and what was written to the user alone, with the receipts.",
                "The broker must be stopped. Backups, logs and the traffic log are not touched."
            },
            versionProvider = Version.class,
            sortOptions = false)
    static final class Delete implements Callable<Integer> {

        private static final int LONGEST_ANSWER = 80;

        @Option(order = -9, names = "--user", paramLabel = "NAME", required = true, description = "Whose messages.")
        private String user;

        @Option(order = -8, names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Mixin
        private DataOptions data;

        @Mixin
        private CommonOptions common;

        @Override
        public Integer call() throws IOException {
            ChatId id = id("--user", user);
            Path file = data.file();
            try (UserDeletion deletion = UserDeletion.open(file, id)) {
                UserDeletion.Count count = deletion.count();
                if (count.messages() + count.receipts() == 0) {
                    say("%s: there is nothing of %s".formatted(file, id));
                    return ExitCode.GOOD;
                }
                String what = "%s and %s of %s"
                        .formatted(counted(count.messages(), "message"), counted(count.receipts(), "receipt"), id);
                if (!yes && !isConfirmed("Delete %s from %s for good? Type yes: ".formatted(what, file))) {
                    throw CommandFailure.failure("nothing was deleted; to delete type yes, or give --yes");
                }
                deletion.run();
                say("%s: deleted %s".formatted(file, what));
                return ExitCode.GOOD;
            } catch (StoreException e) {
                throw CommandFailure.failure(e.getMessage(), e);
            }
        }

        private static String counted(long count, String what) {
            return count + " " + what + (count == 1 ? "" : "s");
        }

        private static boolean isConfirmed(String question) throws IOException {
            Console console = System.console();
            if (console != null) {
                return "yes".equals(console.readLine("%s", Messages.printable(question)));
            }
            System.err.println(Messages.printable(question));
            StringBuilder line = new StringBuilder();
            for (int b = System.in.read();
                    b >= 0 && b != '\n' && line.length() <= LONGEST_ANSWER;
                    b = System.in.read()) {
                line.append((char) b);
            }
            return line.toString().strip().equals("yes");
        }

        private void say(String message) {
            if (!common.quiet()) {
                System.out.println(Messages.printable(message));
            }
        }
    }
}
