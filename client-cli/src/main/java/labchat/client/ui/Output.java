package labchat.client.ui;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Standard output, line by line, each line written before the call returns. Unlike {@link System#out} it says when
 * nobody reads any more. May be used by several threads.
 */
public final class Output {

    private final OutputStream stream;
    private final Charset charset;

    Output(OutputStream stream, Charset charset) {
        this.stream = Objects.requireNonNull(stream, "stream");
        this.charset = Objects.requireNonNull(charset, "charset");
    }

    /** This process's, in the terminal's charset if it is one, else in UTF-8. */
    public static Output standard() {
        return new Output(
                new FileOutputStream(FileDescriptor.out),
                Terminals.isInteractive() ? Terminals.charset(System.getenv()) : StandardCharsets.UTF_8);
    }

    /** The same, in UTF-8 whatever the terminal's charset, for what other programs read. */
    public static Output utf8() {
        return new Output(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8);
    }

    /** Whether it can hold arrows, check marks and the like. */
    public boolean isUnicode() {
        return charset.newEncoder().canEncode("→✓…");
    }

    /** @throws OutputException if it cannot be written */
    public synchronized void line(String text) throws OutputException {
        try {
            stream.write((text + "\n").getBytes(charset));
            stream.flush();
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    /** Standard output cannot be written. */
    public static final class OutputException extends Exception {

        private static final long serialVersionUID = 1L;

        OutputException(IOException cause) {
            super("cannot write to standard output: " + cause.getMessage(), cause);
        }

        /** Whether the reader has gone, as {@code head} does when it has enough. */
        public boolean isClosedPipe() {
            String message = String.valueOf(getCause().getMessage());
            // The words of the operating system; Windows has its own.
            return message.contains("Broken pipe") || message.contains("pipe is being closed");
        }
    }
}
