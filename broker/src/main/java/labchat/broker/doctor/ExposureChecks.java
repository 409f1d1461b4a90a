package labchat.broker.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.Setting;
import labchat.broker.config.SignUp;
import labchat.broker.reload.NewFiles;
import labchat.broker.users.CheckedPasswords;
import labchat.cli.Finding;

/** Who can reach the broker, and with how little. */
final class ExposureChecks {

    private record Listener(Setting setting, int port) {
        @Override
        public String toString() {
            return "%s %d".formatted(setting.word(), port);
        }
    }

    private ExposureChecks() {}

    static List<Finding> of(NewFiles files) {
        BrokerConfig config = files.config();
        List<Finding> findings = new ArrayList<>();
        boolean local = isLoopback(config.bindAddress());
        boolean demo = files.users().hasDemoPasswords(CheckedPasswords.read(config.dataDir()));
        String users = config.passwordFile().toString();
        if (!demo) {
            findings.add(Finding.ok("passwords", "no account's password is its own name"));
        } else if (local) {
            findings.add(
                    Finding.warning(
                            "passwords",
                            "%s holds demo passwords (the name itself); only this machine can connect".formatted(users),
                            "Before others are let in: broker.jar users passwd NAME, or a class of its own with class create."));
        } else if (config.allowDemoPasswords()) {
            findings.add(Finding.problem(
                    "passwords",
                    "%s holds demo passwords (the name itself), and other machines are let in with them"
                            .formatted(users),
                    "broker.jar users passwd NAME for each, and take allow_demo_passwords away."));
        } else {
            findings.add(Finding.problem(
                    "passwords",
                    "%s holds demo passwords (the name itself), so the broker serves only this machine"
                            .formatted(users),
                    "broker.jar users passwd NAME for each, or a class of its own with class create."));
        }
        if (local || demo && !config.allowDemoPasswords()) {
            findings.add(Finding.ok("addresses", "only this machine can connect"));
            return findings;
        }
        List<Listener> plain = plain(config);
        if (plain.isEmpty()) {
            findings.add(Finding.ok(
                    "addresses", "other machines reach %s, always with TLS".formatted(config.bindAddress())));
        } else {
            findings.add(
                    Finding.warning(
                            "addresses",
                            "other machines reach %s on %s without TLS: passwords can be read on the way"
                                    .formatted(
                                            config.bindAddress(),
                                            plain.stream()
                                                    .map(Listener::toString)
                                                    .collect(Collectors.joining(", "))),
                            config.tls().hasCertificate()
                                    ? "Outside a closed lab network, set these to off, and let clients use tls_port and wss_port."
                                    : "Outside a closed lab network, make a certificate (broker.jar cert create) and set tls_port and wss_port."));
        }
        if (config.allowAnonymous()) {
            findings.add(Finding.warning(
                    "allow_anonymous",
                    "anybody is let in without a name, with the rights of the first lines of %s"
                            .formatted(config.aclFile()),
                    "Take allow_anonymous away, unless the exercise needs it."));
        }
        if (config.web().signUp() == SignUp.OPEN && config.web().port().isPresent()) {
            findings.add(Finding.warning(
                    "signup",
                    "anybody who reaches the page can make an account",
                    "Set signup to code with signup_code_file, or to off when everybody has one."));
        }
        return findings;
    }

    private static List<Listener> plain(BrokerConfig config) {
        Stream<Listener> mqtt = Stream.concat(
                config.port().stream().map(port -> new Listener(Setting.PORT, port)),
                config.websocketPort().stream().map(port -> new Listener(Setting.WEBSOCKET_PORT, port)));
        Stream<Listener> page = config.web().port().stream()
                .filter(port -> !config.tls().hasCertificate())
                .map(port -> new Listener(Setting.HTTP_PORT, port));
        return Stream.concat(mqtt, page).toList();
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
