package labchat.broker.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The pages that the broker serves.
 *
 * @param port over HTTP, or HTTPS if there is a certificate; empty for none, 0 for any free port
 * @param staff the accounts that may see the staff's page
 * @param staffSeesMessages whether that page shows what users write to each other
 * @param signUp who may make an account
 * @param signUpCodeFile its first line is the class's code; there if {@code signUp} is {@link SignUp#CODE}
 * @param metrics whether {@code /metrics} answers
 * @param origins which pages may open a WebSocket
 */
public record WebConfig(
        Optional<Integer> port,
        List<String> staff,
        boolean staffSeesMessages,
        SignUp signUp,
        Optional<Path> signUpCodeFile,
        boolean metrics,
        WebSocketOrigins origins) {

    /** No page. */
    public static final WebConfig OFF =
            new WebConfig(Optional.empty(), List.of(), false, SignUp.OFF, Optional.empty(), false);

    public WebConfig {
        Objects.requireNonNull(port, "port");
        staff = List.copyOf(staff);
        Objects.requireNonNull(signUp, "signUp");
        Objects.requireNonNull(signUpCodeFile, "signUpCodeFile");
        Objects.requireNonNull(origins, "origins");
    }

    /** With WebSockets for pages of the broker's own host. */
    public WebConfig(
            Optional<Integer> port,
            List<String> staff,
            boolean staffSeesMessages,
            SignUp signUp,
            Optional<Path> signUpCodeFile,
            boolean metrics) {
        this(port, staff, staffSeesMessages, signUp, signUpCodeFile, metrics, WebSocketOrigins.SAME_HOST);
    }
}
