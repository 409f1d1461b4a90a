package labchat.client.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import labchat.cli.Finding;
import labchat.client.doctor.Outside.Login;
import labchat.client.doctor.Outside.Reach;
import labchat.client.doctor.Outside.Speaks;

/**
 * The way to the server, step by step; ends where the rest makes no sense. On one thread.
 */
public final class Checkup {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    private static final Duration SOON = Duration.ofDays(14);

    /** Seconds of an HTTP date and the way there and back say no more than this. */
    private static final Duration EXACT = Duration.ofSeconds(5);

    private static final int MQTT_PORT = 1883;

    /**
     * What is looked at.
     *
     * @param tls whether MQTT goes over TLS
     * @param user who logs in; empty to leave the login out
     * @param version of MQTT
     * @param httpPort of the broker's page; empty to leave it out
     */
    public record Target(
            String host, int port, boolean tls, Optional<String> user, String version, OptionalInt httpPort) {}

    private final Target target;
    private final Outside outside;
    private final Clock clock;
    private final Consumer<Finding> found;

    private Checkup(Target target, Outside outside, Clock clock, Consumer<Finding> found) {
        this.target = target;
        this.outside = outside;
        this.clock = clock;
        this.found = found;
    }

    /** Looks, and gives each finding as it is found. */
    public static void run(Target target, Outside outside, Clock clock, Consumer<Finding> found) {
        new Checkup(target, outside, clock, found).run();
    }

    private void run() {
        List<String> addresses = outside.addresses(target.host());
        if (addresses.isEmpty()) {
            found.accept(
                    Finding.problem(
                            "name",
                            "no host has the name \"%s\"".formatted(target.host()),
                            "Look for a typing error in -h, or use the address from your slip; in another network a name may not be known."));
            skip("port", "login", "subscription", "hint to yourself", "page");
            return;
        }
        found.accept(Finding.ok("name", "%s is %s".formatted(target.host(), String.join(", ", addresses))));
        Optional<String> reached = reach(addresses);
        boolean mqtt = reached.isPresent() && speaks(reached.get());
        if (mqtt) {
            login();
        } else {
            skip("login", "subscription", "hint to yourself");
        }
        page();
    }

    private void skip(String... subjects) {
        found.accept(Finding.skipped(String.join(", ", subjects), "not looked at, because of the problem above"));
    }

    private Optional<String> reach(List<String> addresses) {
        String subject = "port " + target.port();
        List<String> failed = new ArrayList<>();
        Reach last = Reach.NO_ANSWER;
        for (String address : addresses) {
            last = outside.reach(address, target.port());
            if (last == Reach.CONNECTED) {
                found.accept(
                        failed.isEmpty()
                                ? Finding.ok(subject, "somebody listens at " + address)
                                : Finding.warning(
                                        subject,
                                        "somebody listens at %s, but not at %s"
                                                .formatted(address, String.join(", ", failed)),
                                        "It works, with a delay; -h %s avoids it.".formatted(address)));
                return Optional.of(address);
            }
            failed.add(address);
        }
        String where = String.join(", ", failed);
        found.accept(
                switch (last) {
                    case REFUSED ->
                        Finding.problem(
                                subject,
                                "%s is there, but nobody listens on this port".formatted(where),
                                "Is the broker running? Is -p right? On this machine: ./run; else ask your staff.");
                    case NO_ROUTE ->
                        Finding.problem(
                                subject,
                                "there is no way to %s from here".formatted(where),
                                "Is this computer in the lab's network (Wi-Fi, VPN)? Is -h right?");
                    default ->
                        Finding.problem(
                                subject,
                                "no answer from %s within some seconds".formatted(where),
                                "A firewall swallows it, or the machine is off: is this computer in the lab's network (Wi-Fi, VPN)? Are -h and -p right?");
                });
        return Optional.empty();
    }

    private boolean speaks(String address) {
        if (target.tls()) {
            Optional<Outside.Tls> tls = outside.tls();
            if (tls.isPresent()) {
                return judge(tls.get());
            }
            Speaks plain = outside.plain(address, target.port());
            found.accept(
                    plain == Speaks.MQTT
                            ? Finding.problem(
                                    "TLS",
                                    "this port speaks MQTT without TLS",
                                    "Leave --tls and the other TLS options away, or name the port with TLS with -p (8883 as a rule).")
                            : notMqtt("TLS", plain, "no TLS"));
            return false;
        }
        Speaks plain = outside.plain(address, target.port());
        if (plain == Speaks.MQTT) {
            found.accept(Finding.ok("MQTT", "answers, without TLS: whoever is on the way can read all, passwords too"));
            return true;
        }
        // Some servers answer HTTP at their port with TLS, to say that it is one.
        boolean tls = plain == Speaks.TLS || outside.tls().isPresent();
        found.accept(
                tls
                        ? Finding.problem(
                                "MQTT",
                                "this port speaks TLS",
                                "Add --tls, or name the port without TLS with -p (%d as a rule).".formatted(MQTT_PORT))
                        : notMqtt("MQTT", plain, "no MQTT"));
        return false;
    }

