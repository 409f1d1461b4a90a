package labchat.broker.classroom;

import java.util.Objects;
import java.util.Optional;

/**
 * How the class reaches its broker, as slips say it.
 *
 * @param host a name or an address of the broker's machine
 * @param port for MQTT over TCP; empty if it is off
 * @param tlsPort for MQTT over TLS; empty if it is off
 * @param pagePort of the page; empty if it is off
 * @param chatRoot the topic above all chat topics
 * @param fingerprint of the class's CA; empty if there is no certificate
 */
public record ClassSettings(
        String host,
        Optional<Integer> port,
        Optional<Integer> tlsPort,
        Optional<Integer> pagePort,
        String chatRoot,
        Optional<String> fingerprint) {

    public ClassSettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(tlsPort, "tlsPort");
        Objects.requireNonNull(pagePort, "pagePort");
        Objects.requireNonNull(chatRoot, "chatRoot");
        Objects.requireNonNull(fingerprint, "fingerprint");
    }

    /** An IPv6 address needs brackets where a port follows. */
    private String hostInUrl() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** Where the page is: HTTPS if there is a certificate. */
    Optional<String> page() {
        String scheme = fingerprint.isPresent() ? "https" : "http";
        return pagePort.map(number -> "%s://%s:%d/".formatted(scheme, hostInUrl(), number));
    }
}
