package labchat.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.cli.Finding;
import labchat.cli.Finding.Level;
import labchat.client.doctor.Outside.Login;
import labchat.client.doctor.Outside.Page;
import labchat.client.doctor.Outside.Reach;
import labchat.client.doctor.Outside.Speaks;
import labchat.client.doctor.Outside.Tls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CheckupTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    /** A world in which all is well, unless a test says otherwise. */
    private static final class World implements Outside {
        private List<String> addresses = List.of("192.0.2.7");
        private final Map<String, Reach> reached = new HashMap<>();
        private Speaks speaks = Speaks.MQTT;
        private Optional<Tls> tls = Optional.empty();
        private Login login = new Login.Good(Duration.ofMillis(3));
        private Optional<Page> page = Optional.empty();
        private boolean loginTried;

        @Override
        public List<String> addresses(String host) {
            return addresses;
        }

        @Override
        public Reach reach(String address, int port) {
            return reached.getOrDefault(address + ":" + port, Reach.CONNECTED);
        }

        @Override
        public Speaks plain(String address, int port) {
            return speaks;
        }

        @Override
        public Optional<Tls> tls() {
            return tls;
        }

        @Override
        public Login login() {
            loginTried = true;
            return login;
        }

        @Override
        public Optional<Page> page(int port) {
            return page;
        }
    }

    private final World world = new World();

    private List<Finding> look(boolean tls, Optional<String> user, OptionalInt page) {
        List<Finding> findings = new ArrayList<>();
        Checkup.Target target = new Checkup.Target("broker.example", 1883, tls, user, "5", page);
        Checkup.run(target, world, Clock.fixed(NOON, ZoneOffset.UTC), findings::add);
        return findings;
    }

    private List<Finding> look() {
        return look(false, Optional.of("team1a"), OptionalInt.empty());
    }

    private static List<String> subjects(List<Finding> findings, Level level) {
        return findings.stream()
                .filter(finding -> finding.level() == level)
                .map(Finding::subject)
                .toList();
    }

    private static Finding only(List<Finding> findings, Level level) {
        return findings.stream()
                .filter(finding -> finding.level() == level)
                .reduce((one, other) -> {
                    throw new AssertionError("more than one: " + findings);
                })
                .orElseThrow(() -> new AssertionError("none: " + findings));
    }

    private static Tls certificate(Duration left, Optional<String> trouble) {
        return new Tls("TLSv1.3", List.of("broker.example"), NOON.plus(left), "AA:BB", trouble);
    }

    @Test
    void everything_whenAllIsWell_isOk() {
        List<Finding> findings = look();

        assertThat(subjects(findings, Level.OK))
                .containsExactly("name", "port 1883", "MQTT", "login", "subscription", "hint to yourself");
        assertThat(findings).noneMatch(finding -> finding.level() == Level.PROBLEM);
        assertThat(findings).anyMatch(finding -> finding.found().equals("came back after 3.0 ms"));
    }

    @Test
    void unknownName_endsEverything() {
        world.addresses = List.of();

        List<Finding> findings = look();

        assertThat(only(findings, Level.PROBLEM).subject()).isEqualTo("name");
        assertThat(subjects(findings, Level.SKIPPED)).hasSize(1);
        assertThat(world.loginTried).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, nobody listens, broker running", "NO_ANSWER, no answer, firewall", "NO_ROUTE, no way, network"
    })
    void portThatIsNotReached_saysWhy(Reach reach, String found, String advice) {
        world.reached.put("192.0.2.7:1883", reach);

        Finding problem = only(look(), Level.PROBLEM);

        assertThat(problem.subject()).isEqualTo("port 1883");
        assertThat(problem.found()).contains(found);
        assertThat(problem.advice()).contains(advice);
        assertThat(world.loginTried).isFalse();
    }

    @Test
    void oneOfTwoAddresses_isEnough() {
        world.addresses = List.of("2001:db8::7", "192.0.2.7");
        world.reached.put("2001:db8::7:1883", Reach.NO_ROUTE);

        List<Finding> findings = look();

        assertThat(only(findings, Level.WARNING).found()).contains("192.0.2.7", "2001:db8::7");
        assertThat(world.loginTried).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Speaks.class,
            names = {"MQTT"},
            mode = EnumSource.Mode.EXCLUDE)
    void whoeverSpeaksSomethingElse_endsIt(Speaks speaks) {
        world.speaks = speaks;

        Finding problem = only(look(), Level.PROBLEM);

        assertThat(problem.subject()).isEqualTo("MQTT");
        assertThat(problem.advice()).isNotBlank();
        assertThat(world.loginTried).isFalse();
    }

    @Test
    void silentPortThatTakesAHandshake_speaksTls() {
        world.speaks = Speaks.CLOSES;
        world.tls = Optional.of(certificate(Duration.ofDays(100), Optional.empty()));

        Finding problem = only(look(), Level.PROBLEM);

        assertThat(problem.found()).isEqualTo("this port speaks TLS");
        assertThat(problem.advice()).contains("--tls");
    }

    @Test
    void tls_thatIsTrusted_showsItsCertificate() {
        world.tls = Optional.of(certificate(Duration.ofDays(100), Optional.empty()));

        List<Finding> findings = look(true, Optional.of("team1a"), OptionalInt.empty());

        assertThat(findings)
                .anyMatch(finding -> finding.subject().equals("TLS")
                        && finding.level() == Level.OK
                        && finding.found().contains("TLSv1.3, certificate for broker.example until 2027-02-28"));
        assertThat(world.loginTried).isTrue();
    }

    @Test
    void tls_thatEndsSoon_isAWarning() {
        world.tls = Optional.of(certificate(Duration.ofDays(3), Optional.empty()));

        assertThat(only(look(true, Optional.of("team1a"), OptionalInt.empty()), Level.WARNING)
                        .subject())
                .isEqualTo("TLS");
    }

    @Test
    void tls_thatIsNotTrusted_endsItBeforeThePassword() {
        world.tls = Optional.of(certificate(Duration.ofDays(100), Optional.of("nobody knows it; ask")));

        Finding problem = only(look(true, Optional.of("team1a"), OptionalInt.empty()), Level.PROBLEM);

        assertThat(problem.advice()).isEqualTo("Nobody knows it; ask.");
        assertThat(world.loginTried).isFalse();
    }

    @Test
    void tls_atAPortWithout_saysSo() {
        Finding problem = only(look(true, Optional.of("team1a"), OptionalInt.empty()), Level.PROBLEM);

        assertThat(problem.found()).isEqualTo("this port speaks MQTT without TLS");
    }

    @Test
    void loginThatIsRefused_skipsWhatFollows() {
        world.login = new Login.Bad(Login.Step.LOGIN, "wrong", "Compare.");

        List<Finding> findings = look();

        assertThat(only(findings, Level.PROBLEM)).isEqualTo(Finding.problem("login", "wrong", "Compare."));
        assertThat(subjects(findings, Level.SKIPPED)).contains("subscription, hint to yourself");
    }

    @Test
    void subscriptionThatIsRefused_saysThatTheLoginWasGood() {
        world.login = new Login.Bad(Login.Step.SUBSCRIBE, "no right", "Ask.");

        List<Finding> findings = look();

        assertThat(subjects(findings, Level.OK)).contains("login");
        assertThat(only(findings, Level.PROBLEM).subject()).isEqualTo("subscription");
    }

    @Test
    void withoutAUser_thereIsNoLogin() {
        assertThat(look(false, Optional.empty(), OptionalInt.empty()))
                .noneMatch(finding -> finding.level() == Level.PROBLEM);
        assertThat(world.loginTried).isFalse();
    }

    @Test
    void page_comparesClocksAndPorts() {
        world.page = Optional.of(new Page(
                200, Optional.of(NOON.minusSeconds(120)), Optional.of("1.2"), Optional.empty(), Optional.of(8083)));
        world.reached.put("192.0.2.7:8083", Reach.NO_ANSWER);

        List<Finding> findings = look(false, Optional.of("team1a"), OptionalInt.of(8080));

        assertThat(only(findings, Level.WARNING).found()).isEqualTo("this computer's is 120 s ahead of the server's");
        assertThat(only(findings, Level.PROBLEM).subject()).isEqualTo("WebSocket 8083");
    }

    @Test
    void page_ofAnotherServer_isAProblem() {
        world.page = Optional.of(new Page(404, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(only(look(false, Optional.of("team1a"), OptionalInt.of(80)), Level.PROBLEM)
                        .found())
                .contains("no Labchat broker's");
    }

    @Test
    void page_thatIsNotReady_isAProblem() {
        world.page = Optional.of(new Page(
                200, Optional.of(NOON), Optional.of("1.2"), Optional.of("store: disk full"), Optional.empty()));

        assertThat(only(look(false, Optional.of("team1a"), OptionalInt.of(8080)), Level.PROBLEM)
                        .found())
                .contains("disk full");
    }
}
