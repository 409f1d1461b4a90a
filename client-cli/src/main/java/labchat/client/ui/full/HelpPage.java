package labchat.client.ui.full;

import java.util.ArrayList;
import java.util.List;

/** What F1 shows. */
final class HelpPage {

    private static final List<String> LINES = """
            KEYS
            Enter            send
            Alt-Enter        new line (also Ctrl-J)
            Alt-S            send the text to all, after a question
            Up, Down         in the empty line: the conversation above, below
            Alt-Up, Alt-Down the same, always
            Alt-1 to Alt-9   the first, to the ninth, conversation of the list
            Alt-A            the next one with something new
            Ctrl-K           go to somebody, or to a room, by a part of the name
            Page Up, Down    older and newer messages; End: the newest
            Ctrl-R           search what was said; Enter on a hit goes there
            Alt-R            what became of your messages: Up, Down choose one
            Tab              complete a name or a command
            Ctrl-P, Ctrl-N   what you have sent before
            Ctrl-A, Ctrl-E   start, end of the line
            Ctrl-W, Ctrl-U   delete a word, the line
            Esc              back
            Ctrl-L           draw the screen anew
            Ctrl-Z           to the shell; fg brings the chat back
            Ctrl-C, Ctrl-D   in the empty line: leave
            Alt-W            show the MQTT packets below the conversation, or hide them
            Alt-M            the mosquitto command for what you sent last; again: before
            Mouse            wheel scrolls, a click opens; Shift selects text
            COMMANDS
            team2a: text     write to team2a; a room's name works as well
            /to team2a       open a conversation
            /all text        write to all, each in a message of their own
            /who [id]        who is there; with a room, its members
            /history more    older messages
            /search words    in this conversation; /search all: words, in all
            /rooms           the rooms there are
            /create room [private]  make a room
            /join room       get in; /leave [room] gets you out
            /invite user [room]     let in; /remove user [room] puts out
            /receipts on|off tell others when you have read
            /typing on|off   tell others that you are typing
            /notify bell|desktop|off  when a message comes while you look away
            /mouse on|off    let the terminal have the mouse
            /background light|dark|auto  for which the colours are; auto asks
            /checklist x1    what the practice partner x1 has seen of your program
            /wire            the packets; /wire command n: packet n as a mosquitto command
            /help            this
            /quit            leave
            SIGNS
            waiting, sent    not yet, and surely, at the server
            (delivered)      it has reached the other's client
            (read)           it was on the other's screen\
            """.lines().toList();

    /** Where the explanations begin. */
    private static final int INDENT = 17;

    private HelpPage() {}

    /** The page in lines of at most so many columns. */
    static List<String> rows(int columns) {
        List<String> rows = new ArrayList<>();
        for (String line : LINES) {
            List<String> parts = Columns.wrap(line, columns, columns - INDENT);
            rows.add(parts.get(0));
            parts.stream().skip(1).map(part -> " ".repeat(INDENT) + part).forEach(rows::add);
        }
        return rows;
    }
}
