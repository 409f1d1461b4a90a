import java.io.Console;
import labchat.client.ChatListener;
import labchat.client.ChatSession;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatMessage;

/** Says back what it is told: {@code LABCHAT_PASSWORD=... java -cp client-cli.jar Echo.java team1a [HOST [PORT]]}. */
public final class Echo implements ChatListener {

    /** What bots say begins with this, and they do not answer it. Otherwise two of them would never stop. */
    private static final String BOT = "[bot] ";

    @Override
    public void message(ChatSession chat, ChatMessage message) {
        chat.read(message);
        boolean toMe = message.receiver().equals(chat.user());
        if (toMe && !message.text().startsWith(BOT)) {
            chat.reply(message, cut(BOT + "You wrote: " + message.text()));
        }
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= 4096 ? text : text.substring(0, text.offsetByCodePoints(0, 4096));
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
        if (arguments.length < 1 || arguments.length > 3) {
            System.err.println("usage: java -cp client-cli.jar Echo.java USER [HOST [PORT]]");
            System.exit(2);
        }
        try {
            String host = arguments.length > 1 ? arguments[1] : "localhost";
            int port = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1883;
            var login = new ChatSession.Login(host, port, arguments[0], password());
            ChatSession.connect(login, new Echo()).awaitEnd();
        } catch (SessionException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
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
