package labchat.broker.recording;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import labchat.broker.event.PacketTrace;

/** A recording that is read, line by line. Used by one thread. */
public final class Recording implements AutoCloseable {

    /**
     * What the first line says.
     *
     * @param root the chat root of the broker that made it
     * @param start when it began
     * @param textsKept whether texts of messages are in it
     */
    public record Header(String root, Instant start, boolean textsKept) {
        public Header {
            Objects.requireNonNull(root, "root");
            Objects.requireNonNull(start, "start");
        }
    }

    /**
     * A packet.
     *
     * @param line where it stands, from 1 on
     * @param millis milliseconds since the beginning
     * @param packet under other names, without its payload
     * @param payload of a publish that came to the broker, or was the server's own
     */
    public record Entry(long line, long millis, PacketTrace packet, Optional<String> payload) {

        /** Whether it was published and passed on, so that a replay has it too. */
        public boolean isPublished() {
            return packet.inbound()
                    && packet.type().equals("PUBLISH")
                    && packet.refusal().isEmpty()
                    && payload.isPresent();
        }
    }

    private final String name;
    private final BufferedReader reader;
    private final Header header;
    private String ahead;
    private long number = 1;
    private boolean cut;

    private Recording(String name, BufferedReader reader, Header header) throws IOException {
        this.name = name;
        this.reader = reader;
        this.header = header;
        this.ahead = reader.readLine();
    }

    /** @throws RecordingException if it is not there, not readable or no recording, in words */
    public static Recording open(Path file) throws RecordingException {
        String name = file.getFileName() == null
                ? file.toString()
                : file.getFileName().toString();
        BufferedReader reader = null;
        try {
            reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
            String first = reader.readLine();
            Header header = RecordingLines.readHeader(first == null ? "" : first, name + ":1");
            return new Recording(name, reader, header);
        } catch (IOException e) {
            closeQuietly(reader);
            throw words(file, e);
        }
    }

    private static void closeQuietly(BufferedReader reader) {
        try {
            if (reader != null) {
                reader.close();
            }
        } catch (IOException e) {
            // It was only read.
        }
    }

    static RecordingException words(Path file, IOException e) {
        if (e instanceof RecordingException known) {
            return known;
        }
        if (e instanceof NoSuchFileException) {
            return new RecordingException("%s: there is no such recording".formatted(file), e);
        }
        if (e instanceof AccessDeniedException) {
            return new RecordingException(
                    "%s: the user that the broker runs as may not open it; check owner and mode".formatted(file), e);
        }
        if (e instanceof CharacterCodingException) {
            return new RecordingException("%s: this is no recording: it is not UTF-8".formatted(file), e);
        }
        return new RecordingException("%s: %s".formatted(file, e.getMessage()), e);
    }

    public Header header() {
        return header;
    }

    /** The file's name, for messages. */
    public String name() {
        return name;
    }

    /** Whether the last line is not whole: the broker was killed while it wrote. */
    public boolean isCut() {
        return cut;
    }

    /**
     * The next packet; empty at the end. A last line that is not whole is passed over.
     *
     * @throws RecordingException with file and line
     */
    public Optional<Entry> next() throws RecordingException {
        try {
            while (ahead != null) {
                String line = ahead;
                ahead = reader.readLine();
                number++;
                try {
                    Optional<Entry> entry = RecordingLines.readEntry(line, name, number, header.start());
                    if (entry.isPresent()) {
                        return entry;
                    }
                } catch (RecordingException e) {
                    if (ahead != null) {
                        throw e;
                    }
                    cut = true;
                }
            }
            return Optional.empty();
        } catch (RecordingException e) {
            throw e;
        } catch (IOException e) {
            throw words(Path.of(name), e);
        }
    }

    @Override
    public void close() {
        closeQuietly(reader);
    }
}
