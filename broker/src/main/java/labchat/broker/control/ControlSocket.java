package labchat.broker.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket {@code control.sock} in the data directory, which only the user that the broker runs as can open. A question
 * is a word, a line break and any text, up to {@link #MAX_BYTES}, then the end of the stream; the answer is an exit status,
 * a line break and the lines to show.
 */
public final class ControlSocket implements AutoCloseable {

    /** The socket's name in the data directory. */
    public static final String FILE_NAME = "control.sock";

    /** The longest question, in bytes: larger than any file of rules. */
    static final int MAX_BYTES = 16 << 20;

    /**
     * What is said to a question.
     *
     * @param status the asking command's exit status
     */
    public record Answer(int status, List<String> lines) {
        public Answer {
            lines = List.copyOf(lines);
        }
    }

    /** Answers questions of one kind; on a thread of the socket's, several at once. */
    @FunctionalInterface
    public interface Handler {
        /** @param text behind the word */
        Answer answer(String text);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int MOST_AT_ONCE = 8;

    private final Path file;
    private final ServerSocketChannel server;
    private final Map<String, Handler> handlers;
    private final ExecutorService threads;
    private volatile boolean closed;

    private ControlSocket(Path file, ServerSocketChannel server, Map<String, Handler> handlers) {
        this.file = file;
        this.server = server;
        this.handlers = Map.copyOf(handlers);
        this.threads = new ThreadPoolExecutor(0, MOST_AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "labchat-control");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens the socket; one that a killed broker has left is replaced.
     *
     * @param directory is made if it is not there
     * @param handlers by the word that begins a question
     * @throws IOException in one line: another broker listens there, or the path is too long for a socket
     */
    public static ControlSocket open(Path directory, Map<String, Handler> handlers) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(FILE_NAME);
        if (Files.exists(file)) {
            if (isAnswered(file)) {
                throw new IOException("%s: another broker answers there".formatted(file));
            }
            Files.delete(file);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        } catch (IOException | UnsupportedOperationException e) {
            server.close();
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
        ControlSocket socket = new ControlSocket(file, server, handlers);
        Thread thread = new Thread(socket::accept, "labchat-control-accept");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private static boolean isAnswered(Path file) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void accept() {
        while (!closed) {
            try {
                SocketChannel client = server.accept();
                try {
                    threads.execute(() -> serve(client));
                } catch (RejectedExecutionException e) {
                    client.close();
                }
            } catch (IOException e) {
                if (!closed) {
                    LOG.warn("{} takes no more commands: {}", file, e.getMessage());
                }
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            byte[] bytes = Channels.newInputStream(client).readNBytes(MAX_BYTES);
            String question = new String(bytes, StandardCharsets.UTF_8);
            int end = question.indexOf('\n');
            String word = end < 0 ? question : question.substring(0, end);
            Handler handler = handlers.get(word);
            Answer answer = handler == null
                    ? new Answer(
                            1,
                            List.of("the broker that runs does not know \"%s\": it has another version"
                                    .formatted(word)))
                    : answer(handler, end < 0 ? "" : question.substring(end + 1));
            String text = answer.status() + "\n" + String.join("\n", answer.lines());
            Channels.newOutputStream(client).write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("a command went away", e);
        }
    }

    private static Answer answer(Handler handler, String text) {
        try {
            return handler.answer(text);
        } catch (RuntimeException e) {
            LOG.error("a command failed", e);
            return new Answer(1, List.of("failed in the broker, whose log says more: " + e));
        }
    }

    /**
     * Asks the broker that runs on this data directory.
     *
     * @throws IOException in one line; if no broker runs there
     */
    public static Answer ask(Path directory, String word, String text) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            throw new IOException(
                    "no broker runs on the data directory %s (there is no %s); start it, or name its directory with --data"
                            .formatted(directory, FILE_NAME));
        }
        SocketChannel opened;
        try {
            opened = SocketChannel.open(UnixDomainSocketAddress.of(file));
        } catch (IOException e) {
            throw new IOException(
                    "%s: %s; no broker runs there any more, or it belongs to another user"
                            .formatted(file, e.getMessage()),
                    e);
        }
        try (SocketChannel channel = opened) {
            Channels.newOutputStream(channel).write((word + "\n" + text).getBytes(StandardCharsets.UTF_8));
            channel.shutdownOutput();
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf('\n');
            if (end < 0) {
                throw new IOException("the broker gave no answer; its log says more");
            }
            return new Answer(
                    Integer.parseInt(answer.substring(0, end)),
                    answer.substring(end + 1).lines().toList());
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        threads.shutdownNow();
        Files.deleteIfExists(file);
    }
}
