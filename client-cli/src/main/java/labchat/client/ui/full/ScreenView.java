package labchat.client.ui.full;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import labchat.client.ui.Contact;
import labchat.client.ui.TextSanitizer;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Draws a model: a size and what is known in, lines out, nothing else. */
final class ScreenView {

    /** The smallest window that is good for anything. */
    private static final int LEAST_COLUMNS = 20;

    private static final int LEAST_ROWS = 6;

    private static final int MOST_INPUT_ROWS = 5;
    private static final int MOST_HINT_ROWS = 5;
    private static final int MOST_DETAIL_ROWS = 8;
    private static final String PROMPT = "> ";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    /** How wide the list is. */
    static int listWidth(int columns) {
        if (columns < 50) {
            return 0;
        }
        return columns < 80 ? 18 : columns < 120 ? 22 : 30;
    }

    /** How wide a conversation is. */
    static int paneWidth(ScreenModel model) {
        int list = listWidth(model.columns);
        return list == 0 ? model.columns : model.columns - list - 1;
    }

    /** How many rows of a conversation are seen. */
    static int paneHeight(ScreenModel model) {
        int rows = Math.max(1, model.rows - 3 - inputRows(model));
        return rows - wireRows(model, rows);
    }

    /** How many of so many rows the packets take, with the line above them. */
    private static int wireRows(ScreenModel model, int rows) {
        return model.showsWire() ? Math.max(0, Math.min(rows - 3, rows / 2)) : 0;
    }

    private static int inputRows(ScreenModel model) {
        int rows = composer(model)
                .layout(paneWidth(model) - PROMPT.length())
                .rows()
                .size();
        return Math.min(rows, Math.max(1, Math.min(MOST_INPUT_ROWS, model.rows - 6)));
    }

    /** What the keys write into. */
    static Composer composer(ScreenModel model) {
        return model.mode == ScreenModel.Mode.JUMP || model.mode == ScreenModel.Mode.SEARCH
                ? model.query
                : model.current.composer();
    }

    /** The picture of the model. */
    Frame draw(ScreenModel model) {
        if (model.columns < LEAST_COLUMNS || model.rows < LEAST_ROWS) {
            List<AttributedString> lines = new ArrayList<>();
            lines.add(new AttributedString(Columns.fit("window too small", model.columns)));
            while (lines.size() < model.rows) {
                lines.add(AttributedString.EMPTY);
            }
            return new Frame(lines, 0, 0, List.of(), Map.of(), 0);
        }
        return new Drawing(model).frame();
    }

    /** One picture in the making. */
    private final class Drawing {
        private final ScreenModel model;
        private final Theme theme;
        private final int list;
        private final int pane;
        private final int inputRows;
        private final Map<Integer, Conversation> clicks = new HashMap<>();
        private final List<Item> visible = new ArrayList<>();

        Drawing(ScreenModel model) {
            this.model = model;
            this.theme = model.theme;
            this.list = listWidth(model.columns);
            this.pane = paneWidth(model);
            this.inputRows = ScreenView.inputRows(model);
        }

        Frame frame() {
            Composer.Layout input = composer(model).layout(pane - PROMPT.length());
            int top = Math.max(
                    0, Math.min(input.row() - inputRows + 1, input.rows().size() - inputRows));
            if (input.row() < top) {
                top = input.row();
            }
            List<AttributedString> right = new ArrayList<>();
            right.add(header());
            List<AttributedString> between = between();
            int middle = model.rows - 2 - inputRows - between.size();
            int wire = wireRows(model, middle);
            right.addAll(content(middle - wire));
            if (wire > 0) {
                right.addAll(new WirePane(model, theme, pane).rows(wire));
            }
            right.addAll(between);
            for (int i = 0; i < inputRows; i++) {
                String row = top + i < input.rows().size() ? input.rows().get(top + i) : "";
                right.add(row(part(top + i == 0 ? prompt() : "  ", Theme.BOLD), part(row, Theme.PLAIN)));
            }
            List<AttributedString> left = list == 0 ? List.of() : list(model.rows - 1);
            List<AttributedString> lines = new ArrayList<>();
            for (int i = 0; i < model.rows - 1; i++) {
                lines.add(
                        list == 0 ? right.get(i) : row(left.get(i), part(theme.separator(), Theme.DIM), right.get(i)));
            }
            lines.add(status());
            int column = (list == 0 ? 0 : list + 1) + PROMPT.length() + input.column();
            int row = model.rows - 1 - inputRows + input.row() - top;
            return new Frame(lines, row, Math.min(column, model.columns - 1), visible, clicks, list);
        }

