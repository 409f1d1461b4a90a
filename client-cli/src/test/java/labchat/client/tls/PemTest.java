package labchat.client.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTest {

    /** Where in PKCS#8 the key of PKCS#1 begins, for RSA with 2,048 bits. */
    private static final int PKCS1_BEGINS = 26;

    @TempDir
    private Path directory;

    private Path file(String label, byte[] der) throws IOException {
        return Files.writeString(
                directory.resolve("key.pem"),
                "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                        .formatted(label, Base64.getMimeEncoder().encodeToString(der), label));
    }

    private static PrivateKey ec() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair().getPrivate();
    }

    @Test
    void key_ofPkcs8_isRead() throws Exception {
        PrivateKey key = ec();

        assertThat(Pem.privateKey(file("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
    }

    @Test
    void key_ofSec1_isRead() throws Exception {
        ECPrivateKey key = (ECPrivateKey) ec();
        String number = "%064x".formatted(key.getS());
        // Version 1, the number, and the curve P-256: RFC 5915.
        byte[] der = HexFormat.of().parseHex("30310201010420" + number + "a00a06082a8648ce3d030107");

        assertThat(((ECPrivateKey) Pem.privateKey(file("EC PRIVATE KEY", der))).getS())
                .isEqualTo(key.getS());
    }

    @Test
    void key_ofPkcs1_isRead() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        PrivateKey key = generator.generateKeyPair().getPrivate();
        byte[] pkcs8 = key.getEncoded();

        assertThat(Pem.privateKey(file("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS1_BEGINS, pkcs8.length))))
                .isEqualTo(key);
    }

    @Test
    void files_thatCannotBeUsed_areNamedWithTheReason() throws Exception {
        Path encrypted = file("ENCRYPTED PRIVATE KEY", new byte[] {1});
        assertThatThrownBy(() -> Pem.privateKey(encrypted))
                .isInstanceOf(TlsFileException.class)
                .hasMessageContaining("is encrypted")
                .hasMessageContaining("openssl pkey");
        Path broken = file("PRIVATE KEY", new byte[] {1});
        assertThatThrownBy(() -> Pem.privateKey(broken)).hasMessageContaining("cannot be used");
        assertThatThrownBy(() -> Pem.certificates(broken)).hasMessageContaining("holds no certificate");
        Path certificate = file("CERTIFICATE", new byte[] {1});
        assertThatThrownBy(() -> Pem.certificates(certificate)).hasMessageContaining("certificate 1 in it is broken");
        assertThatThrownBy(() -> Pem.privateKey(certificate)).hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> Pem.certificates(directory.resolve("none"))).hasMessageContaining("does not exist");
    }
}
