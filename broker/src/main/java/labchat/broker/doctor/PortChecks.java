package labchat.broker.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.Setting;
import labchat.cli.Finding;

/** Whether the broker can listen where it is to, or does already. */
final class PortChecks {

    private static final int FIRST_UNPRIVILEGED = 1024;

    private PortChecks() {}

    static List<Finding> of(BrokerConfig config, Optional<RunningBroker> running, SystemPorts ports) {
        Map<Setting, Optional<Integer>> wanted = new LinkedHashMap<>();
        wanted.put(Setting.PORT, config.port());
        wanted.put(Setting.WEBSOCKET_PORT, config.websocketPort());
        wanted.put(Setting.TLS_PORT, config.tls().port());
        wanted.put(Setting.WSS_PORT, config.tls().websocketPort());
        wanted.put(Setting.HTTP_PORT, config.web().port());
        List<Finding> findings = new ArrayList<>();
        wanted.forEach((setting, port) ->
                port.ifPresent(number -> findings.add(check(config.bindAddress(), setting, number, running, ports))));
        return findings;
    }

    private static Finding check(
            String address, Setting setting, int port, Optional<RunningBroker> running, SystemPorts ports) {
        if (port == 0) {
            return Finding.ok(setting.word(), "any free port");
        }
        String subject = "%s %d".formatted(setting.word(), port);
        boolean ours = running.isPresent() && running.get().ports().contains(port);
        if (ours) {
            return Finding.ok(subject, "the broker that runs here listens on it");
        }
        Optional<String> problem = ports.problem(address, port);
        if (problem.isEmpty()) {
            return running.isPresent() && !running.get().ports().isEmpty()
                    ? Finding.warning(
                            subject,
                            "is set, but the broker that runs here does not listen on it",
                            "Start the broker again: new ports are not taken by a reload.")
                    : Finding.ok(subject, "free");
        }
        String why = problem.get();
        if (why.contains("in use")) {
            return Finding.problem(
                    subject,
                    "taken by another program"
                            + ports.owner(port).map(" (%s)"::formatted).orElse(""),
                    "Stop that program, or choose another port with %s%s. If it is this broker, run doctor as its user, with its data_dir."
                            .formatted(
                                    setting.word(),
                                    ports.owner(port).isPresent() ? "" : "; which it is says, as root: ss -ltnp"));
        }
        if (port < FIRST_UNPRIVILEGED && why.toLowerCase(Locale.ROOT).contains("permission")) {
            return Finding.problem(
                    subject,
                    "may be used by root only",
                    "Choose a port from %d on with %s, or give the service CAP_NET_BIND_SERVICE."
                            .formatted(FIRST_UNPRIVILEGED, setting.word()));
        }
        return Finding.problem(
                subject,
                "cannot listen on %s: %s".formatted(address, why),
                "Name an address of this machine with bind_address; 0.0.0.0 is all of them.");
    }
}
