package labchat.client.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The SHA-256 of a certificate.
 *
 * @param text 32 bytes as {@code AA:BB:…}, the way slips, OpenSSL and browsers print it
 */
public record Fingerprint(String text) {

    private static final int BYTES = 32;
    private static final HexFormat FORM = HexFormat.ofDelimiter(":").withUpperCase();

    public Fingerprint {
        if (!text.matches("([0-9A-F]{2}:){31}[0-9A-F]{2}")) {
            throw new IllegalArgumentException("a fingerprint is 32 bytes such as AA:BB:…, not \"%s\"".formatted(text));
        }
    }

    /** Of a certificate. */
    public static Fingerprint of(X509Certificate certificate) {
        try {
            return new Fingerprint(
                    FORM.formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is in every JDK", e);
        }
    }

    /** As people type it: with or without colons, in large or small letters, with {@code sha256:} before it or not. */
    public static Optional<Fingerprint> parse(String typed) {
        String digits =
                typed.toLowerCase(Locale.ROOT).replaceFirst("^sha-?256[:=]", "").replaceAll("[:\\s]", "");
        return digits.matches("[0-9a-f]{%d}".formatted(2 * BYTES))
                ? Optional.of(new Fingerprint(FORM.formatHex(HexFormat.of().parseHex(digits))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
