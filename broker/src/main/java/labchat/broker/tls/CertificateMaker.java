package labchat.broker.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys on the curve P-256 and certificates for them: RFC 5280. */
final class CertificateMaker {

    /** A certificate with its key. */
    record Made(X509Certificate certificate, PrivateKey key) {}

    /** Clocks of clients may be behind. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private static final int SERIAL_BITS = 127;

    private final SecureRandom random;
    private final Clock clock;

    CertificateMaker(SecureRandom random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** A CA that signs itself, and may sign servers and clients but no further CA. */
    Made authority(String name, Duration validity) throws GeneralSecurityException {
        KeyPair pair = newPair();
        X500Name subject = nameOf(name);
        return make(pair, subject, subject, pair, validity, (builder, utils) -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    /** @param hosts names and addresses by which clients reach the server; the first is its common name */
    Made server(Made authority, Collection<String> hosts, Duration validity) throws GeneralSecurityException {
        GeneralName[] names = hosts.stream()
                .map(host -> new GeneralName(Hosts.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new);
        return leaf(
                authority,
                hosts.iterator().next(),
                KeyPurposeId.id_kp_serverAuth,
                Optional.of(new GeneralNames(names)),
                validity);
    }

    /** A certificate that names a user. */
    Made client(Made authority, String user, Duration validity) throws GeneralSecurityException {
        return leaf(authority, user, KeyPurposeId.id_kp_clientAuth, Optional.empty(), validity);
    }

    private Made leaf(Made authority, String name, KeyPurposeId use, Optional<GeneralNames> names, Duration validity)
            throws GeneralSecurityException {
        X500Name issuer = new JcaX509CertificateHolder(authority.certificate()).getSubject();
        KeyPair signer = new KeyPair(authority.certificate().getPublicKey(), authority.key());
        return make(newPair(), nameOf(name), issuer, signer, validity, (builder, utils) -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    utils.createAuthorityKeyIdentifier(authority.certificate().getPublicKey()));
            if (names.isPresent()) {
                builder.addExtension(Extension.subjectAlternativeName, false, names.get());
            }
        });
    }

    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder, JcaX509ExtensionUtils utils) throws IOException;
    }

    private Made make(
            KeyPair pair, X500Name subject, X500Name issuer, KeyPair signer, Duration validity, Extensions extensions)
            throws GeneralSecurityException {
        Instant now = clock.instant();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).setBit(0),
                Date.from(now.minus(CLOCKS_DIFFER)),
                Date.from(now.plus(validity)),
                subject,
                pair.getPublic());
        try {
            JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(pair.getPublic()));
            extensions.addTo(builder, utils);
            X509Certificate certificate = PemFile.certificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
            return new Made(certificate, pair.getPrivate());
        } catch (IOException | OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static X500Name nameOf(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }
}