        private String prompt() {
            return switch (model.mode) {
                case JUMP, SEARCH -> "? ";
                default -> PROMPT;
            };
        }

        private AttributedString header() {
            String text = switch (model.mode) {
                case HELP -> "Help: arrows and Page Up/Down scroll, Esc goes back";
                case JUMP -> "Go to: part of a name, then Enter; Esc goes back";
                case SEARCH ->
                    "Search %s: words, then Enter; Esc goes back"
                            .formatted(
                                    model.current.with().map(id -> "with " + id).orElse("everywhere"));
                case SELECT -> "Your messages: Up, Down; Esc goes back";
                default -> model.current.with().map(this::title).orElse("labchat");
            };
            return part(Columns.fit(" " + text, pane), Theme.REVERSE);
        }

        private String title(ChatId id) {
            Optional<RoomInfo> room = model.rooms.find(id);
            if (room.isPresent()) {
                return "%s: %s, %d: %s"
                        .formatted(
                                id,
                                room.get().isPublic() ? "public" : "private",
                                room.get().members().size(),
                                room.get().members().stream()
                                        .sorted(Contact.ORDER)
                                        .map(ChatId::value)
                                        .collect(Collectors.joining(", ")));
            }
            Contact contact = model.contacts.get(id);
            if (contact == null || contact.online().isEmpty()) {
                return id.value();
            }
            String since = contact.since().map(this::moment).orElse("");
            if (contact.online().get()) {
                return "%s: online%s".formatted(id, since.isEmpty() ? "" : " since " + since);
            }
            return "%s: %s".formatted(id, since.isEmpty() ? "was never here" : "last seen " + since);
        }

        private String moment(Instant at) {
            String time = TIME.withZone(model.zone).format(at);
            LocalDate day = LocalDate.ofInstant(at, model.zone);
            LocalDate today = LocalDate.ofInstant(model.now, model.zone);
            if (day.equals(today)) {
                return time;
            }
            return (day.equals(today.minusDays(1)) ? "yesterday" : DAY.format(day)) + " " + time;
        }

        private List<AttributedString> content(int height) {
            List<AttributedString> rows = new ArrayList<>();
            switch (model.mode) {
                case HELP -> {
                    List<String> help = HelpPage.rows(pane);
                    int from = Math.max(0, Math.min(model.scroll, help.size() - height));
                    help.stream()
                            .skip(from)
                            .limit(height)
                            .forEach(line -> rows.add(part(Columns.cut(line, pane), Theme.PLAIN)));
                }
                case JUMP ->
                    rows.addAll(choices(
                            model.matches().stream()
                                    .map(c -> "  " + c.with().orElseThrow()
                                            + (c.unread() > 0 ? "  (%d new)".formatted(c.unread()) : ""))
                                    .toList(),
                            "nobody has this in the name",
                            height));
                case SEARCH -> {
                    List<HistoryEntry> found = model.found.orElse(List.of());
                    rows.addAll(choices(
                            found.stream().map(this::hit).toList(),
                            model.found.isPresent() ? "nothing was found" : "",
                            height));
                }
                default -> {
                    List<Transcript.Row> seen = new Transcript(model, model.current, pane).rows(height);
                    seen.forEach(row -> rows.add(row.text()));
                    if (model.mode == ScreenModel.Mode.CHAT) {
                        // Only what can be seen to its end has been read.
                        seen.stream()
                                .filter(row -> row.below() == 0)
                                .map(Transcript.Row::item)
                                .filter(item -> item.kind() == Item.Kind.INCOMING)
                                .forEach(visible::add);
                    }
                    if (seen.isEmpty()) {
                        rows.addAll(empty());
                    }
                }
            }
            boolean fromAbove = model.mode == ScreenModel.Mode.HELP
                    || model.mode == ScreenModel.Mode.JUMP
                    || model.mode == ScreenModel.Mode.SEARCH;
            while (rows.size() < height) {
                rows.add(fromAbove ? rows.size() : 0, AttributedString.EMPTY);
            }
            return rows.subList(0, height);
        }

