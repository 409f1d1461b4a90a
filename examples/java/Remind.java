import java.io.Console;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.client.ChatListener;
import labchat.client.ChatSession;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatMessage;

/** Write "remind me in 10s to fetch the cable" to it: {@code java -cp client-cli.jar Remind.java team1a [HOST [PORT]]}. */
public final class Remind implements ChatListener {

    /** What bots say begins with this, and they do not answer it. Otherwise two of them would never stop. */
    private static final String BOT = "[bot] ";

    private static final Pattern WISH = Pattern.compile(
            "remind me in (\\d{1,5}) ?([smh]) to (.+)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final long LONGEST = TimeUnit.HOURS.toSeconds(24);
    private static final int MOST = 100;

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);

    @Override
    public void message(ChatSession chat, ChatMessage message) {
        chat.read(message);
        boolean toMe = message.receiver().equals(chat.user());
        if (toMe && !message.text().startsWith(BOT)) {
            chat.reply(message, BOT + answer(chat, message));
        }
    }

    private String answer(ChatSession chat, ChatMessage message) {
        Matcher wish = WISH.matcher(message.text().strip());
        if (!wish.matches()) {
            return "Write: remind me in 10s to fetch the cable. Also 5m and 2h.";
        }
        TimeUnit unit = switch (wish.group(2).toLowerCase()) {
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            default -> TimeUnit.HOURS;
        };
        long seconds = unit.toSeconds(Long.parseLong(wish.group(1)));
        if (seconds > LONGEST) {
            return "I do not remember anything for longer than 24h.";
        }
        if (timers.getQueue().size() >= MOST) {
            return "I remember " + MOST + " things already. Ask again later.";
        }
        String reminder = BOT + "Remember to " + wish.group(3);
        timers.schedule(() -> chat.send(message.sender(), reminder), seconds, TimeUnit.SECONDS);
        return "I remind you in " + wish.group(1) + wish.group(2) + ".";
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
            System.err.println("usage: java -cp client-cli.jar Remind.java USER [HOST [PORT]]");
            System.exit(2);
        }
        try {
            String host = arguments.length > 1 ? arguments[1] : "localhost";
            int port = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1883;
            var login = new ChatSession.Login(host, port, arguments[0], password());
            ChatSession.connect(login, new Remind()).awaitEnd();
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
