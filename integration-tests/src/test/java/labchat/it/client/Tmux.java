package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** Terminals for programs under test: a server of tmux of its own, one session for each terminal. */
final class Tmux implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;

    /** @param directory empty, for the server's socket; its path must be short */
    Tmux(Path directory) {
        this.directory = directory;
    }

    /** Opens a terminal of this size with a program in it. */
    Window open(String name, int columns, int rows, List<String> environment, List<String> command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("new-session", "-d", "-s", name));
        arguments.addAll(List.of("-x", Integer.toString(columns), "-y", Integer.toString(rows)));
        for (String variable : environment) {
            arguments.addAll(List.of("-e", variable));
        }
        arguments.addAll(List.of("env", "LC_ALL=C.UTF-8"));
        arguments.addAll(command);
        run(arguments);
        return new Window(name);
    }

    private String run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("tmux", "-u", "-S", directory.resolve("tmux").toString(), "-f", "/dev/null"));
        command.addAll(arguments);
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int code = process.waitFor();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (code != 0) {
                throw new IOException("%s: %d, %s".formatted(command, code, text));
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        try {
            run(List.of("kill-server"));
        } catch (IOException e) {
            // Its last program has ended, and the server with it.
            return;
        }
    }

    /** One of the terminals. */
    final class Window {
        private final String name;

        private Window(String name) {
            this.name = name;
        }

        /** Presses a key by tmux's name for it. */
        void press(String key) throws IOException {
            run(List.of("send-keys", "-t", name, key));
        }

        void type(String text) throws IOException {
            run(List.of("send-keys", "-t", name, "-l", text));
        }

        void resize(int columns, int rows) throws IOException {
            run(List.of("resize-window", "-t", name, "-x", Integer.toString(columns), "-y", Integer.toString(rows)));
        }

        /** What is on the screen, without the spaces at the ends of lines. */
        List<String> screen() {
            try {
                return run(List.of("capture-pane", "-p", "-t", name)).lines().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits until a line of the screen holds this. */
        void awaitText(String text) {
            awaitScreen(text, screen -> screen.stream().anyMatch(line -> line.contains(text)));
        }

        /** Waits until the whole screen is as wanted. */
        void awaitScreen(String what, Predicate<List<String>> wanted) {
            List<String> last = new ArrayList<>();
            try {
                await().atMost(PATIENCE).until(() -> {
                    List<String> now = screen();
                    last.clear();
                    last.addAll(now);
                    return wanted.test(now);
                });
            } catch (ConditionTimeoutException e) {
                assertThat(String.join("\n", last))
                        .as("screen of %s, with %s", name, what)
                        .isEmpty();
            }
        }
    }
}
