package labchat.broker.tls;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TextFile;

/**
 * Which certificates were made for which users, and which of them are revoked: the file {@code <cafile>.clients} beside the
 * CA's certificate, with a line {@code user name fingerprint valid-until state} for each, spaces between; the fingerprint is
 * SHA-256 in hexadecimal digits, times are in UTC, the state is {@code good} or when it was revoked. A certificate that is
 * not in it is judged by its signature alone. Never changes.
 */
public final class CertificateRegister {

    /** What a user's only certificate is called. */
    public static final String FIRST = "first";

    /** One certificate. */
    public record Entry(String user, String name, String fingerprint, Instant validUntil, Optional<Instant> revoked) {

        public Entry {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(name, "name");
            fingerprint = plain(fingerprint);
            validUntil = validUntil.truncatedTo(ChronoUnit.SECONDS);
            revoked = revoked.map(time -> time.truncatedTo(ChronoUnit.SECONDS));
        }

        /** {@code valid}, {@code expired} or {@code revoked}. */
        public String state(Instant now) {
            return revoked.isPresent() ? "revoked" : now.isAfter(validUntil) ? "expired" : "valid";
        }

        private Entry revokedAt(Instant time) {
            return new Entry(user, name, fingerprint, validUntil, Optional.of(time));
        }

        private String line() {
            return "%s %s %s %s %s"
                    .formatted(
                            user,
                            name,
                            fingerprint,
                            validUntil,
                            revoked.map(Instant::toString).orElse(GOOD));
        }
    }

    private static final String GOOD = "good";
    private static final String HEAD =
            "# Certificates of clients: user, name, SHA-256, valid until, state. Changed by: broker.jar cert";
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    private final Path file;
    private final List<Entry> entries;
    private final List<ConfigProblem> problems;
    private final Map<String, Entry> byFingerprint = new HashMap<>();

    private CertificateRegister(Path file, List<Entry> entries, List<ConfigProblem> problems) {
        this.file = file;
        this.entries = List.copyOf(entries);
        this.problems = List.copyOf(problems);
        entries.forEach(entry -> byFingerprint.put(entry.fingerprint(), entry));
    }

    /** Where it is, for a CA's certificate. */
    public static Path fileOf(Path caFile) {
        return caFile.resolveSibling(caFile.getFileName() + ".clients");
    }

    /** No certificates. */
    public static CertificateRegister none() {
        return new CertificateRegister(Path.of(""), List.of(), List.of());
    }

    /** Reads what belongs to a CA's certificate; none if there is no such file. */
    public static CertificateRegister read(Path caFile) {
        Path file = fileOf(caFile);
        if (!Files.exists(file)) {
            return new CertificateRegister(file, List.of(), List.of());
        }
        TextFile text = TextFile.read(file, "it is made by: cert client");
        List<Entry> entries = new ArrayList<>();
        List<ConfigProblem> problems = new ArrayList<>(text.problems());
        for (int number = 1; number <= text.lines().size(); number++) {
            String line = text.lines().get(number - 1);
            if (line.isBlank() || line.charAt(0) == '#') {
                continue;
            }
            Optional<Entry> entry = parse(line);
            if (entry.isPresent()) {
                entries.add(entry.get());
            } else {
                problems.add(
                        new ConfigProblem(
                                text.name(),
                                number,
                                "expected: user name fingerprint valid-until good, or in the place of good the time when it was revoked"));
            }
        }
        return new CertificateRegister(file, entries, problems);
    }

