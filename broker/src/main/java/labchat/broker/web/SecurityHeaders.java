package labchat.broker.web;

import io.javalin.http.Context;
import io.javalin.http.Header;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What a browser must not do with an answer: run or load anything that is not ours, show it in a frame, guess its type.
 * The policy also forbids that text becomes HTML in a script (Trusted Types), whatever the script tries.
 */
final class SecurityHeaders {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}");

    private final String secure;
    private final OptionalInt websocket;
    private final OptionalInt secureWebsocket;

    SecurityHeaders(PageInfo page, boolean tls) {
        websocket = tls ? OptionalInt.empty() : page.websocketPort();
        secureWebsocket = page.secureWebsocketPort();
        secure = tls ? "wss:" : "ws: wss:";
    }

    void addTo(Context context) {
        context.header(Header.CONTENT_SECURITY_POLICY, policy(context.header(Header.HOST)));
        context.header(Header.X_CONTENT_TYPE_OPTIONS, "nosniff");
        context.header(Header.X_FRAME_OPTIONS, "DENY");
        context.header(Header.REFERRER_POLICY, "no-referrer");
        context.header("Cross-Origin-Opener-Policy", "same-origin");
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        context.header("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        context.header(Header.CACHE_CONTROL, "no-store");
    }

    private String policy(String hostAndPort) {
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
                + " manifest-src 'self'; connect-src 'self' " + websockets(hostAndPort)
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                + " require-trusted-types-for 'script'; trusted-types 'none'";
    }

    /** The broker's own listeners, on the host that the browser asked; a policy cannot name an IPv6 address. */
    private String websockets(String hostAndPort) {
        Optional<String> host = Optional.ofNullable(hostAndPort)
                .map(text -> text.replaceFirst(":\\d*$", ""))
                .filter(text -> HOST.matcher(text).matches());
        if (host.isEmpty()) {
            return secure;
        }
        StringBuilder sources = new StringBuilder();
        websocket.ifPresent(port -> sources.append("ws://%s:%d ".formatted(host.get(), port)));
        secureWebsocket.ifPresent(port -> sources.append("wss://%s:%d ".formatted(host.get(), port)));
        return sources.toString().trim();
    }
}
