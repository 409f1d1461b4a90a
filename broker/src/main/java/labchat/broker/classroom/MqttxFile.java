package labchat.broker.classroom;

/** A connection in the form that MQTTX imports ("Import data", JSON). */
final class MqttxFile {

    private MqttxFile() {}

    /** The file's text: over TCP, or over TLS if that is all there is, then with the class's {@code ca.crt}. */
    static String of(Slip slip, ClassSettings settings) {
        boolean plain = settings.port().isPresent();
        int port = settings.port().or(settings::tlsPort).orElse(1883);
        return """
                [
                  {
                    "clientId": "mqttx_%1$s",
                    "name": "%1$s",
                    "clean": true,
                    "protocol": "%2$s",
                    "host": "%3$s",
                    "port": %4$d,
                    "keepalive": 60,
                    "connectTimeout": 10,
                    "reconnect": true,
                    "username": "%1$s",
                    "password": "%5$s",
                    "path": "/mqtt",
                    "certType": "%6$s",
                    "ssl": %7$s,
                    "rejectUnauthorized": %7$s,
                    "mqttVersion": "5.0",
                    "unreadMessageCount": 0,
                    "messages": [],
                    "subscriptions": [
                      {"topic": "%8$s/%1$s/#", "qos": 1, "retain": false, "disabled": false}
                    ],
                    "client": {"connected": false},
                    "ca": "%9$s",
                    "cert": "",
                    "key": ""
                  }
                ]
                """.formatted(
                        slip.user(),
                        plain ? "mqtt" : "mqtts",
                        settings.host(),
                        port,
                        slip.password(),
                        plain ? "" : "self",
                        plain ? "false" : "true",
                        settings.chatRoot(),
                        plain ? "" : "ca.crt");
    }
}
