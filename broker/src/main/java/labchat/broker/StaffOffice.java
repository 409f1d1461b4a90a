package labchat.broker;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import labchat.broker.config.BrokerConfig;
import labchat.broker.event.ClientGateway;
import labchat.broker.reload.Reload;
import labchat.broker.reload.ReloadReport;
import labchat.broker.staff.AccountDesk;
import labchat.broker.staff.StaffActions;
import labchat.broker.users.UserDirectory;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what staff ask for on their page. What changes an account or the broker is said in the log, with who wanted it. */
final class StaffOffice implements StaffActions {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /**
     * What can be changed while the broker runs.
     *
     * @param reload reads the files anew
     * @param accounts changes single accounts
     */
    record Live(Reload reload, AccountDesk accounts) {}

    private final BrokerConfig config;
    private final UserDirectory users;
    private final ClientGateway gateway;
    private final BiFunction<String, String, Integer> disconnect;
    private final Supplier<Optional<Live>> live;

    /**
     * @param disconnect ends a user's connections, for the reason in words; gives how many there were
     * @param live empty if this broker was not started on files
     */
    StaffOffice(
            BrokerConfig config,
            UserDirectory users,
            ClientGateway gateway,
            BiFunction<String, String, Integer> disconnect,
            Supplier<Optional<Live>> live) {
        this.config = config;
        this.users = users;
        this.gateway = gateway;
        this.disconnect = disconnect;
        this.live = live;
    }

    @Override
    public Outcome disconnect(String user, String staff) {
        int count = disconnect.apply(user, "staff (%s) ended the connection".formatted(staff));
        return count == 0
                ? Outcome.refused("%s is not connected.".formatted(user))
                : Outcome.done("Ended %d connection%s of %s.".formatted(count, count == 1 ? "" : "s", user));
    }

    @Override
    public Outcome reload() {
        Optional<Live> now = live.get();
        if (now.isEmpty()) {
            return Outcome.refused("This broker reads its files only when it starts.");
        }
        ReloadReport report = now.get().reload().run();
        report.lines().forEach(line -> LOG.info("staff: reload: {}", line));
        return new Outcome(report.isAccepted(), report.lines());
    }

    @Override
    public Outcome announce(String text) {
        Optional<ChatId> lobby =
                live.get().map(now -> now.reload().config()).orElse(config).lobby();
        List<ChatId> receivers = lobby.map(List::of)
                .orElseGet(() -> users.names().stream()
                        .flatMap(name -> ChatId.parse(name).stream())
                        .toList());
        for (ChatId receiver : receivers) {
            gateway.say(new ChatMessage(ChatId.SERVER, receiver, text, MessageUuid.random()));
        }
        return Outcome.done(
                lobby.isPresent()
                        ? "Said to everybody in %s.".formatted(receivers.get(0))
                        : "Said to %d users.".formatted(receivers.size()));
    }
}
