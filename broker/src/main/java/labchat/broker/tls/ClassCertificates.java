package labchat.broker.tls;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import labchat.broker.config.ConfigProblem;

/**
 * The certificates of a class, in a directory: a CA of its own, the server's certificate, and those of clients. Private
 * keys get mode 0600. No file is overwritten, but for the server's two when that is asked for.
 */
public final class ClassCertificates {

    /** Who may not be missing, so that tools on the server's own machine work: names and addresses of this machine. */
    private static final List<String> LOCAL = List.of("localhost", "127.0.0.1", "::1");

    /** How long the CA is valid: longer than any course, because clients remember its fingerprint. */
    private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);

    private static final String KEY_MODE = "rw-------";
    private static final String CERTIFICATE_MODE = "rw-r--r--";
    private static final int PEM_LINE = 64;

    private final Path directory;
    private final Clock clock;

    /** @param directory need not exist yet */
    public ClassCertificates(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** The CA's certificate: {@code --cafile} for clients, {@code cafile} for {@code broker.conf}. */
    public Path authorityFile() {
        return directory.resolve("ca.crt");
    }

    /** The CA's private key, which only signs; the broker does not need it. */
    public Path authorityKeyFile() {
        return directory.resolve("ca.key");
    }

    /** {@code certfile} for {@code broker.conf}: the server's certificate and behind it the CA's. */
    public Path serverFile() {
        return directory.resolve("server.crt");
    }

    /** {@code keyfile} for {@code broker.conf}. */
    public Path serverKeyFile() {
        return directory.resolve("server.key");
    }

    /** The first certificate of a user, {@code --cert} for the client. */
    public Path clientFile(String user) {
        return clientFile(user, CertificateRegister.FIRST);
    }

    /** Its key, {@code --key} for the client. */
    public Path clientKeyFile(String user) {
        return clientKeyFile(user, CertificateRegister.FIRST);
    }

    /** The certificate of a user that has this name. */
    public Path clientFile(String user, String name) {
        return directory.resolve(stem(user, name) + ".crt");
    }

    /** Its key. */
    public Path clientKeyFile(String user, String name) {
        return directory.resolve(stem(user, name) + ".key");
    }

    /** No id and no name has a dot, so that no two of them have the same file. */
    private static String stem(String user, String name) {
        return name.equals(CertificateRegister.FIRST) ? "client-" + user : "client-%s.%s".formatted(user, name);
    }

    /** Whether there is a CA and a server's certificate already. */
    public boolean exist() {
        return Files.exists(authorityFile()) && Files.exists(serverFile()) && Files.exists(serverKeyFile());
    }

    /**
     * Makes a CA and a certificate for the server.
     *
     * @param name of the CA, for people
     * @param hosts names and addresses by which clients reach the server; localhost and its addresses are added
     * @param validity of the server's certificate
     * @throws FileAlreadyExistsException if one of the files is there; then nothing was written
     */
    public void create(String name, Collection<String> hosts, Duration validity) throws IOException {
        refuseExisting(List.of(authorityFile(), authorityKeyFile(), serverFile(), serverKeyFile()));
        Files.createDirectories(directory);
        try {
            CertificateMaker maker = maker();
            CertificateMaker.Made authority = maker.authority(name, AUTHORITY_VALIDITY);
            CertificateMaker.Made server = maker.server(authority, withLocal(hosts), validity);
            write(authorityKeyFile(), KEY_MODE, pem(authority.key()));
            write(authorityFile(), CERTIFICATE_MODE, pem(authority.certificate()));
            write(serverKeyFile(), KEY_MODE, pem(server.key()));
            write(serverFile(), CERTIFICATE_MODE, pem(server.certificate(), authority.certificate()));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a new certificate and key for the server, signed by the same CA, so that clients notice nothing. The files of
     * the old ones are replaced.
     *
     * @param hosts as in {@link #create}
     * @throws IOException if there is no CA here; the message says which file is missing
     */
    public void renew(Collection<String> hosts, Duration validity) throws IOException {
        CertificateMaker.Made authority = authority();
        try {
            CertificateMaker.Made server = maker().server(authority, withLocal(hosts), validity);
            // Whoever reads in between finds a key that does not belong to the certificate, and says so.
            replace(serverKeyFile(), KEY_MODE, pem(server.key()));
            replace(serverFile(), CERTIFICATE_MODE, pem(server.certificate(), authority.certificate()));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    /**
     * Makes the first certificate with which a user logs in; see the other method.
     */
    public void createClient(String user, Duration validity) throws IOException {
        createClient(user, CertificateRegister.FIRST, validity);
    }

    /**
     * Makes a certificate with which a user logs in, and notes it in the register.
     *
     * @param name tells it from the user's others
     * @throws FileAlreadyExistsException if its files are here; then nothing was written
     * @throws IOException if there is no CA here, or the user has a certificate of this name; the message says which
     */
    public void createClient(String user, String name, Duration validity) throws IOException {
        CertificateMaker.Made authority = authority();
        Path certificateFile = clientFile(user, name);
        Path keyFile = clientKeyFile(user, name);
        refuseExisting(List.of(certificateFile, keyFile));
        try {
            CertificateMaker.Made client = maker().client(authority, user, validity);
            CertificateRegister.add(
                    authorityFile(),
                    new CertificateRegister.Entry(
                            user,
                            name,
                            Fingerprint.of(client.certificate()),
                            client.certificate().getNotAfter().toInstant(),
                            Optional.empty()),
                    clock.instant());
            write(keyFile, KEY_MODE, pem(client.key()));
            write(certificateFile, CERTIFICATE_MODE, pem(client.certificate()));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    /** The CA's fingerprint, as it stands on a slip. */
    public String fingerprint() throws IOException {
        return Fingerprint.of(certificates(authorityFile()).get(0));
    }

    /** The names and addresses in the server's certificate, as they were given. */
    public List<String> hosts() throws IOException {
        return hosts(certificates(serverFile()).get(0));
    }

    /** The names and addresses in a certificate. */
    public static List<String> hosts(X509Certificate certificate) throws IOException {
        try {
            var names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .map(name -> Hosts.canonical(String.valueOf(name.get(1))))
                            .toList();
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the names in a certificate: " + e.getMessage(), e);
        }
    }

    /** The certificates of a PEM file, in its order; at least one. */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<ConfigProblem> problems = new ArrayList<>();
        List<X509Certificate> certificates =
                PemFile.read(file, "make one with: cert create", problems).certificates();
        throwFirst(problems);
        return certificates;
    }

    private CertificateMaker.Made authority() throws IOException {
        X509Certificate certificate = certificates(authorityFile()).get(0);
        List<ConfigProblem> problems = new ArrayList<>();
        Optional<PrivateKey> key = PemFile.read(
                        authorityKeyFile(), "only who has this key can sign; make a CA with: cert create", problems)
                .privateKey(Optional.empty(), "decrypt it with: openssl pkey");
        throwFirst(problems);
        return new CertificateMaker.Made(certificate, key.orElseThrow());
    }

    private static void throwFirst(List<ConfigProblem> problems) throws IOException {
        if (!problems.isEmpty()) {
            throw new IOException(problems.get(0).toString());
        }
    }

    private CertificateMaker maker() {
        return new CertificateMaker(new SecureRandom(), clock);
    }

    private static Set<String> withLocal(Collection<String> hosts) {
        Set<String> all = new LinkedHashSet<>();
        Stream.concat(hosts.stream(), LOCAL.stream()).map(Hosts::canonical).forEach(all::add);
        return all;
    }

    private static void refuseExisting(List<Path> files) throws FileAlreadyExistsException {
        for (Path file : files) {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
        }
    }

    private static String pem(X509Certificate... certificates) throws GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return text.toString();
    }

    private static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        what, Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(der), what);
    }

    /** The mode is there before the first byte is. */
    private static void write(Path file, String mode, String text) throws IOException {
        write(file, mode, text, StandardCharsets.US_ASCII);
    }

    private static void write(Path file, String mode, String text, Charset charset) throws IOException {
        create(file, mode);
        Files.writeString(file, text, charset, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void replace(Path file, String mode, String text) throws IOException {
        replace(file, mode, text, StandardCharsets.US_ASCII);
    }

    static void replace(Path file, String mode, String text, Charset charset) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        write(temporary, mode, text, charset);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void create(Path file, String mode) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            FileAttribute<?> attribute = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
            Files.createFile(file, attribute);
        } else {
            Files.createFile(file);
        }
    }
}
