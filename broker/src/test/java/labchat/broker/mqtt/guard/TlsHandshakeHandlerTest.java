package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import labchat.broker.event.Refusal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TlsHandshakeHandlerTest {

    private static Throwable caused(Throwable cause) {
        SSLHandshakeException outer = new SSLHandshakeException("PKIX path validation failed");
        outer.initCause(new CertPathValidatorException("validity check failed", cause));
        return outer;
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(caused(new CertificateExpiredException()), "has run out"),
                Arguments.of(caused(new CertificateNotYetValidException()), "is not valid yet"),
                Arguments.of(caused(null), "is not signed by cafile"),
                Arguments.of(new SSLException("Received fatal alert: unknown_ca"), "does not accept the broker's"),
                Arguments.of(new SSLException("Received fatal alert: certificate_expired"), "has run out"),
                Arguments.of(new SSLException("Received fatal alert: internal_error"), "internal_error"),
                Arguments.of(new SSLException("Empty client certificate chain"), "require_certificate"),
                Arguments.of(
                        new SSLException("Client requested protocol TLSv1.1 is not enabled or supported"),
                        "no TLS 1.2 or 1.3"),
                Arguments.of(new SSLException("no cipher suites in common"), "no cipher in common"),
                Arguments.of(new SSLException("something else\nand more"), "failed: something else"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failure_ofAHandshake_isSaidInWords(Throwable failure, String words) {
        Refusal refusal = TlsHandshakeHandler.refusal(failure);

        assertThat(refusal.code()).isEqualTo("tls_handshake");
        assertThat(refusal.reason()).contains(words).doesNotContain("\n");
    }
}
