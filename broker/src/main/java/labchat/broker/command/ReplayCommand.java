package labchat.broker.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import labchat.broker.recording.Lessons;
import labchat.broker.recording.RecordingException;
import labchat.broker.recording.ReplayOrder;
import labchat.broker.recording.ReplayPrefix;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay}: has the broker that runs play a recording back. */
@Command(
        name = "replay",
        description = {
            "Has the running broker publish a recording again, each topic below a prefix of its",
            "own and never in the chat itself. Nothing is retained or kept; who is to see it",
            "subscribes to demo/# first. Ctrl-C ends it."
        },
        versionProvider = Version.class,
        sortOptions = false)
final class ReplayCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The recording; a name alone is looked for here, then in recordings/ in the data directory.")
    private String file;

    @Option(
            order = 1,
            names = "--speed",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many times as fast as it was, 0.01 to 1000 (default: 1), or max: no pauses.")
    private String speed;

    @Option(
            order = 2,
            names = "--prefix",
            paramLabel = "TOPIC",
            description = "What stands before each topic (default: demo/ and the recording's name).")
    private String prefix;

    @Mixin
    private DataOptions data;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        checkSpeed();
        Path directory = data.directory();
        Map<String, String> question = new LinkedHashMap<>();
        question.put("file", find(file, directory).toAbsolutePath().normalize().toString());
        question.put("speed", speed);
        question.put(
                "prefix",
                prefix == null ? ReplayPrefix.of(Path.of(file).getFileName().toString()) : prefix);
        Map<String, String> started = RecordCommand.ask(directory, LessonControl.REPLAY, LessonControl.text(question));
        if (!common.quiet()) {
            System.out.println(Messages.printable("Playing %s back below %s, speed %s: %s publishes, %s as recorded."
                    .formatted(
                            started.get("file"),
                            started.get("prefix"),
                            started.get("speed"),
                            started.get("publishes"),
                            LessonWatch.time(LessonWatch.number(started, "length") / 1_000))));
            System.out.flush();
        }
        return new LessonWatch(directory, new Watched(), common.quiet()).follow();
    }

    private void checkSpeed() {
        try {
            if (!speed.equals("max")) {
                new ReplayOrder(Path.of(""), Double.parseDouble(speed), "");
            }
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--speed \"%s\"; expected 0.01 to 1000, or max".formatted(speed));
        }
    }

    /**
     * A recording that somebody names.
     *
     * @param data the data directory of the broker that has made it
     */
    static Path find(String file, Path data) {
        try {
            Path path = Path.of(file);
            if (Files.exists(path) || path.getNameCount() > 1 || path.isAbsolute()) {
                if (!Files.exists(path)) {
                    throw new RecordingException("%s: there is no such recording".formatted(file));
                }
                return path;
            }
            Path own = data.resolve(Lessons.DIRECTORY).resolve(file);
            if (!Files.exists(own)) {
                throw new RecordingException("%s: there is no such recording, neither here nor in %s"
                        .formatted(file, data.resolve(Lessons.DIRECTORY)));
            }
            return own;
        } catch (java.nio.file.InvalidPathException e) {
            throw CommandFailure.usage("\"%s\" is no file's name".formatted(file));
        } catch (RecordingException e) {
            throw CommandFailure.failure(e.getMessage(), e);
        }
    }

    /** How a replay is told of. */
    private final class Watched implements LessonWatch.Subject {
        @Override
        public String status() {
            return LessonControl.REPLAY_STATUS;
        }

        @Override
        public String end() {
            return LessonControl.REPLAY_END;
        }

        @Override
        public String progress(Map<String, String> fields) {
            return "%s of %s, %s of %s publishes"
                    .formatted(
                            LessonWatch.time(LessonWatch.number(fields, "position") / 1_000),
                            LessonWatch.time(LessonWatch.number(fields, "length") / 1_000),
                            fields.get("published"),
                            fields.get("publishes"));
        }

        @Override
        public int over(Map<String, String> fields) {
            if (fields.containsKey("problem")) {
                System.err.println(Messages.error("the replay ended early: " + fields.get("problem")));
                return ExitCode.FAILURE;
            }
            if (!common.quiet()) {
                System.out.println(Messages.printable("Played back %s of %s publishes below %s"
                        .formatted(fields.get("published"), fields.get("publishes"), fields.get("prefix"))));
            }
            return ExitCode.GOOD;
        }
    }
}
