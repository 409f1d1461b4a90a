package labchat.client.command;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import labchat.client.options.ResolvedOptions;
import labchat.client.ui.ChatLine;
import labchat.client.ui.ChatView;
import labchat.client.ui.Output;
import labchat.client.ui.Output.OutputException;
import labchat.client.ui.Terminals;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;

/** Where a command's answers go: to people in the chat's words, or to programs in JSON, one object a line. */
final class Printing {

    private final Output output;
    private final boolean json;
    private final ChatView view;

    Printing(ResolvedOptions options, boolean json) {
        this.json = json;
        this.output = json ? Output.utf8() : Output.standard();
        boolean color = !json && options.color().isOn(Terminals.isInteractive(), System.getenv());
        this.view = new ChatView(color, output.isUnicode(), ZoneId.systemDefault());
    }

    void history(List<HistoryEntry> entries, ChatId me, Instant now) throws CommandFailure {
        for (HistoryEntry entry : entries) {
            // The indent belongs to the chat, where it sets them off from what is said now.
            line(json ? JsonLine.of(entry) : view.said(entry, me, now).strip());
        }
    }

    void rooms(List<RoomInfo> rooms) throws CommandFailure {
        for (RoomInfo room : rooms) {
            line(json ? JsonLine.of(room) : view.room(room).strip());
        }
    }

    void people(ChatLine.People people) throws CommandFailure {
        if (json) {
            for (var contact : people.contacts()) {
                line(JsonLine.of(contact));
            }
        } else {
            // The indent sets a list off from the rest of a chat.
            line(view.render(people).indent(-2).stripTrailing());
        }
    }

    /** A word for people; programs have the exit code. */
    void word(String text) throws CommandFailure {
        if (!json) {
            line(text);
        }
    }

    private void line(String text) throws CommandFailure {
        try {
            output.line(text);
        } catch (OutputException e) {
            throw CommandFailure.of(e);
        }
    }
}
