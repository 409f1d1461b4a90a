package labchat.client.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The servers whose certificate a person has compared: a file with one {@code host:port fingerprint} a line. */
public final class KnownServers {

    private final Path file;

    /** @param file need not exist yet, nor its directory */
    public KnownServers(Path file) {
        this.file = file;
    }

    /** Where they are remembered. */
    public Path file() {
        return file;
    }

    /**
     * What was compared for a server.
     *
     * @param address host and port, as they are named
     * @throws IOException if the file cannot be read, or its line for this server is broken; the message says so
     */
    public Optional<Fingerprint> of(String address) throws IOException {
        for (String line : lines()) {
            if (isOf(line, address)) {
                return Optional.of(
                        Fingerprint.parse(line.substring(address.length()).strip())
                                .orElseThrow(() -> new IOException(
                                        "%s: the line for %s is broken; remove it, and compare the fingerprint anew"
                                                .formatted(file, address))));
            }
        }
        return Optional.empty();
    }

    /** Remembers a server, in the place of what was there. */
    public void remember(String address, Fingerprint fingerprint) throws IOException {
        List<String> lines = new ArrayList<>(lines());
        lines.removeIf(line -> isOf(line, address));
        lines.add(address + " " + fingerprint);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = file.resolveSibling(".%s.%d.tmp"
                .formatted(file.getFileName(), ProcessHandle.current().pid()));
        try {
            Files.writeString(temporary, String.join("\n", lines) + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static boolean isOf(String line, String address) {
        return line.startsWith(address + " ");
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new IOException("cannot read %s: %s".formatted(file, e), e);
        }
    }
}