    private static Finding notMqtt(String subject, Speaks plain, String what) {
        return switch (plain) {
            case HTTP ->
                Finding.problem(
                        subject,
                        "this port speaks HTTP: it is a web server's, or the port of MQTT over WebSocket",
                        "Name the port of MQTT over TCP with -p (1883 as a rule).");
            case NOTHING ->
                Finding.problem(
                        subject,
                        "whoever listens there says nothing",
                        "It is no broker, or it hangs: is -p right? If it is, tell your staff.");
            case CLOSES ->
                Finding.problem(
                        subject,
                        "whoever listens there closes the connection without a word",
                        "It is no broker, or takes no more connections from here: is -p right? If it is, wait a little.");
            default ->
                Finding.problem(
                        subject,
                        "whoever listens there speaks something else, and %s".formatted(what),
                        "Name the broker's port with -p (1883 as a rule, 8883 with TLS).");
        };
    }

    private boolean judge(Outside.Tls tls) {
        String facts = "%s, certificate for %s until %s, SHA-256 %s"
                .formatted(tls.version(), String.join(", ", tls.hosts()), DAY.format(tls.until()), tls.fingerprint());
        if (tls.trouble().isPresent()) {
            found.accept(Finding.problem("TLS", facts, sentence(tls.trouble().get())));
            return false;
        }
        found.accept(
                tls.until().isBefore(clock.instant().plus(SOON))
                        ? Finding.warning("TLS", facts, "The certificate runs out soon: tell your staff.")
                        : Finding.ok("TLS", facts));
        return true;
    }

    private static String sentence(String text) {
        String upper = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return upper.endsWith(".") ? upper : upper + ".";
    }

    private void login() {
        if (target.user().isEmpty()) {
            found.accept(Finding.skipped(
                    "login, subscription, hint to yourself", "not looked at, since no user is named with -u"));
            return;
        }
        String user = target.user().get();
        Login login = outside.login();
        if (login instanceof Login.Good good) {
            good(Login.Step.LOGIN, user);
            good(Login.Step.SUBSCRIBE, user);
            found.accept(Finding.ok("hint to yourself", "came back after %s ms".formatted(millis(good.roundTrip()))));
            return;
        }
        Login.Bad bad = (Login.Bad) login;
        List<String> skipped = new ArrayList<>();
        for (Login.Step step : Login.Step.values()) {
            if (step.compareTo(bad.step()) < 0) {
                good(step, user);
            } else if (step == bad.step()) {
                found.accept(Finding.problem(name(step), bad.found(), bad.advice()));
            } else {
                skipped.add(name(step));
            }
        }
        if (!skipped.isEmpty()) {
            skip(skipped.toArray(String[]::new));
        }
    }

    private void good(Login.Step step, String user) {
        found.accept(
                step == Login.Step.LOGIN
                        ? Finding.ok("login", "%s is let in, with MQTT %s".formatted(user, target.version()))
                        : Finding.ok("subscription", "%s may read what is sent to %s".formatted(user, user)));
    }

    private static String name(Login.Step step) {
        return switch (step) {
            case LOGIN -> "login";
            case SUBSCRIBE -> "subscription";
            case ROUND_TRIP -> "hint to yourself";
        };
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6);
    }

    private void page() {
        if (target.httpPort().isEmpty()) {
            found.accept(Finding.skipped("page, clock, version", "not looked at; --http-port 8080 has them looked at"));
            return;
        }
        int port = target.httpPort().getAsInt();
        Optional<Outside.Page> page = outside.page(port);
        if (page.isEmpty()) {
            found.accept(Finding.problem(
                    "page " + port,
                    "nothing that speaks HTTP answers, or its certificate is not trusted",
                    "Is --http-port right (8080 as a rule)? The broker may have http_port off."));
            return;
        }
        Outside.Page seen = page.get();
        if (seen.version().isEmpty()) {
            found.accept(Finding.problem(
                    "page " + port,
                    "a web server answers (status %d), but it is no Labchat broker's".formatted(seen.status()),
                    "Name the broker's with --http-port (8080 as a rule)."));
            return;
        }
        found.accept(
                seen.ready().isEmpty()
                        ? Finding.ok(
                                "page " + port,
                                "answers; the server has version %s"
                                        .formatted(seen.version().get()))
                        : Finding.problem(
                                "page " + port,
                                "the server says that it is not ready: "
                                        + seen.ready().get(),
                                "Tell your staff."));
        seen.websocketPort().ifPresent(this::webSocket);
        seen.clock().ifPresent(this::compare);
    }

    private void webSocket(int port) {
        List<String> addresses = outside.addresses(target.host());
        boolean reached = addresses.stream().anyMatch(address -> outside.reach(address, port) == Reach.CONNECTED);
        found.accept(
                reached
                        ? Finding.ok("WebSocket " + port, "somebody listens; the page needs it")
                        : Finding.problem(
                                "WebSocket " + port,
                                "nobody answers, so the page cannot connect",
                                "A firewall lets the page through, but not this port: tell your staff."));
    }

    private void compare(Instant server) {
        Duration ahead = Duration.between(server, clock.instant());
        found.accept(
                ahead.abs().compareTo(EXACT) <= 0
                        ? Finding.ok("clock", "as the server's, to within %d s".formatted(EXACT.toSeconds()))
                        : Finding.warning(
                                "clock",
                                "this computer's is %d s %s the server's"
                                        .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
                                "Let the system set it from the network; certificates and times of messages depend on it."));
    }
}
