package labchat.broker.classroom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.ConfigProblem;
import labchat.broker.tls.ClassCertificates;
import labchat.broker.users.PasswordHash;
import labchat.broker.users.UsersFile;
import labchat.broker.users.UsersFileEditor;
import labchat.protocol.identity.ChatId;

/**
 * A class's files in one directory: {@code users.conf}, {@code acl.conf}, {@code broker.conf}, certificates, a slip for
 * each account in {@code slips}, and all slips in {@code slips.html}. Only slips hold passwords, each its own. Everything
 * is for its owner's eyes only, and git ignores it.
 */
public final class ClassDirectory {

    private static final String OWNER_ONLY = "rw-------";
    private static final Duration CERTIFICATE = Duration.ofDays(825);
    private static final String HOST = "host";

    private final Path directory;
    private final SecureRandom random = new SecureRandom();
    private final Passwords passwords = new Passwords(random);
    private final Clock clock;

    /** @param directory need not exist */
    public ClassDirectory(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** The class cannot be made or changed as asked; the message says why, in words for staff. */
    public static final class ClassException extends IOException {
        private static final long serialVersionUID = 1L;

        ClassException(String message) {
            super(message);
        }
    }

    /** Why there cannot be an account of this id; empty if there can. */
    public static Optional<String> problemOf(String id) {
        if (id.equals(ChatId.SERVER.value())) {
            return Optional.of("\"server\" is the server's own id; choose another");
        }
        return ChatId.problem(id).map(problem -> "\"%s\" is no id: %s".formatted(id, problem));
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    /** Mosquitto's {@code password_file}. */
    public Path usersFile() {
        return file("users.conf");
    }

    /** All slips. */
    public Path sheet() {
        return file("slips.html");
    }

    /** One account's slip. */
    public Path slipFile(String user) {
        return file("slips").resolve(user + ".html");
    }

    private Path mqttxFile(String user) {
        return file("slips").resolve(user + ".mqttx.json");
    }

    private Path properties() {
        return file("class.properties");
    }

    /** Whether there is a class. */
    public boolean exists() {
        return Files.exists(properties());
    }

    /**
     * Whether settings and rights are kept in another directory, to which links point, as a package of an operating
     * system has it. They are then never written here.
     */
    public boolean hasSettingsElsewhere() {
        return Files.isSymbolicLink(file("broker.conf")) && Files.isSymbolicLink(file("acl.conf"));
    }

    /** Where the settings are kept. */
    public Path settingsFolder() throws IOException {
        return file("broker.conf").toRealPath().getParent();
    }

    /** The accounts' names, in the file's order. */
    public List<String> users() throws IOException {
        return Files.exists(usersFile()) ? List.copyOf(goodUsers().names()) : List.of();
    }

    private UsersFile goodUsers() throws ClassException {
        UsersFile users = UsersFile.read(usersFile());
        if (!users.problems().isEmpty()) {
            throw new ClassException(users.problems().get(0).toString());
        }
        return users;
    }

    /**
     * Makes a class.
     *
     * @param host by which the class's machines reach the broker
     * @param moreHosts other names and addresses that the certificate is good for
     * @param ids of the teams
     * @param helpers ids of the assistants, who may see the staff's page
     * @param staff id of who may read everything
     * @throws IOException in words; if files of a class are there already, nothing was touched
     */
    public void create(String host, Collection<String> moreHosts, List<String> ids, List<String> helpers, String staff)
            throws IOException {
        boolean settingsElsewhere = hasSettingsElsewhere();
        List<Path> settings = settingsElsewhere ? List.of() : List.of(file("acl.conf"), file("broker.conf"));
        for (Path path : Stream.concat(Stream.of(usersFile(), sheet()), settings.stream())
                .toList()) {
            if (Files.exists(path)) {
                throw new ClassException(
                        "%s: is there already, and not of a class made here; name another directory with --dir"
                                .formatted(path));
            }
        }
        makeDirectory(directory);
        write(file(".gitignore"), "# Passwords and keys.\n*\n");
        List<String> certified = new ArrayList<>(List.of(host));
        certified.addAll(moreHosts);
        ClassCertificates certificates = new ClassCertificates(directory, clock);
        if (!certificates.exist()) {
            certificates.create("Labchat class " + host, certified, CERTIFICATE);
        }
        if (!settingsElsewhere) {
            write(file("acl.conf"), acl(staff));
            write(file("broker.conf"), settings(staff, helpers));
        }
        Map<String, String> people = new LinkedHashMap<>();
        ids.forEach(id -> people.put(id, ""));
        helpers.forEach(id -> people.put(id, ""));
        people.put(staff, "");
        List<Slip> slips = new ArrayList<>();
        people.forEach((id, name) -> slips.add(new Slip(id, name, passwords.next())));
        addAll(slips, settings(host));
        // Last: whoever finds it finds the rest.
        write(properties(), "# Written by broker.jar class; how slips name the broker.\n%s=%s\n".formatted(HOST, host));
    }

    /**
     * Adds accounts, each with a slip; those that are there already stay as they are.
     *
     * @param people names for the slips, by id
     * @return the ids that are new
     * @throws IOException in words
     */
    public List<String> add(Map<String, String> people) throws IOException {
        ClassSettings settings = settings();
        List<String> known = users();
        List<Slip> slips = new ArrayList<>();
        people.forEach((id, name) -> {
            if (!known.contains(id)) {
                slips.add(new Slip(id, name, passwords.next()));
            }
        });
        addAll(slips, settings);
        return slips.stream().map(Slip::user).toList();
    }

    /** The accounts of a list; see {@link Roster}. */
    public Map<String, String> roster(Path list) throws IOException {
        Roster roster = Roster.of(list.toString(), Files.readAllBytes(list));
        if (!roster.problems().isEmpty()) {
            throw new ClassException(String.join(
                    "\n",
                    roster.problems().stream().map(ConfigProblem::toString).toList()));
        }
        return roster.people();
    }

    private void addAll(List<Slip> slips, ClassSettings settings) throws IOException {
        if (slips.isEmpty()) {
            return;
        }
        makeDirectory(file("slips"));
        Map<String, PasswordHash> hashes = new LinkedHashMap<>();
        int iterations = iterations();
        // Each takes tens of milliseconds on purpose.
        slips.parallelStream()
                .map(slip -> Map.entry(slip.user(), hash(slip, iterations)))
                .forEachOrdered(entry -> hashes.put(entry.getKey(), entry.getValue()));
        for (Slip slip : slips) {
            // The slip first: an account without one would be nobody's.
            writeSlip(slip, settings);
        }
        new UsersFileEditor(usersFile()).addAll(hashes);
        writeSheet();
    }

    private PasswordHash hash(Slip slip, int iterations) {
        return PasswordHash.create(slip.password().getBytes(StandardCharsets.UTF_8), iterations, random);
    }

    /**
     * Gives an account another password, and a new slip.
     *
     * @throws IOException in words
     */
    public void reset(String user) throws IOException {
        ClassSettings settings = settings();
        requireUser(user);
        String people = Files.exists(slipFile(user)) ? peopleOf(user) : "";
        Slip slip = new Slip(user, people, passwords.next());
        new UsersFileEditor(usersFile()).change(user, hash(slip, iterations()));
        writeSlip(slip, settings);
        writeSheet();
    }

    private String peopleOf(String user) throws IOException {
        java.util.regex.Matcher people = java.util.regex.Pattern.compile("<div class=\"people\">(.*?)</div>")
                .matcher(read(slipFile(user)));
        return people.find()
                ? people.group(1)
                        .replace("&quot;", "\"")
                        .replace("&gt;", ">")
                        .replace("&lt;", "<")
                        .replace("&amp;", "&")
                : "";
    }

    /**
     * Removes an account and its slip.
     *
     * @throws IOException in words
     */
    public void remove(String user) throws IOException {
        settings();
        requireUser(user);
        new UsersFileEditor(usersFile()).remove(user);
        Files.deleteIfExists(slipFile(user));
        Files.deleteIfExists(mqttxFile(user));
        writeSheet();
    }

    private void requireUser(String user) throws IOException {
        if (!users().contains(user)) {
            throw new ClassException("%s: there is no user \"%s\"; there are %s"
                    .formatted(usersFile(), user, String.join(", ", users())));
        }
    }

    private void writeSlip(Slip slip, ClassSettings settings) throws IOException {
        String section = SlipPage.section(slip, settings);
        write(slipFile(slip.user()), SlipPage.page("Slip of " + slip.user(), List.of(section)));
        write(mqttxFile(slip.user()), MqttxFile.of(slip, settings));
    }

    private void writeSheet() throws IOException {
        List<String> sections = new ArrayList<>();
        for (String user : users()) {
            if (ChatId.parse(user).isPresent() && Files.exists(slipFile(user))) {
                sections.addAll(SlipPage.sections(read(slipFile(user))));
            }
        }
        write(sheet(), SlipPage.page("Slips of the class", sections));
    }

    private static String read(Path path) throws IOException {
        return Files.readString(path, StandardCharsets.UTF_8);
    }

    /** How the class reaches its broker now: the settings may have been changed since. */
    private ClassSettings settings() throws IOException {
        if (!exists()) {
            throw new ClassException(
                    "%s: there is no class; make one with: class create --dir %s".formatted(properties(), directory));
        }
        Properties remembered = new Properties();
        try (var reader = Files.newBufferedReader(properties(), StandardCharsets.UTF_8)) {
            remembered.load(reader);
        }
        return settings(remembered.getProperty(HOST, "localhost"));
    }

    private ConfigLoader.Loaded loaded() throws ClassException {
        ConfigLoader.Loaded loaded =
                ConfigLoader.load(Map.of(), Map.of(), Optional.of(file("broker.conf")), Optional.empty());
        if (!loaded.problems().isEmpty()) {
            throw new ClassException(loaded.problems().get(0).toString());
        }
        return loaded;
    }

    private int iterations() throws ClassException {
        return loaded().passwordIterations();
    }

    private ClassSettings settings(String host) throws IOException {
        BrokerConfig config = loaded().config();
        ClassCertificates certificates = new ClassCertificates(directory, clock);
        boolean tls =
                config.tls().port().isPresent() || config.tls().websocketPort().isPresent();
        Optional<String> fingerprint = tls && Files.exists(certificates.authorityFile())
                ? Optional.of(certificates.fingerprint())
                : Optional.empty();
        return new ClassSettings(
                host,
                config.port(),
                config.tls().port(),
                config.web().port(),
                config.chatTopics().root(),
                fingerprint);
    }

    private static String settings(String staff, List<String> helpers) {
        return """
                # The class's broker. Start it in this directory: java -jar broker.jar
                # Every setting, and which of them a reload takes in: docs/staff.md.
                password_file users.conf
                acl_file acl.conf
                data_dir data

                port 1883
                websocket_port 8083
                tls_port 8883
                wss_port 8084
                certfile server.crt
                keyfile server.key
                http_port 8080

                # Who may see the staff's page.
                staff %s
                """.formatted(String.join(" ", withFirst(staff, helpers)));
    }

    private static List<String> withFirst(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }

    private static String acl(String staff) {
        return """
                # Who may do what: Mosquitto's acl_file. What no line grants is refused.

                # Everybody reads what is sent to them, and who is online.
                pattern read  ttm4175/chat/%%u/#
                pattern read  ttm4175/chat/+/presence

                # Everybody may send everybody else messages, receipts and typing hints.
                pattern write ttm4175/chat/+/message
                pattern write ttm4175/chat/+/delivered
                pattern write ttm4175/chat/+/read
                pattern write ttm4175/chat/+/typing

                # Requests to the server: history, rooms.
                pattern write ttm4175/chat/server/+

                # Everybody may watch a lesson that staff play back; nobody but the broker publishes there.
                pattern read  demo/#

                # Staff read everything of the course.
                user %s
                topic read ttm4175/#
                # Numbers about the broker itself, for nobody else.
                topic read $SYS/#
                """.formatted(staff);
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void makeDirectory(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Files.createDirectories(path.toAbsolutePath().getParent());
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rwx------");
        if (isPosix(path)) {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(mode));
        } else {
            Files.createDirectory(path);
        }
    }

    /** Whole or not at all, and for nobody else's eyes from its first byte on. */
    private static void write(Path path, String text) throws IOException {
        Path temporary = path.resolveSibling(".%s.tmp".formatted(path.getFileName()));
        Files.deleteIfExists(temporary);
        if (isPosix(path)) {
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        }
        Files.writeString(temporary, text, StandardCharsets.UTF_8);
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
