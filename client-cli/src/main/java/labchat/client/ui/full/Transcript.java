package labchat.client.ui.full;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import labchat.client.ui.TextSanitizer;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Lays a conversation out in rows, from below, no more of it than is looked at. Changes nothing. */
final class Transcript {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEEE d MMMM yyyy", Locale.ENGLISH);
    private static final String INDENT = "      ";

    private final ScreenModel model;
    private final Theme theme;
    private final Conversation conversation;
    private final int columns;

    /**
     * A row of the screen.
     *
     * @param below how many rows of the same item are below it
     */
    record Row(Item item, int below, AttributedString text) {}

    Transcript(ScreenModel model, Conversation conversation, int columns) {
        this.model = model;
        this.theme = model.theme;
        this.conversation = conversation;
        this.columns = columns;
    }

    /** The rows that end where the conversation is scrolled to, oldest first, at most so many. */
    List<Row> rows(int most) {
        List<Item> items = conversation.items();
        int at = conversation.anchor().map(items::lastIndexOf).orElse(-1);
        int hidden = at < 0 ? 0 : conversation.below();
        if (at < 0) {
            at = items.size() - 1;
        }
        List<Row> rows = new ArrayList<>();
        while (at >= 0 && rows.size() < most) {
            List<AttributedString> block = block(at);
            for (int i = block.size() - 1 - hidden; i >= 0 && rows.size() < most; i--) {
                rows.add(new Row(items.get(at), block.size() - 1 - i, block.get(i)));
            }
            hidden = 0;
            at--;
        }
        Collections.reverse(rows);
        return rows;
    }

    /** Scrolls up; true if the oldest that is there has come into sight. */
    boolean up(int by, int height) {
        List<Row> rows = rows(height + by);
        int moved = Math.min(by, rows.size() - height);
        if (moved > 0) {
            Row lowest = rows.get(rows.size() - 1 - moved);
            conversation.anchor(lowest.item(), lowest.below());
        }
        return rows.size() < height + by;
    }

    /** Scrolls down, at the end to follow what comes. */
    void down(int by) {
        List<Item> items = conversation.items();
        int at = conversation.anchor().map(items::lastIndexOf).orElse(-1);
        if (at < 0) {
            conversation.follow();
            return;
        }
        int below = conversation.below() - by;
        while (below < 0 && at < items.size() - 1) {
            at++;
            below += block(at).size();
        }
        if (at >= items.size() - 1 && below <= 0) {
            conversation.follow();
        } else {
            conversation.anchor(items.get(at), below);
        }
    }

    /** The rows of one item, with the lines that stand before it. */
    private List<AttributedString> block(int index) {
        Item item = conversation.items().get(index);
        List<AttributedString> block = new ArrayList<>();
        LocalDate day = day(item.at(), model.zone);
        if (index == 0 || !day.equals(day(conversation.items().get(index - 1).at(), model.zone))) {
            block.add(rule(dayName(day), Theme.DIM));
        }
        if (conversation.leftOff().filter(item::equals).isPresent()) {
            block.add(rule("new", Theme.MARK));
        }
        int rules = block.size();
        switch (item.kind()) {
            case NOTE -> said(item, theme.unicode() ? "· " : "- ", Theme.DIM, block);
            case PROBLEM -> said(item, "! ", Theme.RED, block);
            default -> message(item, block);
        }
        if (model.mode == ScreenModel.Mode.SELECT
                && model.selected.filter(item::equals).isPresent()) {
            for (int i = rules; i < block.size(); i++) {
                block.set(i, new AttributedString(Columns.fit(block.get(i).toString(), columns), Theme.REVERSE));
            }
        }
        return block;
    }

    private static LocalDate day(Instant at, ZoneId zone) {
        return LocalDate.ofInstant(at, zone);
    }

    private String dayName(LocalDate day) {
        LocalDate today = day(model.now, model.zone);
        if (day.equals(today)) {
            return "today";
        }
        return day.equals(today.minusDays(1)) ? "yesterday" : DAY.format(day);
    }

