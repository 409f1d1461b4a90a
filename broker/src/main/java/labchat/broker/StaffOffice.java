package labchat.broker;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import labchat.broker.config.BrokerConfig;
import labchat.broker.event.ClientGateway;
import labchat.broker.staff.StaffActions;
import labchat.broker.users.PasswordHash;
import labchat.broker.users.UserDirectory;
import labchat.broker.users.UsersFileEditor;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what staff ask for on their page. What changes an account or the broker is said in the log, with who wanted it. */
final class StaffOffice implements StaffActions {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** As the setting {@code password_iterations} is unless set. */
    private static final int PASSWORD_ITERATIONS = 10_000;

    private final BrokerConfig config;
    private final UserDirectory users;
    private final ClientGateway gateway;
    private final BiFunction<String, String, Integer> disconnect;
    private final Optional<Supplier<Outcome>> reload;

    /**
     * @param disconnect ends a user's connections, for the reason in words; gives how many there were
     * @param reload reads the files anew; empty if this broker cannot
     */
    StaffOffice(
            BrokerConfig config,
            UserDirectory users,
            ClientGateway gateway,
            BiFunction<String, String, Integer> disconnect,
            Optional<Supplier<Outcome>> reload) {
        this.config = config;
        this.users = users;
        this.gateway = gateway;
        this.disconnect = disconnect;
        this.reload = reload;
    }

    @Override
    public Outcome disconnect(String user, String staff) {
        int count = disconnect.apply(user, "staff (%s) ended the connection".formatted(staff));
        return count == 0
                ? Outcome.refused("%s is not connected.".formatted(user))
                : Outcome.done("Ended %d connection%s of %s.".formatted(count, count == 1 ? "" : "s", user));
    }

    @Override
    public Outcome setPassword(String user, byte[] password) {
        if (reload.isEmpty()) {
            return Outcome.refused("This broker takes no new passwords while it runs.");
        }
        try {
            PasswordHash hash = PasswordHash.create(password, PASSWORD_ITERATIONS, new SecureRandom());
            new UsersFileEditor(config.passwordFile()).change(user, hash);
        } catch (IOException e) {
            LOG.warn("staff: the password of {} was not changed: {}", user, e.getMessage());
            return Outcome.refused("The password was not changed: %s".formatted(e.getMessage()));
        }
        LOG.info("staff: {} has another password", user);
        Outcome taken = reload.get().get();
        if (!taken.done()) {
            return taken;
        }
        disconnect.apply(user, "staff gave you another password");
        return Outcome.done("%s has another password; older connections were ended.".formatted(user));
    }

    @Override
    public Outcome reload() {
        return reload.isEmpty()
                ? Outcome.refused("This broker reads its files only when it starts.")
                : reload.get().get();
    }

    @Override
    public Outcome announce(String text) {
        List<ChatId> receivers = config.lobby()
                .map(List::of)
                .orElseGet(() -> users.names().stream()
                        .flatMap(name -> ChatId.parse(name).stream())
                        .toList());
        for (ChatId receiver : receivers) {
            gateway.say(new ChatMessage(ChatId.SERVER, receiver, text, MessageUuid.random()));
        }
        return Outcome.done(
                config.lobby().isPresent()
                        ? "Said to everybody in %s.".formatted(receivers.get(0))
                        : "Said to %d users.".formatted(receivers.size()));
    }
}
