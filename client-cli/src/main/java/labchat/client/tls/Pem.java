package labchat.client.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM files: RFC 7468. */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    /** The algorithm's name for RSA, and the beginning of that for EC, as they stand in PKCS#8: RFC 8017, RFC 5480. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int CURVE = 0xa0;

    private Pem() {}

    private record Block(String label, String body) {
        byte[] der() {
            return Base64.getMimeDecoder().decode(body);
        }
    }

    static List<X509Certificate> certificates(Path file) throws TlsFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der())));
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    throw new TlsFileException(
                            "%s: certificate %d in it is broken".formatted(file, certificates.size() + 1), e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsFileException(
                    "%s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)".formatted(file), null);
        }
        return certificates;
    }

    static PrivateKey privateKey(Path file) throws TlsFileException {
        for (Block block : blocks(file)) {
            if (block.label().equals("ENCRYPTED PRIVATE KEY") || block.body().contains("ENCRYPTED")) {
                throw new TlsFileException(
                        "%s is encrypted; write it anew without a password: openssl pkey -in %s -out FILE"
                                .formatted(file, file),
                        null);
            }
            try {
                switch (block.label()) {
                    case "PRIVATE KEY" -> {
                        return fromPkcs8(block.der());
                    }
                    case "RSA PRIVATE KEY" -> {
                        return fromPkcs8(sequence(VERSION_0, RSA, value(OCTET_STRING, block.der())));
                    }
                    case "EC PRIVATE KEY" -> {
                        byte[] algorithm = sequence(EC, curve(block.der()));
                        return fromPkcs8(sequence(VERSION_0, algorithm, value(OCTET_STRING, block.der())));
                    }
                    default -> {
                        // Parameters, or the certificate.
                        continue;
                    }
                }
            } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new TlsFileException("%s holds a private key that cannot be used".formatted(file), e);
            }
        }
        throw new TlsFileException(
                "%s holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)".formatted(file), null);
    }

    private static PrivateKey fromPkcs8(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        GeneralSecurityException last = null;
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    /** Which curve a key of SEC 1 is on: what stands in its field [0]. */
    private static byte[] curve(byte[] key) {
        int at = content(key, 0);
        // Version and number.
        at = end(key, at);
        at = end(key, at);
        if ((key[at] & 0xff) != CURVE) {
            throw new IllegalArgumentException("the key does not name its curve");
        }
        return Arrays.copyOfRange(key, content(key, at), end(key, at));
    }

    /** Where the content of what begins here begins. */
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int end(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int i = 0; i < (first & 0x7f); i++) {
                length = length << 8 | der[at + 2 + i] & 0xff;
            }
        }
        return content(der, at) + length;
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return value(SEQUENCE, all.toByteArray());
    }

    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static List<Block> blocks(Path file) throws TlsFileException {
        try {
            List<Block> blocks = new ArrayList<>();
            Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            while (matcher.find()) {
                blocks.add(new Block(matcher.group(1), matcher.group(2)));
            }
            return blocks;
        } catch (NoSuchFileException e) {
            throw new TlsFileException("the file %s does not exist".formatted(file), e);
        } catch (AccessDeniedException e) {
            throw new TlsFileException("the file %s may not be read by you".formatted(file), e);
        } catch (IOException e) {
            throw new TlsFileException("cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
