package labchat.broker.command;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import labchat.broker.config.BrokerConfig;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/** What is said when the broker is ready: where to connect, and the client's command to paste. */
final class Welcome {

    private static final int CLIENT_DEFAULT_PORT = 1883;
    private static final String CLIENT_JAR = "client-cli.jar";

    private final String bindAddress;
    private final OptionalInt mqtt;
    private final OptionalInt websocket;
    private final OptionalInt http;
    private final BrokerConfig config;
    private final Iterable<String> users;

    Welcome(
            String bindAddress,
            OptionalInt mqtt,
            OptionalInt websocket,
            OptionalInt http,
            BrokerConfig config,
            Iterable<String> users) {
        this.bindAddress = bindAddress;
        this.mqtt = mqtt;
        this.websocket = websocket;
        this.http = http;
        this.config = config;
        this.users = users;
    }

    List<String> lines() {
        List<String> addresses = MachineAddresses.reaching(bindAddress);
        List<String> lines = new ArrayList<>();
        lines.add("Labchat broker %s is ready.".formatted(Version.number()));
        for (String address : addresses) {
            String host = address.contains(":") ? "[" + address + "]" : address;
            mqtt.ifPresent(port -> lines.add("  MQTT       mqtt://%s:%d".formatted(host, port)));
            websocket.ifPresent(port -> lines.add("  WebSocket  ws://%s:%d/mqtt".formatted(host, port)));
            http.ifPresent(port -> lines.add("  Browser    http://%s:%d/".formatted(host, port)));
        }
        if (mqtt.isPresent()) {
            lines.add("To chat:");
            lines.add("  " + clientCommand(addresses.get(0), mqtt.getAsInt()));
        }
        config.trafficLog().ifPresent(file -> lines.add("Every packet is written to %s.".formatted(file)));
        lines.add("Ctrl-C stops it.");
        return lines;
    }

    private String clientCommand(String address, int port) {
        StringBuilder command = new StringBuilder("java -jar ").append(clientJar());
        command.append(" -h ").append(BindAddress.isLoopback(address) ? "localhost" : address);
        if (port != CLIENT_DEFAULT_PORT) {
            command.append(" -p ").append(port);
        }
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
