package labchat.broker.command;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.broker.config.BrokerConfig;
import labchat.broker.tls.ServerTls;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/** What is said when the broker is ready: where to connect, and the client's command to paste. */
final class Welcome {

    private static final int CLIENT_DEFAULT_PORT = 1883;
    private static final int CLIENT_DEFAULT_TLS_PORT = 8883;
    private static final String CLIENT_JAR = "client-cli.jar";

    private final String bindAddress;
    private final ServedPorts ports;
    private final Optional<ServerTls> certificates;
    private final BrokerConfig config;
    private final Iterable<String> users;

    Welcome(
            String bindAddress,
            ServedPorts ports,
            Optional<ServerTls> certificates,
            BrokerConfig config,
            Iterable<String> users) {
        this.bindAddress = bindAddress;
        this.ports = ports;
        this.certificates = certificates;
        this.config = config;
        this.users = users;
    }

    List<String> lines() {
        List<String> addresses = MachineAddresses.reaching(bindAddress);
        List<String> hosts = certificates
                .map(tls -> CertifiedHosts.reaching(addresses, tls.hosts()))
                .orElse(addresses);
        String host = hosts.get(0);
        String inUri = inUri(host);
        List<String> lines = new ArrayList<>();
        lines.add("Labchat broker %s is ready.".formatted(Version.number()));
        if (ports.tls().isPresent()) {
            line(lines, "To chat", clientCommand(host, ports.tls().getAsInt(), CLIENT_DEFAULT_TLS_PORT, tlsOption()));
        } else if (ports.mqtt().isPresent()) {
            line(lines, "To chat", clientCommand(host, ports.mqtt().getAsInt(), CLIENT_DEFAULT_PORT, ""));
        }
        if (ports.http().isPresent()) {
            String page = "%s://%s:%d/"
                    .formatted(
                            certificates.isPresent() ? "https" : "http",
                            inUri,
                            ports.http().getAsInt());
            line(lines, "Page", page);
            if (!config.web().staff().isEmpty()) {
                line(lines, "Staff", page + "staff");
            }
        }
        line(lines, "MQTT", either("mqtts://" + inUri, ports.tls(), "mqtt://" + inUri, ports.mqtt(), ""));
        line(
                lines,
                "WebSocket",
                either("wss://" + inUri, ports.secureWebsocket(), "ws://" + inUri, ports.websocket(), "/mqtt"));
        if (ports.tls().isPresent()) {
            certificates.ifPresent(tls -> line(lines, "Fingerprint", tls.fingerprint()));
        }
        List<String> others =
                addresses.stream().filter(address -> !address.equals(host)).toList();
        line(lines, "Also at", String.join(", ", others));
        line(lines, "Files", "messages%s are in %s".formatted(logInDataDir() ? " and the traffic log" : "", dataDir()));
        config.trafficLog()
                .filter(file -> !logInDataDir())
                .ifPresent(file -> line(lines, "", "every packet is written to " + file));
        lines.add("Ctrl-C stops it.");
        return lines;
    }

    private boolean logInDataDir() {
        return config.trafficLog()
                .filter(file -> config.dataDir().equals(file.getParent()))
                .isPresent();
    }

    private String dataDir() {
        return shortest(config.dataDir().toAbsolutePath());
    }

    private static void line(List<String> lines, String what, String text) {
        if (!text.isEmpty()) {
            lines.add("  %-11s %s".formatted(what, text));
        }
    }

    /** The secure address, the other, or both; empty if both are off. */
    private static String either(
            String secure, OptionalInt securePort, String plain, OptionalInt plainPort, String path) {
        List<String> found = new ArrayList<>();
        securePort.ifPresent(port -> found.add("%s:%d%s".formatted(secure, port, path)));
        plainPort.ifPresent(port -> found.add("%s:%d%s".formatted(plain, port, path)));
        return String.join(" or ", found);
    }

    private static String inUri(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** With the CA that {@code cert create} has put beside the certificate, if there is one. */
    private String tlsOption() {
        return config.tls()
                .certFile()
                .map(file -> file.resolveSibling("ca.crt"))
                .filter(Files::exists)
                .map(file -> " --cafile " + file)
                .orElse(" --tls");
    }

    private String clientCommand(String address, int port, int defaultPort, String tls) {
        StringBuilder command = new StringBuilder("java -jar ").append(clientJar());
        command.append(" -h ").append(BindAddress.isLoopback(address) ? "localhost" : address);
        if (port != defaultPort) {
            command.append(" -p ").append(port);
        }
        command.append(tls);
        if (!config.chatTopics().equals(ChatTopics.DEFAULT)) {
            command.append(" --chat-root ").append(config.chatTopics().root());
        }
        return command.append(" -u ").append(anyUser()).toString();
    }

    private String anyUser() {
        for (String user : users) {
            if (ChatId.isValid(user)) {
                return user;
            }
        }
        return "NAME";
    }

    /** The client's jar, if it stands where the build or a release puts it; else its plain name. */
    private static String clientJar() {
        try {
            URL location = Welcome.class.getProtectionDomain().getCodeSource().getLocation();
            if (location == null) {
                // A class out of a file of loaded classes that was moved together with the jar.
                return CLIENT_JAR;
            }
            Path own = Path.of(location.toURI());
            Path folder = own.toAbsolutePath().getParent();
            Path beside = folder.resolve(CLIENT_JAR);
            Path built = folder.resolve("../../client-cli/target")
                    .resolve(CLIENT_JAR)
                    .normalize();
            for (Path candidate : List.of(beside, built)) {
                if (Files.exists(candidate)) {
                    return shortest(candidate);
                }
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            return CLIENT_JAR;
        }
        return CLIENT_JAR;
    }

    private static String shortest(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return (path.startsWith(here) ? here.relativize(path) : path).toString();
    }
}
