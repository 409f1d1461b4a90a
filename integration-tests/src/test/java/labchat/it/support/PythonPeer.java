package labchat.it.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code lab_client.py}, the way a student's program speaks to the broker. */
public final class PythonPeer implements AutoCloseable {

    /** Debian's own, for which python3-paho-mqtt is packaged; another may stand first on the path. */
    public static final Path PYTHON = Path.of("/usr/bin/python3");

    private static final Path PAHO = Path.of("/usr/lib/python3/dist-packages/paho/mqtt/client.py");

    private final TestProcess process;

    private PythonPeer(TestProcess process) {
        this.process = process;
    }

    /** Whether Python and paho-mqtt are there; says so on the console if not. */
    public static boolean isInstalled() {
        return Missing.none("python3 and python3-paho-mqtt", PYTHON, PAHO);
    }

    /**
     * Starts it and waits until it is subscribed to its own tree.
     *
     * @param password empty for a connection without a login
     */
    public static PythonPeer start(Path directory, int port, String id, Optional<String> password) throws IOException {
        Path program = BrokerProcess.root().resolve("integration-tests/src/test/python/lab_client.py");
        PythonPeer peer = new PythonPeer(TestProcess.start(
                directory,
                password.map(secret -> Map.of("LAB_PASSWORD", secret)).orElse(Map.of()),
                List.of(PYTHON.toString(), "-u", program.toString(), "127.0.0.1", Integer.toString(port), id)));
        peer.awaitLine("ready");
        return peer;
    }

    /** Types a command: {@code say <to> <uuid> <text>}, {@code typing <to>} or {@code quit}. */
    public void type(String command) {
        process.say(command);
    }

    /** Waits for it to print exactly this. */
    public void awaitLine(String line) {
        process.awaitLine("\"" + line + "\"", line::equals);
    }

    public TestProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
