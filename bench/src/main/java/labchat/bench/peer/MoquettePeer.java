package labchat.bench.peer;

import io.moquette.broker.Server;
import io.moquette.broker.config.MemoryConfig;
import java.io.IOException;
import java.util.List;
import java.util.Properties;

/**
 * A bare Moquette, with its own settings but for the telemetry, which lets everybody in and asks no rule. Its jar is not in
 * bench.jar: it runs with broker.jar on the class path.
 */
public final class MoquettePeer {

    private MoquettePeer() {}

    /** @param arguments the port */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Properties settings = new Properties();
        settings.setProperty("host", "127.0.0.1");
        settings.setProperty("port", arguments[0]);
        settings.setProperty("websocket_port", "disabled");
        settings.setProperty("persistence_enabled", "false");
        settings.setProperty("telemetry_enabled", "false");
        settings.setProperty("allow_zero_byte_client_id", "true");
        new Server().startServer(new MemoryConfig(settings), List.of(), null, (client, user, password) -> true, null);
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
