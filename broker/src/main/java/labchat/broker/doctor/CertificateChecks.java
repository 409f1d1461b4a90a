package labchat.broker.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.TlsConfig;
import labchat.broker.reload.NewFiles;
import labchat.broker.tls.CertificateReload;
import labchat.broker.tls.Hosts;
import labchat.broker.tls.ServerTls;
import labchat.cli.Finding;

/** Until when the certificate is good, and for which names. What makes it unusable is among the problems of the files. */
final class CertificateChecks {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    private CertificateChecks() {}

    static List<Finding> of(NewFiles files, Map<String, String> environment, Clock clock) {
        TlsConfig config = files.config().tls();
        if (!config.hasCertificate()) {
            return List.of(Finding.ok("certificate", "none is set; there is no TLS"));
        }
        List<Finding> findings = new ArrayList<>();
        CertificateReload.Prepared checked = ServerTls.check(config, environment, clock);
        checked.warnings()
                .forEach(warning -> findings.add(
                        Finding.warning("certificate", warning, "Then, without a restart: broker.jar reload")));
        if (!checked.problems().isEmpty()) {
            return findings;
        }
        try {
            ServerTls tls = ServerTls.open(config, environment, clock);
            X509Certificate certificate = tls.certificate();
            Instant end = certificate.getNotAfter().toInstant();
            String found = "good until %s, %d days from now, for %s; SHA-256 to compare: %s"
                    .formatted(
                            DAY.format(end),
                            Duration.between(clock.instant(), end).toDays(),
                            String.join(", ", tls.hosts()),
                            tls.fingerprint());
            findings.add(Finding.ok("certificate", found));
            unnamed(tls.hosts()).ifPresent(findings::add);
        } catch (IOException e) {
            findings.add(Finding.problem(
                    "certificate", String.valueOf(e.getMessage()), "broker.jar cert create makes one."));
        }
        return findings;
    }

    /** No name server is asked, so a name of the certificate that this machine does not call itself by may be right. */
    private static Optional<Finding> unnamed(List<String> certified) {
        List<String> own = ownAddresses();
        boolean hasAddress = own.stream().anyMatch(certified::contains);
        boolean hasName = certified.stream().anyMatch(host -> !Hosts.isAddress(host) && !host.equals("localhost"));
        return hasAddress || hasName || own.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.warning(
                        "certificate",
                        "is for none of this machine's addresses (%s), so other machines will not accept it"
                                .formatted(String.join(", ", own)),
                        "broker.jar cert create --host NAME, with the name or address that clients use."));
    }

    private static List<String> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .map(Hosts::canonical)
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }
}
