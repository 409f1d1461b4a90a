package labchat.client.ui;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/**
 * Puts a transcript into words and colours: a line in, text out, nothing else. All text from elsewhere passes the
 * {@link TextSanitizer} here and nowhere else.
 *
 * @param color whether to colour, with the ECMA-48 sequences that every terminal knows
 * @param unicode whether the output can hold arrows and check marks
 * @param zone of the times shown
 */
public record ChatView(boolean color, boolean unicode, ZoneId zone) implements ChatLine.Visitor<String> {

    /** How much of a text is quoted where a receipt speaks of it, in characters. */
    static final int QUOTE_LENGTH = 40;

    /** Where long lists of names go on with a new line, in characters. */
    private static final int LIST_WIDTH = 80;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter DAY_AND_YEAR = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);

    private static final String DIM = "2";
    private static final String RED = "31";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";
    private static final String BOLD = "1";
    private static final List<String> NAME_COLORS = List.of("1;36", "1;35", "1;34", "1;33", "1;32");

    /** The text of an entry, one or more lines without a line break at the end. */
    public String render(ChatLine line) {
        return line.accept(this);
    }

    /** The prompt. */
    public String prompt(ChatId me, Optional<ChatId> partner) {
        return partner.map(to -> styled(BOLD, me.value()) + " " + arrow() + " " + name(to) + "> ")
                .orElseGet(() -> styled(BOLD, me.value()) + "> ");
    }

    /** A receipt by itself. */
    String receipt(Instant at, ChatKind kind, ChatId from, String uuid) {
        return time(at) + " " + mark(kind) + " " + name(from) + ": " + uuid;
    }

    /** Who is typing, such as {@code team1a is typing…}. */
    public String typing(Collection<ChatId> ids) {
        List<String> names = ids.stream().sorted().map(ChatId::value).toList();
        if (names.isEmpty()) {
            return "";
        }
        String dots = unicode ? "…" : "...";
        String who = names.size() == 1
                ? names.get(0) + " is"
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1)
                        + " are";
        return styled(DIM, who + " typing" + dots);
    }

    @Override
    public String incoming(ChatLine.Incoming line) {
        String where = line.room().map(room -> inRoom(room) + " ").orElse("");
        return withText(
                styled(DIM, moment(line.at(), line.now())) + " " + where + name(line.from()) + ": ", line.text());
    }

    @Override
    public String outgoing(ChatLine.Outgoing line) {
        String to = line.to().map(this::name).orElseGet(() -> styled(BOLD, "all " + line.receivers()));
        return withText(time(line.at()) + " " + arrow() + " " + to + ": ", line.text());
    }

    @Override
    public String status(ChatLine.Status line) {
        return "  " + mark(line.kind()) + " " + name(line.receiver()) + ": " + quote(line.text());
    }

    @Override
    public String tally(ChatLine.Tally line) {
        StringBuilder text = new StringBuilder("  ")
                .append(mark(line.read() > 0 ? ChatKind.READ : ChatKind.DELIVERED))
                .append(line.room()
                        .map(room -> " in %s: ".formatted(name(room)))
                        .orElse(" to all: "))
                .append(quote(line.text()))
                .append(" (delivered to %d of %d".formatted(line.delivered(), line.total()));
        if (line.read() > 0) {
            text.append(", read by %d".formatted(line.read()));
        }
        if (!line.failed().isEmpty()) {
            text.append(", refused for ").append(list(line.failed()));
        }
        return text.append(")").toString();
    }

    @Override
    public String people(ChatLine.People line) {
        List<String> lines = new ArrayList<>();
        Predicate<Contact> online = contact -> contact.online().equals(Optional.of(true));
        Predicate<Contact> offline = contact -> contact.online().equals(Optional.of(false));
        Predicate<Contact> seenBefore = contact -> contact.since().isPresent();
        group(lines, line, "online", online);
        group(lines, line, "offline", offline.and(seenBefore));
        group(lines, line, "never connected", offline.and(seenBefore.negate()));
        Predicate<Contact> unknown = contact -> contact.online().isEmpty();
        if (line.presenceKnown()) {
            group(lines, line, "not known to the server", unknown);
        } else {
            group(lines, line, "heard from", unknown.and(Contact::heard));
            group(lines, line, "contacts", unknown.and(contact -> !contact.heard()));
            lines.add(styled(DIM, "  (the server has not said who is connected)"));
        }
        return String.join("\n", lines);
    }

    private void group(List<String> lines, ChatLine.People people, String title, Predicate<Contact> belongs) {
        List<Contact> members = people.contacts().stream().filter(belongs).toList();
        if (members.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("  ").append(styled(BOLD, title)).append(": ");
        int column = title.length() + 4;
        for (int i = 0; i < members.size(); i++) {
            Contact contact = members.get(i);
            String since = contact.since()
                    .map(at -> " (since " + moment(at, people.now()) + ")")
                    .orElse("");
            String comma = i + 1 < members.size() ? ", " : "";
            int length = contact.id().value().length() + since.length() + comma.length();
            if (column + length > LIST_WIDTH && i > 0) {
                lines.add(text.toString().stripTrailing());
                text.setLength(0);
                text.append("    ");
                column = 4;
            }
            text.append(contact.id().value())
                    .append(since.isEmpty() ? "" : styled(DIM, since))
                    .append(comma);
            column += length;
        }
        lines.add(text.toString());
    }

    @Override
    public String missed(ChatLine.Missed line) {
        String since =
                line.since().map(at -> " since " + moment(at, line.now())).orElse("");
        return styled(BOLD, "-- %d new%s".formatted(line.count(), since));
    }

    @Override
    public String past(ChatLine.Past line) {
        List<String> lines = new ArrayList<>();
        String hint = line.hint().isEmpty() ? "" : "; " + line.hint();
        lines.add(styled(DIM, "-- " + oneLine(line.title()) + hint));
        line.entries().forEach(entry -> lines.add(said(entry, line.me(), line.now())));
        return String.join("\n", lines);
    }

    /** A message from the history. */
    public String said(HistoryEntry entry, ChatId me, Instant now) {
        ChatMessage message = entry.message();
        String time = "  " + styled(DIM, moment(entry.sent(), now)) + " ";
        if (!message.sender().equals(me)) {
            String where = entry.room() ? inRoom(message.receiver()) + " " : "";
            return withText(time + where + name(message.sender()) + ": ", message.text());
        }
        return withText(time + arrow() + " " + name(message.receiver()) + ": ", message.text()) + fate(entry);
    }

    /** What became of a message of one's own. */
    private String fate(HistoryEntry entry) {
        int read = entry.read().size();
        int delivered = entry.delivered().size();
        if (read == 0 && delivered == 0) {
            return "";
        }
        if (!entry.room()) {
            return "  " + mark(read > 0 ? ChatKind.READ : ChatKind.DELIVERED);
        }
        return "  "
                + styled(
                        DIM,
                        "(delivered to %d%s)"
                                .formatted(Math.max(read, delivered), read > 0 ? ", read by " + read : ""));
    }

    @Override
    public String rooms(ChatLine.Rooms line) {
        if (line.rooms().isEmpty()) {
            return styled(DIM, "-- there are no rooms; /create group_1 makes one");
        }
        return line.rooms().stream().map(this::room).collect(Collectors.joining("\n"));
    }

    /** One room on a line. */
    public String room(RoomInfo room) {
        int members = room.members().size();
        return "  %s  %s, %d member%s%s"
                .formatted(
                        name(room.id()),
                        room.isPublic() ? "public" : "private",
                        members,
                        members == 1 ? "" : "s",
                        standing(room));
    }

    @Override
    public String note(ChatLine.Note line) {
        return styled(DIM, "-- " + oneLine(line.text()));
    }

    @Override
    public String problem(ChatLine.Problem line) {
        return styled(RED, "!! " + oneLine(line.text()));
    }

    @Override
    public String help(ChatLine.Help line) {
        String dash = unicode ? "–" : "-";
        return """
                  team2a: text      write to team2a; a room's name works as well
                  /to team2a        talk to team2a, or in a room; then every line goes there
                  /all text         write to all contacts, each in a message of its own
                  /who [id]         who is there, or since when not; with a room, its members
                  /history [n]      the last n messages with whom you are talking to; with nobody
                                    chosen, the newest message of each conversation
                  /history more     what is older than what was shown
                  /search words     messages of this conversation with these words
                  /search all: words   the same in all conversations
                  /rooms            the rooms there are
                  /create room [private]    make a room; a private one is for those who are invited
                  /join room        get in; /leave [room] gets you out
                  /invite user [room]       let somebody join; /remove user [room] puts them out
                  /receipts off     others are not told what you have read; /typing off: nor that you type
                  /checklist x1     what the practice partner x1 has seen of your program
                  /wire             shows the MQTT packets, or hides them; /wire command [n]: what
                                    mosquitto_pub or mosquitto_sub would do the same
                  /help             this
                  /quit             leave; so does Ctrl-D
                  Tab completes names and commands, the arrow keys bring back earlier lines.
                  (delivered) %s it has reached the other's client; (read) %s it was on their screen.\
                """.formatted(dash, dash);
    }

    /** A text behind its head; further lines are marked, so that none can pass for an entry of its own. */
    private String withText(String head, String text) {
        List<String> lines = TextSanitizer.lines(text);
        String continuation = "\n      " + styled(DIM, unicode ? "│" : "|") + " ";
        return head + String.join(continuation, lines);
    }

    private String mark(ChatKind kind) {
        boolean read = kind == ChatKind.READ;
        String sign = unicode ? (read ? "✓✓" : "✓") : (read ? "**" : "*");
        return styled(read ? GREEN : YELLOW, sign + " (" + kind.level() + ")");
    }

    private String quote(String text) {
        return "\"" + oneLine(TextSanitizer.oneLine(text, QUOTE_LENGTH)) + "\"";
    }

    private String oneLine(String text) {
        return TextSanitizer.oneLine(text, Integer.MAX_VALUE);
    }

    private static String list(Collection<ChatId> ids) {
        return ids.stream().map(ChatId::value).collect(Collectors.joining(", "));
    }

    private String time(Instant at) {
        return styled(DIM, clock(at));
    }

    private String clock(Instant at) {
        return TIME.withZone(zone).format(at);
    }

    /**
     * A time as one would say it: {@code 16:02} today, {@code yesterday 16:02}, {@code 17 Nov 16:02}, and with the year
     * where it is another.
     */
    String moment(Instant at, Instant now) {
        LocalDate day = LocalDate.ofInstant(at, zone);
        LocalDate today = LocalDate.ofInstant(now, zone);
        if (day.equals(today)) {
            return clock(at);
        }
        if (day.equals(today.minusDays(1))) {
            return "yesterday " + clock(at);
        }
        DateTimeFormatter format = day.getYear() == today.getYear() ? DAY : DAY_AND_YEAR;
        return format.format(day) + " " + clock(at);
    }

    private static String standing(RoomInfo room) {
        if (room.joined()) {
            return ", you are in it";
        }
        // Others see a private one only when they are invited.
        return room.isPublic() ? "" : ", you are invited: /join " + room.id();
    }

    private String inRoom(ChatId room) {
        return "[" + name(room) + "]";
    }

    private String arrow() {
        return unicode ? "→" : "->";
    }

    /** Always the same colour for the same name. */
    private String name(ChatId id) {
        return styled(NAME_COLORS.get(Math.floorMod(id.value().hashCode(), NAME_COLORS.size())), id.value());
    }

    private String styled(String codes, String text) {
        return color ? "\u001b[" + codes + "m" + text + "\u001b[0m" : text;
    }
}
