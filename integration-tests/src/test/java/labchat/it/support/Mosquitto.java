package labchat.it.support;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;

/** Debian's mosquitto: its clients as peers, its broker as the yardstick of our own test client. */
public final class Mosquitto {

    private static final Path BROKER = Path.of("/usr/sbin/mosquitto");
    private static final Path PUB = Path.of("/usr/bin/mosquitto_pub");
    private static final Path SUB = Path.of("/usr/bin/mosquitto_sub");

    private Mosquitto() {}

    /** Whether broker and clients are there; says so on the console if not. */
    public static boolean isInstalled() {
        return Missing.none("mosquitto and mosquitto-clients", BROKER, PUB, SUB);
    }

    /** Starts mosquitto with a listener for TCP and one for WebSocket that let everybody in. */
    public static TestProcess startBroker(Path directory, int port, int webSocketPort) throws IOException {
        Path config = directory.resolve("mosquitto.conf");
        Files.writeString(config, """
                listener %d 127.0.0.1
                listener %d 127.0.0.1
                protocol websockets
                allow_anonymous true
                """.formatted(port, webSocketPort));
        TestProcess broker =
                TestProcess.start(directory, Map.of(), List.of(BROKER.toString(), "-c", config.toString(), "-v"));
        Awaitility.await("mosquitto answers").ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            new Socket(InetAddress.getLoopbackAddress(), webSocketPort).close();
            return true;
        });
        return broker;
    }

    /** Runs mosquitto_sub; what it prints comes line by line, as on a terminal. */
    public static TestProcess sub(Path directory, int port, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("stdbuf", "-oL"));
        command.addAll(command(SUB, port, options));
        return TestProcess.start(directory, Map.of(), command);
    }

    /** Runs mosquitto_pub. */
    public static TestProcess pub(Path directory, int port, String... options) throws IOException {
        return TestProcess.start(directory, Map.of(), command(PUB, port, options));
    }

    private static List<String> command(Path program, int port, String... options) {
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "-h", "127.0.0.1", "-p", Integer.toString(port)));
        command.addAll(List.of(options));
        return command;
    }

    /**
     * A port that was free a moment ago. It lies below those that the system gives to connections and to whoever asks
     * for any port, so that nobody is likely to take it before it is used.
     */
    public static int freePort() throws IOException {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                continue;
            }
        }
        throw new IOException("no free port between 20000 and 32000");
    }
}
