package labchat.client.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import labchat.client.session.ConnectSettings;
import labchat.client.wire.WireEntry;
import labchat.client.wire.WireLog;
import labchat.protocol.topic.ServerTopic;

/**
 * What there is to show of a session's packets, and whether it is shown. May be used by several threads.
 */
public final class WireDisplay {

    /** How many of the packets so far are shown when the view is switched on. */
    static final int SHOWN_AT_FIRST = 20;

    private final WireLog log;
    private final ConnectSettings settings;
    private volatile boolean on;

    /** @param on whether packets are shown from the start */
    public WireDisplay(WireLog log, ConnectSettings settings, boolean on) {
        this.log = Objects.requireNonNull(log, "log");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.on = on;
    }

    /** From now on this one hears of each packet, on the thread of the connection. */
    public void watch(Consumer<WireEntry> watcher) {
        log.watch(watcher);
    }

    public boolean isOn() {
        return on;
    }

    public void switchTo(boolean toOn) {
        on = toOn;
    }

    /** The packets so far, oldest first, as many as are remembered. */
    public List<WireEntry> entries() {
        return log.entries();
    }

    /** A packet as lines of text. */
    public String text(WireEntry entry, boolean color, boolean unicode) {
        return WireView.lines(entry, unicode).stream()
                .map(line -> WireView.text(line, color))
                .collect(Collectors.joining("\n"));
    }

    /**
     * What this client has published and subscribed to lately, the newest first; without its requests to the server,
     * which the chat makes by itself.
     */
    public List<WireEntry> withCommand() {
        List<WireEntry> found = new ArrayList<>();
        for (WireEntry entry : entries()) {
            if (entry.outgoing() && MosquittoCommand.isPossible(entry) && !isRequest(entry)) {
                found.add(0, entry);
            }
        }
        return found;
    }

    private boolean isRequest(WireEntry entry) {
        return entry.packet().topics().stream()
                .anyMatch(topic -> settings.topics()
                        .parseServerTopic(topic.topic())
                        .filter(ServerTopic::isRequest)
                        .isPresent());
    }

    /**
     * The command that does what a packet did, as an entry of the transcript.
     *
     * @param number of the packet; empty for the first of {@link #withCommand}
     */
    public ChatLine command(OptionalInt number) {
        List<WireEntry> entries = number.isPresent()
                ? entries().stream()
                        .filter(entry -> entry.number() == number.getAsInt())
                        .toList()
                : withCommand();
        if (entries.isEmpty()) {
            return new ChatLine.Problem(
                    number.isPresent()
                            ? "there is no packet %d; /wire shows their numbers, and the last %d are remembered"
                                    .formatted(number.getAsInt(), WireLog.MOST_ENTRIES)
                            : "nothing was published or subscribed to yet");
        }
        return new ChatLine.Note(command(entries.get(0)));
    }

    /** The command, or why there is none. */
    public String command(WireEntry entry) {
        return MosquittoCommand.of(entry, settings)
                .map(command -> "packet %d: %s".formatted(entry.number(), command))
                .orElse(
                        "packet %d is %s, which Mosquitto's programs send or get by themselves; PUBLISH and SUBSCRIBE have a command"
                                .formatted(entry.number(), entry.packet().name()));
    }
}
