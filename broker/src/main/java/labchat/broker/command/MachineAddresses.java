package labchat.broker.command;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The addresses at which a listener is reached. */
final class MachineAddresses {

    private static final int MAX_SHOWN = 4;

    private MachineAddresses() {}

    /** At least one, those that other machines can use first. */
    static List<String> reaching(String bindAddress) {
        try {
            InetAddress address = InetAddress.getByName(bindAddress);
            if (!address.isAnyLocalAddress()) {
                return List.of(bindAddress);
            }
            List<InetAddress> all = ofInterfaces();
            List<String> shown = all.stream()
                    .sorted(Comparator.comparing(candidate -> !(candidate instanceof Inet4Address)))
                    .limit(MAX_SHOWN)
                    // Behind the percent sign is the name that this machine has for its own interface.
                    .map(found -> found.getHostAddress().replaceFirst("%.*", ""))
                    .toList();
            return shown.isEmpty() ? List.of("localhost") : shown;
        } catch (UnknownHostException | SocketException e) {
            return List.of(bindAddress);
        }
    }

    private static List<InetAddress> ofInterfaces() throws SocketException {
        List<InetAddress> addresses = new ArrayList<>();
        for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
            if (!network.isUp() || network.isLoopback() || isForContainers(network.getName())) {
                continue;
            }
            network.inetAddresses()
                    .filter(address -> !address.isLinkLocalAddress() && !address.isMulticastAddress())
                    .forEach(addresses::add);
        }
        return addresses;
    }

    /** Bridges that only containers and virtual machines of this machine reach. */
    private static boolean isForContainers(String name) {
        return name.startsWith("docker")
                || name.startsWith("br-")
                || name.startsWith("veth")
                || name.startsWith("virbr");
    }
}