    private static Optional<Entry> parse(String line) {
        String[] parts = line.strip().split(" +");
        if (parts.length != 5
                || !plain(parts[2]).matches("[0-9A-F]{64}")
                || problemOfName(parts[1]).isPresent()) {
            return Optional.empty();
        }
        try {
            Optional<Instant> revoked = parts[4].equals(GOOD) ? Optional.empty() : Optional.of(Instant.parse(parts[4]));
            return Optional.of(new Entry(parts[0], parts[1], parts[2], Instant.parse(parts[3]), revoked));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String plain(String fingerprint) {
        return fingerprint.replace(":", "").toUpperCase(Locale.ROOT);
    }

    /** Why a certificate cannot have this name; empty if it can. */
    public static Optional<String> problemOfName(String name) {
        return name.matches("[A-Za-z0-9_-]{1,32}")
                ? Optional.empty()
                : Optional.of("a certificate's name is 1 to 32 of the characters A-Z a-z 0-9 _ -, found \"%s\""
                        .formatted(name));
    }

    /** Every mistake of the file; with one of them it must not be used. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /** All certificates, the oldest first. */
    public List<Entry> entries() {
        return entries;
    }

    /** Those of a user. */
    public List<Entry> of(String user) {
        return entries.stream().filter(entry -> entry.user().equals(user)).toList();
    }

    /** The one with this fingerprint, in any of its forms. */
    public Optional<Entry> byFingerprint(String fingerprint) {
        return Optional.ofNullable(byFingerprint.get(plain(fingerprint)));
    }

    /**
     * Notes a new certificate.
     *
     * @throws IOException in words: the user has one of this name that is neither revoked nor expired, or the file cannot be
     *     written
     */
    public static void add(Path caFile, Entry entry, Instant now) throws IOException {
        edit(caFile, entries -> {
            refuseTaken(entries, entry.user(), entry.name(), now);
            entries.add(entry);
        });
    }

    /** @throws IOException in words, if the user has one of this name that is neither revoked nor expired */
    public void refuseTaken(String user, String name, Instant now) throws IOException {
        refuseTaken(entries, user, name, now);
    }

    private static void refuseTaken(List<Entry> entries, String user, String name, Instant now) throws IOException {
        if (entries.stream()
                .anyMatch(entry -> isOf(entry, user, name) && entry.state(now).equals("valid"))) {
            throw new IOException(
                    "%s has a certificate \"%s\" already; choose another name (--name), or revoke it first: cert revoke %s %s"
                            .formatted(user, name, user, name));
        }
    }

    /**
     * Revokes all of a user's certificates of this name.
     *
     * @throws IOException in words: there is none, or it is revoked already, or the file cannot be written
     */
    public static void revoke(Path caFile, String user, String name, Instant now) throws IOException {
        edit(caFile, entries -> {
            List<Entry> own =
                    entries.stream().filter(entry -> isOf(entry, user, name)).toList();
            if (own.isEmpty()) {
                String others = entries.stream()
                        .filter(entry -> entry.user().equals(user))
                        .map(Entry::name)
                        .distinct()
                        .collect(Collectors.joining(", "));
                throw new IOException("%s: %s has no certificate \"%s\"%s"
                        .formatted(
                                fileOf(caFile),
                                user,
                                name,
                                others.isEmpty() ? ", nor another" : "; there is " + others));
            }
            if (own.stream().allMatch(entry -> entry.revoked().isPresent())) {
                throw new IOException("the certificate \"%s\" of %s is revoked already".formatted(name, user));
            }
            entries.replaceAll(
                    entry -> isOf(entry, user, name) && entry.revoked().isEmpty() ? entry.revokedAt(now) : entry);
        });
    }

    private static boolean isOf(Entry entry, String user, String name) {
        return entry.user().equals(user) && entry.name().equals(name);
    }

    private interface Change {
        void apply(List<Entry> entries) throws IOException;
    }

    private static void edit(Path caFile, Change change) throws IOException {
        Path file = fileOf(caFile);
        IN_THIS_PROCESS.lock();
        try (FileChannel channel = FileChannel.open(
                        file.resolveSibling(file.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            CertificateRegister before = read(caFile);
            if (!lock.isValid() || !before.problems().isEmpty()) {
                throw new IOException("%s; correct the file first".formatted(before.problems()));
            }
            List<Entry> entries = new ArrayList<>(before.entries());
            change.apply(entries);
            String text = entries.stream().map(entry -> entry.line() + "\n").collect(Collectors.joining());
            ClassCertificates.replace(file, "rw-r--r--", HEAD + "\n" + text, StandardCharsets.UTF_8);
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    /** The file's name, for people. */
    @Override
    public String toString() {
        return file.toString();
    }
}
