package labchat.client.command;

import java.time.Clock;
import java.util.Optional;
import labchat.client.options.ResolvedOptions;
import labchat.client.ui.WireDisplay;
import labchat.client.wire.WireLog;

/** The packets of a command for scripts, on standard error, so that standard output stays what it is. */
final class WireOnError {

    private WireOnError() {}

    /** Empty if nobody asked for it. */
    static Optional<WireLog> of(ResolvedOptions options, Clock clock) {
        if (!options.wire()) {
            return Optional.empty();
        }
        WireLog log = new WireLog(clock);
        boolean color = options.color().isOn(System.console() != null, System.getenv());
        WireDisplay display = new WireDisplay(log, options.connection(), true);
        display.watch(entry -> System.err.println(display.text(entry, color, true)));
        return Optional.of(log);
    }
}
