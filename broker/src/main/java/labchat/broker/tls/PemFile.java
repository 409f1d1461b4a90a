package labchat.broker.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import labchat.broker.config.ConfigProblem;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** The certificates or the private key of a PEM file; mistakes become problems in words for staff. */
final class PemFile {

    private static final long MAX_BYTES = 1 << 20;
    private static final String PBES2 = "1.2.840.113549.1.5.13";
    private static final int DER_SEQUENCE = 0x30;

    private final Path path;
    private final List<ConfigProblem> problems;
    private final List<Object> objects;

    private PemFile(Path path, List<ConfigProblem> problems, List<Object> objects) {
        this.path = path;
        this.problems = problems;
        this.objects = objects;
    }

    /**
     * Reads a file.
     *
     * @param problems gets what is wrong with it, now and when its contents are asked for
     * @param ifMissing what to do if there is no such file
     */
    static PemFile read(Path path, String ifMissing, List<ConfigProblem> problems) {
        PemFile file = new PemFile(path, problems, new ArrayList<>());
        try {
            file.parse();
        } catch (NoSuchFileException e) {
            file.problem("no such file (looked for %s); %s".formatted(path.toAbsolutePath(), ifMissing));
        } catch (AccessDeniedException e) {
            file.problem("may not be read by user %s; check owner and mode".formatted(System.getProperty("user.name")));
        } catch (IOException | RuntimeException e) {
            file.problem("cannot be read as PEM: %s".formatted(firstLine(e)));
        }
        return file;
    }

    private void parse() throws IOException {
        if (Files.isDirectory(path)) {
            problem("is a directory, expected a PEM file");
            return;
        }
        if (Files.size(path) > MAX_BYTES) {
            problem("is larger than %d bytes, expected a PEM file".formatted(MAX_BYTES));
            return;
        }
        byte[] bytes = Files.readAllBytes(path);
        try (PEMParser parser = new PEMParser(new StringReader(new String(bytes, StandardCharsets.ISO_8859_1)))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        }
        if (objects.isEmpty()) {
            problem(
                    bytes.length > 0 && bytes[0] == DER_SEQUENCE
                            ? "is DER or PKCS#12, expected PEM; convert it with: openssl x509, openssl pkey or openssl pkcs12"
                            : "is not PEM: nothing in it begins with -----BEGIN");
        }
    }

    /** All certificates, in the file's order; none after a problem. */
    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object object : objects) {
            X509CertificateHolder holder = holder(object);
            if (holder != null) {
                try {
                    certificates.add(certificate(holder));
                } catch (GeneralSecurityException | IOException e) {
                    problem("certificate %d is broken: %s".formatted(certificates.size() + 1, firstLine(e)));
                    return List.of();
                }
            }
        }
        if (certificates.isEmpty() && !objects.isEmpty()) {
            problem("holds no certificate%s"
                    .formatted(
                            objects.stream().anyMatch(PemFile::isKey)
                                    ? " but a private key; are certfile and keyfile mixed up?"
                                    : ", expected -----BEGIN CERTIFICATE-----"));
        }
        return certificates;
    }

    private static X509CertificateHolder holder(Object object) {
        if (object instanceof X509TrustedCertificateBlock block) {
            return block.getCertificateHolder();
        }
        return object instanceof X509CertificateHolder holder ? holder : null;
    }

    static X509Certificate certificate(X509CertificateHolder holder) throws GeneralSecurityException, IOException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
    }

    private static boolean isKey(Object object) {
        return object instanceof PEMKeyPair
                || object instanceof PrivateKeyInfo
                || object instanceof PEMEncryptedKeyPair
                || object instanceof PKCS8EncryptedPrivateKeyInfo;
    }

    /**
     * The private key: PKCS#8, PKCS#1 or SEC 1; empty after a problem.
     *
     * @param password for an encrypted one
     * @param howToGive how staff name the password
     */
    Optional<PrivateKey> privateKey(Optional<String> password, String howToGive) {
        Optional<Object> found = objects.stream().filter(PemFile::isKey).findFirst();
        if (found.isEmpty()) {
            if (!objects.isEmpty()) {
                problem("holds no private key%s"
                        .formatted(
                                objects.stream().anyMatch(object -> holder(object) != null)
                                        ? " but a certificate; are certfile and keyfile mixed up?"
                                        : ", expected -----BEGIN PRIVATE KEY-----"));
            }
            return Optional.empty();
        }
        Object key = found.get();
        boolean encrypted = key instanceof PEMEncryptedKeyPair || key instanceof PKCS8EncryptedPrivateKeyInfo;
        if (encrypted && password.isEmpty()) {
            problem("is encrypted, and there is no password; " + howToGive);
            return Optional.empty();
        }
        try {
            return Optional.of(privateKey(key, password.orElse("")));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            problem(
                    encrypted
                            ? "cannot be decrypted: wrong password? " + howToGive
                            : "is a private key that this Java cannot use: %s; make an RSA or EC (P-256) one"
                                    .formatted(firstLine(e)));
            return Optional.empty();
        }
    }

    private static PrivateKey privateKey(Object key, String password) throws GeneralSecurityException, IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        if (key instanceof PrivateKeyInfo info) {
            return converter.getPrivateKey(info);
        }
        if (key instanceof PEMKeyPair pair) {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (key instanceof PEMEncryptedKeyPair pair) {
            return converter.getPrivateKey(pair.decryptKeyPair(new BcPEMDecryptorProvider(password.toCharArray()))
                    .getPrivateKeyInfo());
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(((PKCS8EncryptedPrivateKeyInfo) key).getEncoded());
        // For PBES2 the JDK's own name of the algorithm, such as PBEWithHmacSHA256AndAES_256, is in the parameters.
        String algorithm = info.getAlgName().equals(PBES2) || info.getAlgName().equals("PBES2")
                ? info.getAlgParameters().toString()
                : info.getAlgName();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())),
                info.getAlgParameters());
        return converter.getPrivateKey(PrivateKeyInfo.getInstance(cipher.doFinal(info.getEncryptedData())));
    }

    void problem(String message) {
        problems.add(ConfigProblem.of(path.toString(), message));
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