        private List<AttributedString> empty() {
            String text = model.current.with().isPresent()
                    ? "nothing was said yet"
                    : model.link == ScreenModel.Link.CONNECTING ? "connecting" + theme.dots() : "";
            return List.of(part("  " + text, Theme.DIM));
        }

        private String hit(HistoryEntry entry) {
            ChatMessage message = entry.message();
            boolean mine = message.sender().equals(model.me);
            String where = mine || entry.room() ? " to " + message.receiver() : "";
            return "%s %s%s: %s"
                    .formatted(
                            moment(entry.sent()),
                            mine ? "you" : message.sender(),
                            where,
                            TextSanitizer.oneLine(message.text(), 400));
        }

        /** Lines of which one is chosen, which is always seen. */
        private List<AttributedString> choices(List<String> lines, String otherwise, int height) {
            if (lines.isEmpty()) {
                return List.of(part(Columns.cut("  " + otherwise, pane), Theme.DIM));
            }
            int chosen = Math.max(0, Math.min(model.chosen, lines.size() - 1));
            int from = Math.max(0, Math.min(chosen - height / 2, lines.size() - height));
            List<AttributedString> rows = new ArrayList<>();
            for (int i = from; i < Math.min(lines.size(), from + height); i++) {
                rows.add(
                        i == chosen
                                ? part(Columns.fit(lines.get(i), pane), Theme.REVERSE)
                                : part(Columns.cut(lines.get(i), pane), Theme.PLAIN));
            }
            return rows;
        }

        /** What is above the input: a question, a hint, who is typing, or just a line. */
        private List<AttributedString> between() {
            if (model.mode == ScreenModel.Mode.CONFIRM) {
                int all = model.everybody().size();
                return List.of(part(
                        Columns.fit("Send to all %d? Enter sends, Esc does not".formatted(all), pane), Theme.MARK));
            }
            if (model.mode == ScreenModel.Mode.SELECT && model.selected.isPresent()) {
                int most = Math.max(1, Math.min(MOST_DETAIL_ROWS, model.rows / 2 - inputRows));
                return Fate.lines(model.selected.get(), model).stream()
                        .flatMap(line -> Columns.wrap(line, pane, pane).stream())
                        .limit(most)
                        .map(line -> part(line, theme.warn()))
                        .toList();
            }
            if (model.hint.isPresent()) {
                String hint = TextSanitizer.oneLine(model.hint.get(), 600);
                int most = Math.max(1, Math.min(MOST_HINT_ROWS, model.rows - inputRows - 4));
                return Columns.wrap(hint, pane, pane).stream()
                        .limit(most)
                        .map(line -> part(line, theme.warn()))
                        .toList();
            }
            List<ChatId> typing = model.typingIn(model.current);
            String words = "";
            if (!typing.isEmpty()) {
                words = typing.size() < 4
                        ? typing.stream().map(ChatId::value).collect(Collectors.joining(", "))
                                + (typing.size() == 1 ? " is" : " are") + " typing" + theme.dots()
                        : "%d are typing%s".formatted(typing.size(), theme.dots());
            } else if (model.current.anchor().isPresent() && model.mode == ScreenModel.Mode.CHAT) {
                words = "older messages; End shows the newest";
            }
            if (words.isEmpty()) {
                return List.of(part(theme.line().repeat(pane), Theme.DIM));
            }
            String shown = Columns.cut(theme.line() + " " + words + " ", pane);
            return List.of(row(
                    part(shown, Theme.PLAIN),
                    part(theme.line().repeat(Math.max(0, pane - Columns.width(shown))), Theme.DIM)));
        }

        private List<AttributedString> list(int height) {
            List<Conversation> all = model.list();
            int selected = all.indexOf(model.current);
            int most = Math.max(0, all.size() - height);
            int top = Math.max(0, Math.min(most, model.listTop.orElse(selected < height ? 0 : selected - height / 2)));
            List<AttributedString> rows = new ArrayList<>();
            for (int i = top; i < Math.min(all.size(), top + height); i++) {
                clicks.put(rows.size(), all.get(i));
                rows.add(entry(all.get(i), i));
            }
            if (top > 0) {
                clicks.remove(0);
                rows.set(0, part(Columns.fit("  %d more above".formatted(top + 1), list), Theme.DIM));
            }
            int below = all.size() - top - height;
            if (below > 0) {
                clicks.remove(height - 1);
                rows.set(height - 1, part(Columns.fit("  %d more below".formatted(below + 1), list), Theme.DIM));
            }
            while (rows.size() < height) {
                rows.add(part(" ".repeat(list), Theme.PLAIN));
            }
            return rows;
        }

