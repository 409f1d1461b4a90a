package labchat.client.ui;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.client.session.ConnectSettings;
import labchat.client.session.MqttVersion;
import labchat.client.tls.ClientTls;
import labchat.client.wire.WireEntry;
import labchat.protocol.packet.MqttPacket;
import labchat.protocol.packet.PacketType;

/**
 * The {@code mosquitto_pub} or {@code mosquitto_sub} command that sends or receives what a packet did, ready for a
 * POSIX shell. The password is never in it.
 */
final class MosquittoCommand {

    /** What stands in the command for the password. */
    static final String PASSWORD = "-P \"$LABCHAT_PASSWORD\"";

    private MosquittoCommand() {}

    /** The command; empty for packets that Mosquitto's programs send by themselves. */
    static Optional<String> of(WireEntry entry, ConnectSettings settings) {
        MqttPacket packet = entry.packet();
        if (packet.type().isEmpty()
                || packet.topics().isEmpty()
                || !packet.faults().isEmpty()) {
            return Optional.empty();
        }
        return switch (packet.type().get()) {
            case PUBLISH ->
                Optional.of(entry.outgoing() ? publish(packet, settings) : subscribe(packet, settings, true));
            case SUBSCRIBE -> Optional.of(subscribe(packet, settings, false));
            default -> Optional.empty();
        };
    }

    /** Whether there may be a command for it. */
    static boolean isPossible(WireEntry entry) {
        return entry.packet()
                .type()
                .filter(type -> type == PacketType.PUBLISH || type == PacketType.SUBSCRIBE)
                .isPresent();
    }

    private static String publish(MqttPacket packet, ConnectSettings settings) {
        List<String> words = start("mosquitto_pub", settings);
        words.add("-q " + packet.qos().orElse(0));
        if (packet.isRetained()) {
            words.add("-r");
        }
        if (settings.version() == MqttVersion.V5) {
            property(packet, "Response Topic")
                    .ifPresent(topic -> words.add("-D PUBLISH response-topic " + quote(topic)));
            property(packet, "Correlation Data")
                    .ifPresent(data -> words.add("-D PUBLISH correlation-data " + quote(data)));
        }
        words.add("-t " + quote(packet.topics().get(0).topic()));
        String payload = packet.payload().orElse("");
        words.add(payload.isEmpty() ? "-n" : "-m " + quote(payload));
        return finished(words, settings);
    }

    /** The value of a property that is text. */
    private static Optional<String> property(MqttPacket packet, String name) {
        return packet.fields().stream()
                .filter(field -> field.name().equals(name) && field.value().startsWith("\""))
                .map(field -> field.value().substring(1, field.value().length() - 1))
                .findFirst();
    }

    private static String subscribe(MqttPacket packet, ConnectSettings settings, boolean once) {
        List<String> words = start("mosquitto_sub", settings);
        OptionalInt highest =
                packet.topics().stream().mapToInt(MqttPacket.Subscription::qos).max();
        words.add("-q " + highest.orElse(0));
        packet.topics().forEach(topic -> words.add("-t " + quote(topic.topic())));
        if (once) {
            words.add("-C 1");
        }
        words.add("-v");
        return finished(words, settings);
    }

    private static List<String> start(String program, ConnectSettings settings) {
        List<String> words = new ArrayList<>();
        words.add(program);
        words.add("-h " + quote(settings.host()));
        words.add("-p " + settings.port());
        words.add("-V " + (settings.version() == MqttVersion.V5 ? "mqttv5" : "mqttv311"));
        words.add("-u " + quote(settings.user().value()));
        words.add(PASSWORD);
        settings.tls().ifPresent(tls -> tls(tls, words));
        return words;
    }

    private static void tls(ClientTls tls, List<String> words) {
        ClientTls.Trusted trusted = tls.trusted();
        if (trusted instanceof ClientTls.Trusted.AuthoritiesIn authorities) {
            words.add("--cafile " + file(authorities.file()));
        } else if (trusted instanceof ClientTls.Trusted.OneCertificate) {
            words.add("--cafile ca.crt");
        } else {
            words.add("--tls-use-os-certs");
        }
        if (trusted instanceof ClientTls.Trusted.Everybody) {
            words.add("--insecure");
        }
        tls.identity().ifPresent(own -> {
            words.add("--cert " + file(own.certificateFile()));
            words.add("--key " + file(own.keyFile()));
        });
    }

    /** From whatever directory the command is run. */
    private static String file(Path path) {
        return quote(path.toAbsolutePath().normalize().toString());
    }

    /** What Mosquitto lacks is a comment to the shell. */
    private static String finished(List<String> words, ConnectSettings settings) {
        String command = String.join(" ", words);
        return settings.tls()
                .map(ClientTls::trusted)
                .map(trusted -> {
                    if (trusted instanceof ClientTls.Trusted.OneCertificate) {
                        return command + "  # Mosquitto knows no fingerprints: it needs the class's ca.crt";
                    }
                    return trusted instanceof ClientTls.Trusted.Everybody
                            ? command
                                    + "  # Mosquitto still checks who signed: --cafile with the class's ca.crt may be needed"
                            : command;
                })
                .orElse(command);
    }

    /** As a shell reads it back; what would not be seen on a terminal is written as the escapes of bash and zsh. */
    static String quote(String text) {
        if (text.matches("[A-Za-z0-9_./:@%+=-]+")) {
            return text;
        }
        if (TextSanitizer.lines(text).equals(List.of(text))) {
            return "'" + text.replace("'", "'\\''") + "'";
        }
        StringBuilder quoted = new StringBuilder("$'");
        text.codePoints().forEach(c -> {
            if (c == '\'' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (TextSanitizer.lines(Character.toString(c)).equals(List.of(Character.toString(c)))) {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(c <= 0xffff ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
            }
        });
        return quoted.append('\'').toString();
    }
}
