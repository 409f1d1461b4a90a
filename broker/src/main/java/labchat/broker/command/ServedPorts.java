package labchat.broker.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import labchat.broker.BrokerApp;

/** Where a running broker answers; a port that is off is empty. */
record ServedPorts(
        OptionalInt mqtt, OptionalInt websocket, OptionalInt tls, OptionalInt secureWebsocket, OptionalInt http) {

    static ServedPorts of(BrokerApp app) {
        return new ServedPorts(
                app.mqttPort(), app.websocketPort(), app.tlsPort(), app.secureWebsocketPort(), app.httpPort());
    }

    /** By the names that the ready file has for them. */
    Map<String, OptionalInt> byName() {
        Map<String, OptionalInt> ports = new LinkedHashMap<>();
        ports.put("mqtt", mqtt);
        ports.put("ws", websocket);
        ports.put("tls", tls);
        ports.put("wss", secureWebsocket);
        ports.put("http", http);
        return ports;
    }
}
