package labchat.broker.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import labchat.broker.acl.AclFile;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.Setting;
import labchat.broker.reload.NewFiles;
import labchat.broker.users.PasswordHash;
import labchat.broker.users.UsersFile;
import labchat.cli.Finding;
import labchat.cli.Finding.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {

    /** "team1a" with its own name as the password, and "team2a" with another. */
    private static final String DEMO = line("team1a", "team1a");

    private static final String GOOD = line("team2a", "a-good-password");

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    private Path directory;

    private final Map<Setting, String> options = new EnumMap<>(Setting.class);

    private static String line(String user, String password) {
        return user + ":"
                + PasswordHash.create(password.getBytes(StandardCharsets.UTF_8), 1, new SecureRandom())
                        .encoded()
                + "\n";
    }

    @BeforeEach
    void files() throws Exception {
        write("users.conf", GOOD, "rw-------");
        write("acl.conf", "pattern read ttm4175/chat/%u/#\n", "rw-r--r--");
        options.put(Setting.PASSWORD_FILE, directory.resolve("users.conf").toString());
        options.put(Setting.ACL_FILE, directory.resolve("acl.conf").toString());
        options.put(Setting.DATA_DIR, directory.resolve("data").toString());
    }

    private Path write(String name, String text, String mode) throws Exception {
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private NewFiles load() {
        ConfigLoader.Loaded loaded = ConfigLoader.load(options, Map.of(), Optional.empty(), Optional.empty());
        UsersFile users = UsersFile.read(loaded.config().passwordFile());
        AclFile acl = AclFile.read(loaded.config().aclFile());
        return new NewFiles(
                loaded.config(),
                loaded.texts(),
                1,
                users,
                acl,
                List.of(),
                Stream.of(loaded.problems(), users.problems(), acl.problems())
                        .flatMap(List::stream)
                        .toList());
    }

    private static Finding one(List<Finding> findings, String subject) {
        return findings.stream()
                .filter(finding -> finding.subject().startsWith(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError(subject + " in " + findings));
    }

    @Test
    void files_asTheyShouldBe_areOk() {
        assertThat(FileChecks.of(load(), List.of()))
                .allMatch(finding -> finding.level() == Level.OK)
                .hasSize(2);
    }

    @Test
    void secretThatOthersRead_isAWarning() throws Exception {
        write("users.conf", GOOD, "rw-r--r--");

        assertThat(FileChecks.of(load(), List.of()))
                .anyMatch(finding ->
                        finding.level() == Level.WARNING && finding.advice().startsWith("chmod o-rwx"));
    }

    @Test
    void rulesThatOthersWrite_areAProblem() throws Exception {
        write("acl.conf", "pattern read ttm4175/chat/%u/#\n", "rw-rw-rw-");

        assertThat(FileChecks.of(load(), List.of()))
                .anyMatch(finding ->
                        finding.level() == Level.PROBLEM && finding.found().contains("can change it"));
    }

    @Test
    void mistakes_areProblemsWithTheirLines() throws Exception {
        write("acl.conf", "nonsense\n", "rw-r--r--");

        Finding problem = one(FileChecks.of(load(), List.of()), directory.resolve("acl.conf") + ":1");

        assertThat(problem.level()).isEqualTo(Level.PROBLEM);
    }

    @Test
    void usersFile_withoutAccounts_isAWarning() throws Exception {
        write("users.conf", "# nobody yet\n", "rw-------");

        assertThat(one(
                                FileChecks.of(load(), List.of()),
                                directory.resolve("users.conf").toString())
                        .found())
                .contains("nobody can log in");
    }

    private List<Finding> ports(Optional<RunningBroker> running, SystemPorts ports) {
        options.put(Setting.WEBSOCKET_PORT, "off");
        options.put(Setting.HTTP_PORT, "0");
        return PortChecks.of(load().config(), running, ports);
    }

    private static SystemPorts system(Optional<String> problem, Optional<String> owner) {
        return new SystemPorts() {
            @Override
            public Optional<String> problem(String address, int port) {
                return problem;
            }

            @Override
            public Optional<String> owner(int port) {
                return owner;
            }
        };
    }

    @Test
    void port_thatIsFree_isOk() {
        List<Finding> findings = ports(Optional.empty(), system(Optional.empty(), Optional.empty()));

        assertThat(one(findings, "port 1883")).isEqualTo(Finding.ok("port 1883", "free"));
        assertThat(one(findings, "http_port").found()).isEqualTo("any free port");
    }

    @Test
    void port_thatAnotherProgramHas_namesIt() {
        Finding taken = one(
                ports(
                        Optional.empty(),
                        system(Optional.of("Address already in use"), Optional.of("process 7, mosquitto"))),
                "port 1883");

        assertThat(taken.level()).isEqualTo(Level.PROBLEM);
        assertThat(taken.found()).isEqualTo("taken by another program (process 7, mosquitto)");
    }

    @Test
    void port_ofTheBrokerThatRuns_isOk() {
        RunningBroker running = new RunningBroker(Optional.of(7L), Set.of(1883));

        assertThat(one(ports(Optional.of(running), system(Optional.of("in use"), Optional.empty())), "port 1883")
                        .level())
                .isEqualTo(Level.OK);
    }

    @Test
    void port_thatTheBrokerThatRunsDoesNotHave_isAWarning() {
        RunningBroker running = new RunningBroker(Optional.of(7L), Set.of(1999));

        assertThat(one(ports(Optional.of(running), system(Optional.empty(), Optional.empty())), "port 1883")
                        .level())
                .isEqualTo(Level.WARNING);
    }

    @Test
    void runningBroker_isUnderstoodAndAnotherVersionIsNot() {
        assertThat(RunningBroker.of(RunningBroker.answer(12, List.of(1883, 8080))))
                .isEqualTo(new RunningBroker(Optional.of(12L), Set.of(1883, 8080)));
        assertThat(RunningBroker.of(List.of("the broker does not know \"ports\"")))
                .isEqualTo(new RunningBroker(Optional.empty(), Set.of()));
    }

    @Test
    void goodPasswordsOnAllAddresses_areAWarningForTheLackOfTls() {
        List<Finding> findings = ExposureChecks.of(load());

        assertThat(one(findings, "passwords").level()).isEqualTo(Level.OK);
        assertThat(one(findings, "addresses").level()).isEqualTo(Level.WARNING);
        assertThat(one(findings, "addresses").found()).contains("port 1883", "websocket_port 8083", "http_port 8080");
    }

    @Test
    void demoPasswords_areAProblemUnlessOnlyThisMachineConnects() throws Exception {
        write("users.conf", DEMO, "rw-------");
        assertThat(one(ExposureChecks.of(load()), "passwords").level()).isEqualTo(Level.PROBLEM);
        assertThat(one(ExposureChecks.of(load()), "addresses").level()).isEqualTo(Level.OK);
        options.put(Setting.ALLOW_DEMO_PASSWORDS, "true");
        assertThat(one(ExposureChecks.of(load()), "passwords").found()).contains("other machines are let in");
        options.put(Setting.BIND_ADDRESS, "127.0.0.1");
        assertThat(one(ExposureChecks.of(load()), "passwords").level()).isEqualTo(Level.WARNING);
    }

    @Test
    void anonymousClients_areAWarning() {
        options.put(Setting.ALLOW_ANONYMOUS, "true");

        assertThat(one(ExposureChecks.of(load()), "allow_anonymous").level()).isEqualTo(Level.WARNING);
    }

    @Test
    void certificate_thatIsNotSet_isNoProblem() {
        assertThat(CertificateChecks.of(load(), Map.of(), Clock.systemUTC()))
                .allMatch(finding -> finding.level() == Level.OK);
    }

    @Test
    void dataDirectory_thatIsNotThereYet_isOk() {
        List<Finding> findings = DataChecks.of(load().config());

        assertThat(one(findings, "data_dir").found()).contains("not there yet");
        assertThat(one(findings, "store").level()).isEqualTo(Level.OK);
    }

    @Test
    void store_thatIsNone_isAProblem() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/chat.db"), "this is no database, but a text of some length");

        assertThat(one(DataChecks.of(load().config()), "store").level()).isEqualTo(Level.PROBLEM);
    }

    @Test
    void disk_thatIsNearlyFull_saysSo() {
        long gigabyte = 1_000_000_000;
        assertThat(DataChecks.room(50 * gigabyte, 100 * gigabyte))
                .isEqualTo(Finding.ok("disk", "50.0 GB of 100.0 GB free"));
        assertThat(DataChecks.room(gigabyte / 2, gigabyte).level()).isEqualTo(Level.WARNING);
        assertThat(DataChecks.room(10_000_000, gigabyte).level()).isEqualTo(Level.PROBLEM);
    }

    @Test
    void clock_thatCannotBeRight_isFound() {
        assertThat(MachineChecks.clock(Instant.EPOCH, Optional.empty()).level()).isEqualTo(Level.PROBLEM);
        assertThat(MachineChecks.clock(NOW, Optional.empty()).level()).isEqualTo(Level.OK);
        assertThat(MachineChecks.clock(
                                NOW,
                                Optional.of(new MachineChecks.Written(Path.of("chat.db"), NOW.plusSeconds(86_400))))
                        .level())
                .isEqualTo(Level.WARNING);
    }

    @Test
    void limitsOfTheMachine_areCompared() {
        assertThat(MachineChecks.java(11, "11.0.2").level()).isEqualTo(Level.PROBLEM);
        assertThat(MachineChecks.openFiles(1024, 10_000).level()).isEqualTo(Level.WARNING);
        assertThat(MachineChecks.openFiles(20_000, 10_000).level()).isEqualTo(Level.OK);
        assertThat(MachineChecks.memory(100_000_000, 8_000_000_000L).level()).isEqualTo(Level.WARNING);
    }
}
