package labchat.broker.command;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import labchat.broker.config.BrokerConfig;
import labchat.broker.users.CheckedPasswords;
import labchat.broker.users.UsersFile;

/**
 * Where the broker really listens.
 *
 * @param value an address
 * @param notice why it is another one than the setting says; empty if it is not
 */
record BindAddress(String value, Optional<String> notice) {

    private static final String LOOPBACK = "127.0.0.1";

    /**
     * Demo passwords are reachable from this machine only, unless staff say otherwise.
     *
     * @param remember whether it is to be noted in the data directory that no account has one
     */
    static BindAddress choose(BrokerConfig config, UsersFile users, boolean remember) {
        boolean safe = config.allowDemoPasswords() || isLoopback(config.bindAddress());
        if (safe || hasNone(config, users, remember)) {
            return new BindAddress(config.bindAddress(), Optional.empty());
        }
        return new BindAddress(
                LOOPBACK,
                Optional.of("%s holds demo passwords (the name itself), so only this machine can connect; change them,"
                                .formatted(users.name())
                        + " or start with --allow-demo-passwords"));
    }

    private static boolean hasNone(BrokerConfig config, UsersFile users, boolean remember) {
        CheckedPasswords checked = CheckedPasswords.read(config.dataDir());
        if (users.hasDemoPasswords(checked)) {
            return false;
        }
        if (remember) {
            checked.remember(users);
        }
        return true;
    }

    static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
