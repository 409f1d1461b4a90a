package labchat.client.session;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A password; it prints as {@code [REDACTED]} wherever it is printed. */
public final class Password {

    /** The longest password MQTT can carry, in bytes of UTF-8: MQTT 5, section 3.1.3.6. */
    public static final int MAX_BYTES = 65_535;

    private final String secret;

    /** @throws IllegalArgumentException if it is too long for MQTT */
    public Password(String secret) {
        Objects.requireNonNull(secret, "secret");
        if (secret.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("a password has at most %d bytes".formatted(MAX_BYTES));
        }
        this.secret = secret;
    }

    /** The bytes that go into CONNECT. */
    public byte[] utf8() {
        return secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return secret.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Password password && password.secret.equals(secret);
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
