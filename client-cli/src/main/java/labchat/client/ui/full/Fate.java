package labchat.client.ui.full;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import labchat.client.ui.Contact;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;

/** What became of a message of one's own, with names and times. */
final class Fate {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);

    private Fate() {}

    /** In lines of any length. */
    static List<String> lines(Item item, ScreenModel model) {
        List<String> lines = new ArrayList<>();
        String to = item.receivers() > 0
                ? "all %d".formatted(item.receivers())
                : item.id().map(id -> id.receiver().value()).orElse("");
        boolean acknowledged = item.isAcknowledged() || item.receivers() > 0;
        lines.add("To %s, %s: %s"
                .formatted(
                        to,
                        moment(item.at(), model),
                        item.failure().isPresent() && item.receivers() == 0
                                ? "not sent"
                                : acknowledged ? "the server has it" : "waiting to be sent"));
        List<ChatId> open = new ArrayList<>(receivers(item, model));
        open.removeAll(item.delivered().keySet());
        open.removeAll(item.failed());
        Map<ChatId, Instant> only = item.delivered().entrySet().stream()
                .filter(entry -> !item.read().containsKey(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        lines.add("Read by: " + names(item.read(), model));
        lines.add("Delivered, not read: " + names(only, model));
        if (!open.isEmpty()) {
            lines.add("Not delivered yet: " + names(open));
        }
        if (!item.failed().isEmpty()) {
            lines.add("Not sent to: " + names(item.failed()));
        }
        return lines;
    }

    private static Collection<ChatId> receivers(Item item, ScreenModel model) {
        if (item.receivers() > 0) {
            return model.everybody();
        }
        Optional<ChatId> receiver = item.id().map(id -> id.receiver());
        Optional<RoomInfo> room = receiver.flatMap(model.rooms::find);
        return room.map(info -> info.members().stream()
                        .filter(id -> !id.equals(model.me))
                        .toList())
                .orElseGet(() -> receiver.stream().toList());
    }

    private static String names(Map<ChatId, Instant> when, ScreenModel model) {
        return when.isEmpty()
                ? "nobody"
                : when.keySet().stream()
                        .sorted(Contact.ORDER)
                        .map(id -> "%s %s".formatted(id, moment(when.get(id), model)))
                        .collect(Collectors.joining(", "));
    }

    private static String names(Collection<ChatId> ids) {
        return ids.stream().sorted(Contact.ORDER).map(ChatId::value).collect(Collectors.joining(", "));
    }

    private static String moment(Instant at, ScreenModel model) {
        boolean today = LocalDate.ofInstant(at, model.zone).equals(LocalDate.ofInstant(model.now, model.zone));
        return (today ? TIME : DAY).withZone(model.zone).format(at);
    }
}
