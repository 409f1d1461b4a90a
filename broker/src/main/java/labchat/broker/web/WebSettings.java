package labchat.broker.web;

import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where and how the pages are served.
 *
 * @param bindAddress the address to listen on
 * @param port 0 for any free port
 * @param tls for HTTPS; empty for HTTP
 * @param page what a page must know
 */
public record WebSettings(String bindAddress, int port, Optional<SSLContext> tls, PageInfo page) {

    public WebSettings {
        Objects.requireNonNull(bindAddress, "bindAddress");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(page, "page");
    }
}
