package labchat.broker.web;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * Where and how the pages are served.
 *
 * @param bindAddress the address to listen on
 * @param port 0 for any free port
 * @param tls gives each connection of HTTPS its engine, with the certificate of that moment; empty for HTTP
 * @param page what a page must know
 */
public record WebSettings(String bindAddress, int port, Optional<Supplier<SSLEngine>> tls, PageInfo page) {

    public WebSettings {
        Objects.requireNonNull(bindAddress, "bindAddress");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(page, "page");
    }
}
