package labchat.broker.command;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import labchat.broker.tls.Hosts;

/** Which names of a server's certificate are worth showing, and which it should have. */
final class CertifiedHosts {

    private static final int MAX_SHOWN = 3;
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1");

    private CertifiedHosts() {}

    /**
     * By which names and addresses clients reach the broker so that they accept its certificate. At least one: if the
     * certificate names nothing usable, the first address. A name that stands first in the certificate comes first,
     * because somebody has chosen it ({@code --host}); but not a machine's own, which often that machine alone knows.
     *
     * @param addresses where it listens
     * @param certified what the certificate names
     */
    static List<String> reaching(List<String> addresses, List<String> certified) {
        Set<String> hosts = new LinkedHashSet<>();
        boolean onlyHere = addresses.stream().allMatch(BindAddress::isLoopback);
        if (!onlyHere && !certified.isEmpty() && isForPeople(certified.get(0))) {
            hosts.add(certified.get(0));
        }
        for (String each : addresses) {
            String address = Hosts.canonical(each);
            if (certified.contains(address)) {
                hosts.add(address);
            }
        }
        for (String name : certified) {
            if (!Hosts.isAddress(name) && !name.startsWith("*") && onlyHere == LOCAL.contains(name)) {
                hosts.add(name);
            }
        }
        if (hosts.isEmpty()) {
            hosts.add(certified.contains("localhost") ? "localhost" : addresses.get(0));
        }
        return hosts.stream().limit(MAX_SHOWN).toList();
    }

    private static boolean isForPeople(String host) {
        return !Hosts.isAddress(host) && !host.startsWith("*") && !(host.indexOf('.') < 0 && host.equals(ownName()));
    }

    /** This machine's; empty if it has none. */
    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    /** Names and addresses of this machine for a new certificate; none is asked of a name server. */
    static List<String> ofThisMachine() {
        Set<String> hosts = new LinkedHashSet<>();
        String name = ownName();
        if (problem(name).isEmpty() && !LOCAL.contains(name)) {
            hosts.add(name);
        }
        for (String each : MachineAddresses.reaching("0.0.0.0")) {
            String address = Hosts.canonical(each);
            if (!LOCAL.contains(address)) {
                hosts.add(address);
            }
        }
        return new ArrayList<>(hosts);
    }

    /** What is wrong with a name or address; empty if nothing is. */
    static String problem(String host) {
        if (Hosts.isAddress(host) || host.matches("[0-9.]+")) {
            try {
                if (!Hosts.isAddress(host) || host.indexOf('%') >= 0 || host.indexOf('[') >= 0) {
                    return "a name or an address, such as broker.example or 192.0.2.7";
                }
                // Asks no name server, because it is no name.
                InetAddress.getByName(host);
                return "";
            } catch (UnknownHostException e) {
                return "a name or an address, such as broker.example or 192.0.2.7";
            }
        }
        return host.length() <= 253
                        && host.matches(
                                "(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)*")
                ? ""
                : "a name or an address, such as broker.example or 192.0.2.7; without http://, port and path";
    }
}
