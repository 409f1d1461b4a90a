package labchat.client.practice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import labchat.client.practice.Check.State;
import labchat.protocol.identity.ChatId;

/**
 * Where a partner keeps its lists over a restart: one line for each thing it knows of a team, with tabs between team,
 * thing, state, time and detail. It holds no texts of messages.
 */
public final class ListFile {

    private static final String HEAD = "# what a practice partner has seen: team, what, state, when, detail";

    /** Far more than the lists of all teams there may be. */
    private static final long MOST_BYTES = 4_000_000;

    private final Path path;

    public ListFile(Path path) {
        this.path = path;
    }

    /**
     * Fills the partner's lists; a file that does not exist has nothing.
     *
     * @return how many lines could not be understood
     * @throws IOException if it cannot be read, or is far too large to be such a file
     */
    public int load(Partner partner) throws IOException {
        List<String> lines;
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new IOException("it has more than %d bytes".formatted(MOST_BYTES));
            }
            lines = Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return 0;
        }
        int bad = 0;
        for (String line : lines) {
            if (!line.startsWith("#") && !line.isBlank() && !take(line, partner)) {
                bad++;
            }
        }
        return bad;
    }

    private static boolean take(String line, Partner partner) {
        String[] parts = line.split("\t", -1);
        if (parts.length != 5) {
            return false;
        }
        Optional<ChatId> team = ChatId.parse(parts[0]);
        Optional<Fact> fact = Fact.of(parts[1]);
        try {
            State state = State.valueOf(parts[2].toUpperCase(Locale.ROOT));
            Instant at = Instant.parse(parts[3]);
            if (team.isEmpty() || fact.isEmpty() || state == State.OPEN) {
                return false;
            }
            partner.restore(team.get(), fact.get(), new TeamList.Known(state, at, parts[4]));
            return true;
        } catch (DateTimeException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Writes all lists; what was there before is replaced in one step. */
    public void save(Partner partner) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(HEAD);
        partner.known()
                .forEach((team, facts) -> facts.forEach((fact, known) -> lines.add(String.join(
                        "\t",
                        team.value(),
                        fact.word(),
                        known.state().name().toLowerCase(Locale.ROOT),
                        known.at().toString(),
                        known.detail().replaceAll("\\p{Cntrl}", " ")))));
        Path absolute = path.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        Path fresh = absolute.resolveSibling(absolute.getFileName() + ".new");
        Files.write(fresh, lines, StandardCharsets.UTF_8);
        Files.move(fresh, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
