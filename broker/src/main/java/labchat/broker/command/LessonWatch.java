package labchat.broker.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import labchat.broker.control.ControlSocket;

/**
 * Follows something that the broker does until it is over, and tells how it goes: on a terminal in one line that changes,
 * elsewhere once a minute. Ctrl-C ends it.
 */
final class LessonWatch {

    /** What is followed. */
    interface Subject {
        /** The word that asks how it goes. */
        String status();

        /** The word that ends it. */
        String end();

        /** How it goes, in a line. */
        String progress(Map<String, String> fields);

        /** Says what came of it; gives the exit status. */
        int over(Map<String, String> fields);
    }

    private static final long LOOK_MILLIS = 500;
    private static final long LINE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long END_SECONDS = 30;

    private final Path data;
    private final Subject subject;
    private final boolean quiet;
    private final boolean terminal = System.console() != null && System.getenv("TERM") != null;
    private final AtomicBoolean told = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private int shown;

    LessonWatch(Path data, Subject subject, boolean quiet) {
        this.data = data;
        this.subject = subject;
        this.quiet = quiet;
    }

    /** Returns when it is over, with the exit status. */
    int follow() {
        Thread hook = new Thread(this::endAtSignal, "labchat-lesson-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return watch();
        } finally {
            over.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The signal was faster, and the hook says what came of it.
            }
        }
    }

    private int watch() {
        long lastLine = System.nanoTime();
        while (true) {
            Map<String, String> fields;
            try {
                fields = ask(subject.status());
            } catch (IOException e) {
                clear();
                throw CommandFailure.failure(Messages.of(e), e);
            }
            if (!"true".equals(fields.get("running"))) {
                return tell(fields);
            }
            if (!quiet && terminal) {
                show(subject.progress(fields));
            } else if (!quiet && System.nanoTime() - lastLine >= LINE_NANOS) {
                lastLine = System.nanoTime();
                System.out.println(Messages.printable(subject.progress(fields)));
            }
            try {
                if (over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return ExitCode.GOOD;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.FAILURE;
            }
        }
    }

    /** Ctrl-C or SIGTERM: the broker ends it, and what came of it is said before the process is gone. */
    private void endAtSignal() {
        Thread asker = new Thread(
                () -> {
                    int status = ExitCode.FAILURE;
                    try {
                        status = tell(ask(subject.end()));
                    } catch (IOException | CommandFailure e) {
                        System.err.println(Messages.error(Messages.of(e)));
                    }
                    System.out.flush();
                    Runtime.getRuntime().halt(status);
                },
                "labchat-lesson-ask");
        asker.setDaemon(true);
        asker.start();
        try {
            asker.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int tell(Map<String, String> fields) {
        if (!told.compareAndSet(false, true)) {
            // The other thread says it.
            return ExitCode.GOOD;
        }
        clear();
        return subject.over(fields);
    }

    private Map<String, String> ask(String word) throws IOException {
        ControlSocket.Answer answer = ControlSocket.ask(data, word, "");
        if (answer.status() != ExitCode.GOOD) {
            throw new IOException(String.join("; ", answer.lines()).replaceFirst("^error: ", ""));
        }
        return LessonControl.fields(answer.lines());
    }

    private synchronized void show(String line) {
        String text = Messages.printable(line);
        System.out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
        System.out.flush();
        shown = text.length();
    }

    private synchronized void clear() {
        if (shown > 0) {
            System.out.print("\r" + " ".repeat(shown) + "\r");
            System.out.flush();
            shown = 0;
        }
    }

    /** A number of seconds as a person writes it. */
    static String time(long seconds) {
        return seconds >= 3600
                ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
                : "%d:%02d".formatted(seconds / 60, seconds % 60);
    }

    /** A field that is a number. */
    static long number(Map<String, String> fields, String name) {
        String text = fields.getOrDefault(name, "0");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
