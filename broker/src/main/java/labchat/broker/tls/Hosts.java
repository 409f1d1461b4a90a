package labchat.broker.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Names and addresses of machines. No name server is asked. */
public final class Hosts {

    private Hosts() {}

    /** Whether it is an IPv4 or IPv6 address and not a name. */
    public static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    /** One way to write an address, with {@code ::} for the zeros of IPv6; a name as it is. */
    public static String canonical(String host) {
        if (host.indexOf(':') < 0) {
            return host;
        }
        try {
            String full = InetAddress.getByName(host).getHostAddress().replaceFirst("%.*", "");
            String shortened = full.replaceFirst("(^|:)0(:0)+(:|$)", "::");
            return shortened.isEmpty() ? full : shortened;
        } catch (UnknownHostException e) {
            return host;
        }
    }
}
