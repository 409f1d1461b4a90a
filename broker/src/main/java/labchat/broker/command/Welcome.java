package labchat.broker.command;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        List<String> lines = new ArrayList<>();
        lines.add("Labchat broker %s is ready.".formatted(Version.number()));
        for (String address : addresses) {
            ports.mqtt().ifPresent(port -> lines.add("  MQTT       mqtt://%s:%d".formatted(inUri(address), port)));
            ports.websocket()
                    .ifPresent(port -> lines.add("  WebSocket  ws://%s:%d/mqtt".formatted(inUri(address), port)));
            if (certificates.isEmpty()) {
                ports.http().ifPresent(port -> pages(lines, "http://%s:%d/".formatted(inUri(address), port)));
            }
        }
        List<String> secure = certificates
                .map(tls -> CertifiedHosts.reaching(addresses, tls.hosts()))
                .orElse(List.of());
        for (String host : secure) {
            ports.tls().ifPresent(port -> lines.add("  TLS        mqtts://%s:%d".formatted(inUri(host), port)));
            ports.secureWebsocket()
                    .ifPresent(port -> lines.add("  WSS        wss://%s:%d/mqtt".formatted(inUri(host), port)));
            ports.http().ifPresent(port -> pages(lines, "https://%s:%d/".formatted(inUri(host), port)));
        }
        if (ports.mqtt().isPresent() || ports.tls().isPresent()) {
            lines.add("To chat:");
        }
        ports.mqtt()
                .ifPresent(port -> lines.add("  " + clientCommand(addresses.get(0), port, CLIENT_DEFAULT_PORT, "")));
        ports.tls().ifPresent(port -> {
            lines.add("  " + clientCommand(secure.get(0), port, CLIENT_DEFAULT_TLS_PORT, tlsOption()));
            certificates.ifPresent(
                    tls -> lines.add("The certificate's fingerprint (SHA-256): %s".formatted(tls.fingerprint())));
        });
        config.trafficLog().ifPresent(file -> lines.add("Every packet is written to %s.".formatted(file)));
        lines.add("Ctrl-C stops it.");
        return lines;
    }

    private void pages(List<String> lines, String address) {
        lines.add("  Browser    " + address);
        if (!config.web().staff().isEmpty()) {
            lines.add("  Staff      " + address + "staff");
        }
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
            Path own = Path.of(Welcome.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
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
