package labchat.broker.command;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which names of a server's certificate are worth showing, and which it should have. */
final class CertifiedHosts {

    private static final int MAX_SHOWN = 4;
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1");

    private CertifiedHosts() {}

    /**
     * By which names and addresses clients reach the broker so that they accept its certificate. At least one: if the
     * certificate names nothing usable, the first address.
     *
     * @param addresses where it listens
     * @param certified what the certificate names
     */
    static List<String> reaching(List<String> addresses, List<String> certified) {
        Set<String> hosts = new LinkedHashSet<>();
        for (String address : addresses) {
            if (certified.contains(address)) {
                hosts.add(address);
            }
        }
        boolean onlyHere = addresses.stream().allMatch(BindAddress::isLoopback);
        for (String name : certified) {
            if (!isAddress(name) && !name.startsWith("*") && onlyHere == LOCAL.contains(name)) {
                hosts.add(name);
            }
        }
        if (hosts.isEmpty()) {
            hosts.add(certified.contains("localhost") ? "localhost" : addresses.get(0));
        }
        return hosts.stream().limit(MAX_SHOWN).toList();
    }

    /** Names and addresses of this machine for a new certificate; none is asked of a name server. */
    static List<String> ofThisMachine() {
        Set<String> hosts = new LinkedHashSet<>();
        try {
            String name = InetAddress.getLocalHost().getHostName();
            if (problem(name).isEmpty() && !LOCAL.contains(name)) {
                hosts.add(name);
            }
        } catch (UnknownHostException e) {
            // Then it has addresses only.
            hosts.clear();
        }
        for (String address : MachineAddresses.reaching("0.0.0.0")) {
            if (!LOCAL.contains(address)) {
                hosts.add(address);
            }
        }
        return new ArrayList<>(hosts);
    }

    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    /** What is wrong with a name or address; empty if nothing is. */
    static String problem(String host) {
        if (isAddress(host)) {
            try {
                // Asks no name server, because it is no name.
                InetAddress.getByName(host);
                return host.indexOf('%') >= 0 || host.indexOf('[') >= 0 ? "an address without brackets and %" : "";
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
