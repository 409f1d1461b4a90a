package labchat.broker.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;

/** The file that tells a script that all ports answer, and which they are. */
final class ReadyFile implements AutoCloseable {

    private final Path file;

    private ReadyFile(Path file) {
        this.file = file;
    }

    /** Removes what an earlier run that was killed has left, which would tell a lie. */
    static ReadyFile at(Path file) throws IOException {
        Files.deleteIfExists(file);
        return new ReadyFile(file);
    }

    /** Writes it at once: who sees it sees all of it. A port that is off is null. */
    void write(ServedPorts ports) throws IOException {
        StringBuilder json =
                new StringBuilder("{\"pid\":").append(ProcessHandle.current().pid());
        ports.byName().forEach((name, port) -> json.append(",\"%s\":%s".formatted(name, number(port))));
        json.append("}\n");
        Path temporary = file.toAbsolutePath()
                .resolveSibling(".%s.%d.tmp"
                        .formatted(file.getFileName(), ProcessHandle.current().pid()));
        try {
            Files.writeString(temporary, json);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String number(OptionalInt port) {
        return port.isPresent() ? String.valueOf(port.getAsInt()) : "null";
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