    private AttributedString rule(String words, AttributedStyle style) {
        String line = theme.line();
        int left = Math.max(1, (columns - words.length() - 2) / 2);
        int right = Math.max(1, columns - words.length() - 2 - left);
        return new AttributedString(line.repeat(left) + " " + words + " " + line.repeat(right), style);
    }

    private void said(Item item, String mark, AttributedStyle style, List<AttributedString> block) {
        int width = columns - mark.length();
        String head = mark;
        for (String line : TextSanitizer.lines(item.text())) {
            for (String part : Columns.wrap(line, width, width)) {
                block.add(new AttributedString(head + part, style));
                head = " ".repeat(mark.length());
            }
        }
    }

    private void message(Item item, List<AttributedString> block) {
        AttributedStringBuilder row = new AttributedStringBuilder();
        row.styled(Theme.DIM, TIME.withZone(model.zone).format(item.at())).append(" ");
        boolean mine = item.kind() == Item.Kind.OUTGOING;
        String name = mine
                ? item.receivers() > 0 ? "to all %d".formatted(item.receivers()) : "you"
                : item.id().map(MessageId::sender).map(ChatId::value).orElse("");
        row.styled(mine ? AttributedStyle.BOLD : theme.name(name), name).append(": ");
        int first = columns - row.columnLength();
        int further = columns - INDENT.length();
        int used = row.columnLength();
        for (String line : TextSanitizer.lines(item.text())) {
            for (String part : Columns.wrap(line, first, further)) {
                if (row == null) {
                    row = new AttributedStringBuilder().append(INDENT);
                    used = INDENT.length();
                }
                row.append(part);
                used += Columns.width(part);
                block.add(row.toAttributedString());
                row = null;
            }
            first = further;
        }
        if (mine) {
            fate(item, used, block);
        }
    }

    /** What became of it, behind the text or below it. */
    private void fate(Item item, int used, List<AttributedString> block) {
        AttributedString fate = fate(item);
        if (item.failure().isPresent() && item.receivers() == 0) {
            for (String part : Columns.wrap(
                    TextSanitizer.oneLine("not sent: " + item.failure().get(), 600),
                    columns - INDENT.length(),
                    columns - INDENT.length())) {
                block.add(new AttributedString(INDENT + part, Theme.RED));
            }
        } else if (used + 2 + fate.columnLength() <= columns) {
            AttributedString last = block.remove(block.size() - 1);
            block.add(AttributedString.join(new AttributedString("  "), last, fate));
        } else {
            block.add(AttributedString.join(AttributedString.EMPTY, new AttributedString(INDENT), fate));
        }
    }

    private AttributedString fate(Item item) {
        Optional<ChatId> room = conversation.with().filter(model::isRoom);
        int read = item.read().size();
        int delivered = item.delivered().size();
        if (room.isPresent() || item.receivers() > 0) {
            // Somebody may have left or joined since.
            int all = Math.max(room.map(model::others).orElse(item.receivers()), delivered);
            String failed = item.failed().isEmpty()
                    ? ""
                    : ", not sent to " + item.failed().size();
            if (read > 0) {
                return new AttributedString(
                        "%s (read by %d of %d%s)".formatted(theme.read(), read, all, failed),
                        read >= all ? theme.good() : theme.warn());
            }
            if (delivered > 0 || !failed.isEmpty()) {
                return new AttributedString(
                        "%s (delivered to %d of %d%s)".formatted(theme.delivered(), delivered, all, failed),
                        theme.warn());
            }
        } else if (read > 0) {
            return new AttributedString(theme.read() + " (read)", theme.good());
        } else if (delivered > 0) {
            return new AttributedString(theme.delivered() + " (delivered)", theme.warn());
        }
        return new AttributedString(item.isAcknowledged() || item.receivers() > 0 ? "sent" : "waiting", Theme.DIM);
    }
}
