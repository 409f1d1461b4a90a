package labchat.broker.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.broker.control.ControlSocket;
import labchat.broker.recording.RecordingOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code record}: has the broker that runs record a lesson. */
@Command(
        name = "record",
        description = {
            "Has the running broker record what passes, for replay and diagram --recording.",
            "Users, rooms, clients and uuids get other names, the same for the same one within",
            "the recording; texts are replaced by others of the same length. Ctrl-C ends it."
        },
        versionProvider = Version.class,
        sortOptions = false)
final class RecordCommand implements Callable<Integer> {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([smh])");

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = {
                "The new recording, such as lesson.jsonl. A name alone is put into recordings/",
                "in the broker's data directory, where the staff's page finds it."
            })
    private String file;

    @Option(
            order = 1,
            names = "--for",
            paramLabel = "SPAN",
            description = "How long, such as 90s, 45m or 2h, at most 12h (default: until Ctrl-C, at most 12h).")
    private String span;

    @Option(
            order = 2,
            names = "--team",
            paramLabel = "NAME,...",
            split = ",",
            description = "Only what these users' clients say and are told, and what is written to them.")
    private List<String> teams = List.of();

    @Option(
            order = 3,
            names = "--texts",
            description = {
                "Keep what was written. Names of accounts in it are still replaced; names of people",
                "that are no accounts are not. Ask the class first."
            })
    private boolean texts;

    @Mixin
    private DataOptions data;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Map<String, String> question = new LinkedHashMap<>();
        question.put("file", absolute(file));
        question.put("seconds", String.valueOf(seconds()));
        question.put("users", String.join(",", teams));
        question.put("texts", texts ? "kept" : "replaced");
        Path directory = data.directory();
        Map<String, String> started = ask(directory, LessonControl.RECORD, LessonControl.text(question));
        if (!common.quiet()) {
            System.out.println(Messages.printable("Recording to %s%s; Ctrl-C ends it. Names are replaced, texts %s."
                    .formatted(
                            started.get("file"),
                            span == null ? "" : " for " + span,
                            texts ? "kept: whoever has the file can read them" : "too")));
            System.out.flush();
        }
        return new LessonWatch(directory, new Watched(), common.quiet()).follow();
    }

    /** A path is meant from here, not from where the broker runs; a name alone stays one. */
    static String absolute(String file) {
        Path path = path(file);
        return path.getNameCount() > 1 || path.isAbsolute() || file.startsWith(".")
                ? path.toAbsolutePath().normalize().toString()
                : file;
    }

    private static Path path(String file) {
        try {
            return Path.of(file);
        } catch (java.nio.file.InvalidPathException e) {
            throw CommandFailure.usage("\"%s\" is no file's name".formatted(file));
        }
    }

    /** Asks the broker to begin; what it answers if it does not is what the command fails with. */
    static Map<String, String> ask(Path directory, String word, String text) {
        try {
            ControlSocket.Answer answer = ControlSocket.ask(directory, word, text);
            if (answer.status() != ExitCode.GOOD) {
                throw CommandFailure.failure(String.join("; ", answer.lines()).replaceFirst("^error: ", ""));
            }
            return LessonControl.fields(answer.lines());
        } catch (IOException e) {
            throw CommandFailure.failure(Messages.of(e), e);
        }
    }

    private long seconds() {
        if (span == null) {
            return RecordingOrder.LONGEST.toSeconds();
        }
        Matcher written = SPAN.matcher(span);
        if (written.matches()) {
            long count = Long.parseLong(written.group(1));
            long seconds = switch (written.group(2)) {
                case "s" -> count;
                case "m" -> Duration.ofMinutes(count).toSeconds();
                default -> Duration.ofHours(count).toSeconds();
            };
            if (seconds > 0 && seconds <= RecordingOrder.LONGEST.toSeconds()) {
                return seconds;
            }
        }
        throw CommandFailure.usage("--for \"%s\"; expected a span such as 90s, 45m or 2h, at most 12h".formatted(span));
    }

    /** How a recording is told of. */
    private final class Watched implements LessonWatch.Subject {
        @Override
        public String status() {
            return LessonControl.RECORD_STATUS;
        }

        @Override
        public String end() {
            return LessonControl.RECORD_END;
        }

        @Override
        public String progress(Map<String, String> fields) {
            String of = span == null ? "" : " of " + LessonWatch.time(LessonWatch.number(fields, "length"));
            return "%s%s, %s publishes, %s"
                    .formatted(
                            LessonWatch.time(LessonWatch.number(fields, "elapsed")),
                            of,
                            LessonWatch.number(fields, "publishes"),
                            size(LessonWatch.number(fields, "bytes")));
        }

        @Override
        public int over(Map<String, String> fields) {
            long dropped = LessonWatch.number(fields, "dropped");
            if (dropped > 0) {
                System.err.println(Messages.warning(
                        "%d packets are missing in it, because the disk was too slow".formatted(dropped)));
            }
            if (fields.containsKey("problem")) {
                System.err.println(Messages.error("the recording ended early: " + fields.get("problem")));
                return ExitCode.FAILURE;
            }
            if (!common.quiet()) {
                System.out.println(Messages.printable("Recorded %s: %s publishes in %s."
                        .formatted(
                                fields.get("file"),
                                fields.get("publishes"),
                                LessonWatch.time(LessonWatch.number(fields, "elapsed")))));
            }
            return ExitCode.GOOD;
        }

        private static String size(long bytes) {
            return bytes < 10_000 ? bytes + " bytes" : String.format(Locale.ROOT, "%,d kB", bytes / 1_000);
        }
    }
}
