package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The full screen of the packaged client in a real terminal, against the packaged broker. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullScreenIT {

    @TempDir
    private Path directory;

    private Tmux tmux;
    private int port;
    private BrokerProcess broker;

    @BeforeEach
    void start() throws IOException {
        // The restarted broker must be found where the first one was.
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        tmux = new Tmux(directory);
        broker = startBroker();
    }

    @AfterEach
    void stop() {
        tmux.close();
        broker.close();
    }

    private BrokerProcess startBroker() throws IOException {
        return BrokerProcess.start(
                Files.createDirectories(directory.resolve("broker")), "--port", Integer.toString(port));
    }

    private Tmux.Window chat(String user, int columns, int rows, String... options) throws IOException {
        Path home = Files.createDirectories(directory.resolve(user));
        List<String> environment =
                List.of("LABCHAT_PASSWORD=" + user, "HOME=" + home, "XDG_CONFIG_HOME=" + home.resolve("config"));
        return tmux.open(user, columns, rows, environment, new ClientProcess(home, port).command(user, options));
    }

    private static void open(Tmux.Window window, String with) throws IOException {
        window.awaitText("connected to");
        window.type("/to " + with);
        window.press("Enter");
        window.awaitText(with + ": online since");
    }

    @Test
    void twoClients_chat_resize_andGoOnAfterTheBrokerRestarts() throws IOException {
        Tmux.Window one = chat("team1a", 80, 24);
        Tmux.Window two = chat("team2a", 60, 15);
        two.awaitText("connected to");
        open(one, "team2a");

        one.type("Hei på deg! 你好");
        one.press("Enter");
        one.awaitText("you: Hei på deg! 你好  ✓ (delivered)");
        two.awaitText("│ 1 new");
        open(two, "team1a");
        two.awaitText("team1a: Hei på deg! 你好");
        one.awaitText("you: Hei på deg! 你好  ✓✓ (read)");

        two.type("a line");
        one.awaitText("team2a is typing…");
        // Not Alt-Enter: of two characters the second might come late on a busy machine.
        two.press("C-j");
        two.type("and another");
        two.press("Enter");
        one.awaitText("team2a: a line");
        one.awaitText("      and another");

        one.resize(120, 40);
        one.awaitScreen(
                "the status line in row 40",
                screen -> screen.size() == 40
                        && screen.get(39).startsWith(" team1a │")
                        && screen.get(39).endsWith("Alt-S send to all"));
        one.resize(60, 15);
        one.awaitScreen(
                "the status line in row 15",
                screen -> screen.size() == 15 && screen.get(14).startsWith(" team1a │"));
        one.awaitText("      and another");

        broker.close();
        one.awaitText("no connection, trying again");
        one.type("written meanwhile");
        one.press("Enter");
        one.awaitText("1 waiting to be sent");
        broker = startBroker();
        one.awaitText("you: written meanwhile");
        two.awaitText("team1a: written meanwhile");
        one.awaitText("(read)");
        one.awaitScreen("nothing waiting", screen -> screen.stream().noneMatch(line -> line.contains("waiting")));
    }

    @Test
    void textForAll_isSentAfterTheQuestion_andHelpIsThere() throws IOException {
        Tmux.Window one = chat("team1a", 80, 24);
        one.awaitText("connected to");
        one.type("/help");
        one.press("Enter");
        one.awaitText("Alt-Enter        new line");
        one.press("Escape");
        one.awaitText("connected to");
        one.type("/all Lab starts now");
        one.press("Enter");
        one.awaitText("Send to all ");
        one.press("Enter");
        one.awaitText("Lab starts now");
        one.awaitScreen("nothing waiting", screen -> screen.stream().noneMatch(line -> line.contains("waiting")));
    }

    @Test
    void whileMessagesPourIn_inputIsEchoed_andAllOfThemArrive() throws Exception {
        Tmux.Window one = chat("team1a", 80, 24);
        one.awaitText("connected to");
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (RawMqtt pouring = RawMqtt.open(Wire.TCP_V3, port, "pouring")) {
            Connect login = Connect.as(Wire.TCP_V3).clientId("pouring").login("team3a", "team3a");
            assertThat(pouring.connect(login).code()).isZero();
            Future<Integer> poured = thread.submit(() -> {
                int count = 0;
                while (!enough.get()) {
                    pouring.publish(
                            Chat.messageTopic("team1a"), Chat.message("team3a", "team1a", "pouring " + count), 1);
                    count++;
                }
                return count;
            });
            one.awaitText("team3a");
            one.awaitScreen(
                    "new messages",
                    screen -> screen.stream().anyMatch(line -> line.matches(".* team3a +[1-9][0-9]* │.*")));
            one.type("/to team3a");
            one.awaitText("> /to team3a");
            one.press("Enter");
            one.awaitText("team3a: pouring ");
            one.type("typed meanwhile");
            one.awaitText("> typed meanwhile");
            enough.set(true);
            int last = poured.get(60, TimeUnit.SECONDS) - 1;

            one.awaitText("team3a: pouring " + last);
            one.awaitText("> typed meanwhile");
        } finally {
            enough.set(true);
            thread.shutdownNow();
        }
    }

    @Test
    void suspending_givesTheTerminalToTheShell_andFgBringsTheChatBack() throws IOException {
        Path home = Files.createDirectories(directory.resolve("shell"));
        List<String> environment = List.of("LABCHAT_PASSWORD=team1a", "HOME=" + home, "PS1=shell> ");
        Tmux.Window shell = tmux.open("shell", 80, 24, environment, List.of("bash", "--norc", "--noprofile", "-i"));
        shell.awaitText("shell>");
        shell.type(String.join(" ", new ClientProcess(home, port).command("team1a")));
        shell.press("Enter");
        shell.awaitText("connected to");
        shell.press("C-z");
        shell.awaitText("Stopped");
        shell.type("echo $((6 * 7))");
        shell.press("Enter");
        shell.awaitText("42");
        shell.type("fg");
        shell.press("Enter");
        shell.awaitText("Alt-S send to all");
        shell.awaitText("connected to");
        shell.type("/quit");
        shell.press("Enter");
        shell.awaitText("42");
    }

    @Test
    void demo_showsTheScript_andEachCall() throws IOException {
        Tmux.Window demo = chat("team1a", 100, 30, "demo");
        demo.awaitText("would subscribe to ttm4175/chat/team1a/#");
        demo.type("/to team2a");
        demo.press("Enter");
        demo.awaitText("team2a: Hei! I am a script");
        demo.awaitText("would publish to ttm4175/chat/team2a/read");
    }

    @Test
    void plain_andSmallWindows_haveTheLineChat() throws IOException {
        Tmux.Window plain = chat("team1a", 80, 24, "--plain");
        plain.awaitText("team1a>");
        Tmux.Window small = chat("team2a", 59, 15);
        small.awaitText("team2a>");
    }

    @Test
    void wire_showsThePackets_belowTheConversation() throws IOException {
        Tmux.Window one = chat("team1a", 100, 30);
        one.awaitText("connected to");
        one.type("/to team2a");
        one.press("Enter");
        one.awaitText("team2a: ");
        one.type("/wire");
        one.press("Enter");
        one.awaitText("─ wire: Alt-M tells the command");
        one.type("Hei!");
        one.press("Enter");
        one.awaitText("you: Hei!  sent");
        // Later packets may have moved it out of the picture already.
        one.awaitScreen(
                "packets",
                screen -> screen.stream().anyMatch(line -> line.matches(".* (→ (PUBLISH|PUBACK)|← PUBACK) .*")));
        one.type("/wire command");
        one.press("Enter");
        one.awaitText(": mosquitto_");
        one.type("/wire off");
        one.press("Enter");
        one.awaitScreen("no packets", screen -> screen.stream().noneMatch(line -> line.contains("─ wire:")));
    }
}