        private AttributedString entry(Conversation conversation, int index) {
            boolean current = conversation == model.current;
            String right = "";
            if (conversation.unread() > 0) {
                right = conversation.unread() > 999 ? "999+" : Integer.toString(conversation.unread());
            } else if (!model.typingIn(conversation).isEmpty()) {
                right = "types";
            } else if (list >= 22) {
                right = lastSeen(conversation);
            }
            String name = conversation.with().map(ChatId::value).orElse("labchat");
            int width = list - 4 - Columns.width(right) - (right.isEmpty() ? 0 : 1);
            String text = Columns.fit(name, width) + (right.isEmpty() ? "" : " " + right) + " ";
            AttributedStyle style = conversation.unread() > 0
                    ? Theme.BOLD
                    : model.isOnline(conversation)
                                    || conversation.with().isEmpty()
                                    || conversation.with().filter(model::isRoom).isPresent()
                            ? Theme.PLAIN
                            : Theme.DIM;
            String digit = index > 0 && index < 10 ? Integer.toString(index) : " ";
            AttributedString mark = mark(conversation);
            return current
                    ? part(digit + mark + " " + text, Theme.REVERSE)
                    : row(part(digit, Theme.DIM), mark, part(" " + text, style));
        }

        private AttributedString mark(Conversation conversation) {
            if (conversation.with().isEmpty()) {
                return part("=", Theme.PLAIN);
            }
            if (conversation.with().filter(model::isRoom).isPresent()) {
                return part("#", Theme.PLAIN);
            }
            Optional<Boolean> online =
                    conversation.with().map(model.contacts::get).flatMap(Contact::online);
            if (online.isEmpty()) {
                return part(" ", Theme.PLAIN);
            }
            return online.get() ? part(theme.online(), theme.good()) : part(theme.offline(), Theme.DIM);
        }

        /** Of those who are away: the time today, else the day. */
        private String lastSeen(Conversation conversation) {
            Optional<Contact> contact = conversation.with().map(model.contacts::get);
            if (contact.flatMap(Contact::online).orElse(true)) {
                return "";
            }
            Optional<Instant> since = contact.flatMap(Contact::since);
            return since.map(
                            at -> LocalDate.ofInstant(at, model.zone).equals(LocalDate.ofInstant(model.now, model.zone))
                                    ? TIME.withZone(model.zone).format(at)
                                    : DAY.withZone(model.zone).format(at))
                    .orElse("");
        }

        private AttributedString status() {
            StringBuilder left = new StringBuilder(" " + model.me);
            left.append(" ").append(theme.separator()).append(" ");
            left.append(
                    switch (model.link) {
                        case CONNECTING -> "connecting" + theme.dots();
                        case CONNECTED -> model.server;
                        case LOST -> "no connection, trying again";
                    });
            if (model.waiting > 0) {
                left.append(" %s %d waiting to be sent".formatted(theme.separator(), model.waiting));
            }
            int unread = model.unread();
            if (unread > 0) {
                left.append(" %s %d new".formatted(theme.separator(), unread));
            }
            String right = "F1 help  Alt-S send to all ";
            int room = model.columns - Columns.width(left.toString());
            String line = room > right.length() + 1
                    ? left + " ".repeat(room - right.length()) + right
                    : room > 9 ? left + " ".repeat(room - 8) + "F1 help " : Columns.fit(left.toString(), model.columns);
            return part(
                    line,
                    model.link == ScreenModel.Link.LOST
                            ? Theme.REVERSE.foreground(AttributedStyle.RED)
                            : Theme.REVERSE);
        }

        private static AttributedString part(String text, AttributedStyle style) {
            return new AttributedString(text, style);
        }

        private static AttributedString row(AttributedString... parts) {
            AttributedStringBuilder row = new AttributedStringBuilder();
            for (AttributedString part : parts) {
                row.append(part);
            }
            return row.toAttributedString();
        }
    }
}
