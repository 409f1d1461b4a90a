import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import labchat.client.ChatListener;
import labchat.client.ChatSession;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;

/** Writes what is said in a room to the end of a file, and says lines of standard input in the room:
 * {@code java -cp client-cli.jar Bridge.java lobby lobby.txt team1a [HOST [PORT]]}. The user must be in the room.
 */
public final class Bridge implements ChatListener {

    /** What bots say begins with this, and they do not answer it. */
    private static final String BOT = "[bot] ";

    private final ChatId room;
    private final Path file;

    Bridge(ChatId room, Path file) {
        this.room = room;
        this.file = file;
    }

    @Override
    public void message(ChatSession chat, ChatMessage message) {
        chat.read(message);
        if (message.receiver().equals(room) && !message.text().startsWith(BOT)) {
            // One message, one line, whatever is in it.
            write(message.sender() + ": " + message.text().replaceAll("\\p{C}", " "));
        }
    }

    void say(ChatSession chat, String line) {
        chat.send(room, BOT + line).acknowledged().exceptionally(refused -> {
            System.err.println("not said in " + room + ": " + refused.getMessage());
            return null;
        });
    }

    void write(String words) {
        try {
            String time = LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ');
            Files.writeString(
                    file, time + " " + words + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // The same in each of these programs, so that each is one file.

    @Override
    public void connection(ChatSession chat, boolean connected, String words) {
        System.out.println(connected ? chat.user() + " is listening" : "connection lost: " + words);
    }

    @Override
    public void problem(ChatSession chat, String words) {
        System.err.println("the server explains: " + words);
    }

    @Override
    public void ended(ChatSession chat, SessionFailure failure) {
        System.err.println(failure.message());
        System.exit(1);
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 3 || arguments.length > 5) {
            System.err.println("usage: java -cp client-cli.jar Bridge.java ROOM FILE USER [HOST [PORT]]");
            System.exit(2);
        }
        try {
            String host = arguments.length > 3 ? arguments[3] : "localhost";
            int port = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 1883;
            var login = new ChatSession.Login(host, port, arguments[2], password());
            var bridge = new Bridge(new ChatId(arguments[0]), Path.of(arguments[1]));
            bridge.write("-- bridged by " + arguments[2]);
            ChatSession chat = ChatSession.connect(login, bridge);
            // Lines of standard input are said in the room; its end does not end the bridge.
            var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (!line.isBlank()) {
                    bridge.say(chat, line);
                }
            }
            chat.awaitEnd();
        } catch (SessionException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("cannot read or write: " + e.getMessage());
            System.exit(1);
        }
    }

    /** From the variable or the keyboard; never from the command line, where others can read it. */
    private static String password() {
        String password = System.getenv("LABCHAT_PASSWORD");
        Console console = System.console();
        if (password == null && console != null) {
            password = new String(console.readPassword("Password: "));
        }
        if (password == null || password.isEmpty()) {
            throw new IllegalArgumentException("no password: set LABCHAT_PASSWORD, or run this in a terminal");
        }
        return password;
    }
}
