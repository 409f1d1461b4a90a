package labchat.broker.config;

import java.util.Locale;
import java.util.Optional;

/** A setting: its name in {@code broker.conf}, its option, what it is unless set, and what it takes. */
public enum Setting {
    BIND_ADDRESS("--bind", "0.0.0.0", "an address of this machine"),
    PORT("--port", "1883", "0 to 65535, 0 for any free port, or off"),
    WEBSOCKET_PORT("--ws-port", "8083", "0 to 65535, 0 for any free port, or off"),
    TLS_PORT("--tls-port", "off", "0 to 65535, 0 for any free port, or off"),
    WSS_PORT("--wss-port", "off", "0 to 65535, 0 for any free port, or off"),
    CERTFILE("--certfile", "none", "a file"),
    KEYFILE("--keyfile", "none", "a file"),
    KEYFILE_PASSWORD_FILE(null, "none", "a file"),
    CAFILE("--cafile", "none", "a file"),
    CRLFILE(null, "none", "a file"),
    REQUIRE_CERTIFICATE(null, "false", "true or false"),
    USE_IDENTITY_AS_USERNAME(null, "false", "true or false"),
    HTTP_PORT("--http-port", "8080", "0 to 65535, 0 for any free port, or off"),
    WEBSOCKET_ORIGINS(null, "none", "any, or origins such as http://localhost:3000 with spaces between"),
    STAFF(null, "none", "names of accounts with spaces between"),
    STAFF_SEES_MESSAGES(null, "false", "true or false"),
    SIGNUP(null, "off", "off, code or open"),
    SIGNUP_CODE_FILE(null, "none", "a file"),
    METRICS(null, "off", "on or off"),
    SYS_INTERVAL(null, "10", "0 to 86400 seconds, 0 for none"),
    PASSWORD_FILE("--users", "users.conf", "a file"),
    ACL_FILE("--acl", "acl.conf", "a file"),
    ALLOW_ANONYMOUS("--allow-anonymous", "false", "true or false"),
    ACL_SUBSCRIBE("--acl-subscribe", "strict", "strict or mosquitto"),
    DATA_DIR("--data", "data", "a directory"),
    CHAT_ROOT("--chat-root", "ttm4175/chat", "a topic without wildcards"),
    LOBBY(null, "lobby", "a room's id, or off"),
    TRAFFIC_LOG("--traffic-log", "traffic.jsonl in data_dir", "a file, or off"),
    TRAFFIC_LOG_PAYLOAD(null, "false", "true or false"),
    TRAFFIC_LOG_MAX_BYTES(null, "64m", "a size of 1k or more, such as 65536, 64k or 64m"),
    TRAFFIC_LOG_KEEP(null, "14", "1 to 1000 files"),
    VALIDATION(null, "enforce", "enforce, warn or off"),
    VERIFY_SENDER(null, "true", "true or false"),
    MAX_PACKET_SIZE(null, "256k", "a size from 1k to 256m, such as 65536, 64k or 1m"),
    MAX_TEXT_LENGTH(null, "4096", "1 to 1000000 characters"),
    CONNECT_TIMEOUT(null, "3", "1 to 300 seconds"),
    MAX_CONNECTIONS(null, "10000", "1 to 1000000"),
    MAX_USER_CONNECTIONS(null, "100", "1 to 1000000"),
    MAX_ADDRESS_CONNECTIONS(null, "2000", "1 to 1000000"),
    MAX_TOPIC_LEVELS(null, "16", "4 to 16 levels"),
    MAX_TOPIC_LENGTH(null, "256", "64 to 256 bytes"),
    MAX_SUBSCRIPTIONS(null, "100", "1 to 100000"),
    MAX_PUBLISH_RATE(null, "1000", "0 to 10000000 a second, 0 for no limit"),
    PUBLISH_BURST(null, "2000", "1 to 10000000"),
    MAX_THROTTLED(null, "60", "1 to 86400 seconds"),
    MAX_QUEUED_BYTES(null, "8m", "a size from 64k to 1g, such as 512k or 8m"),
    MAX_QUEUED_TIME(null, "60", "1 to 86400 seconds"),
    PACKET_TIMEOUT(null, "10", "1 to 300 seconds"),
    MAX_KEEPALIVE(null, "300", "10 to 43000 seconds"),
    MAX_USER_SESSIONS(null, "100", "1 to 100000"),
    PERSISTENT_CLIENT_EXPIRATION(
            null, "30d", "1 or more hours, days, weeks, months or years, such as 12h, 30d, 8w, 6m or 1y"),
    LOGIN_DELAY(null, "500", "0 to 60000 milliseconds"),
    STORE("--store", "on", "on or off"),
    STORE_SYNC(null, "full", "full or normal"),
    RETENTION_DAYS(null, "365", "0 to 36500 days, 0 for ever"),
    RETENTION_SIZE(null, "0", "a size such as 500m or 2g, 0 for no bound"),
    EVENT_LOOPS(null, "0", "0 to 256 threads, 0 to choose by the cores"),
    PASSWORD_ITERATIONS(null, "10000", "1 to 10000000"),
    ALLOW_DEMO_PASSWORDS("--allow-demo-passwords", "false", "true or false");

    private final Optional<String> option;
    private final String standard;
    private final String allowed;

    Setting(String option, String standard, String allowed) {
        this.option = Optional.ofNullable(option);
        this.standard = standard;
        this.allowed = allowed;
    }

    /** The word in {@code broker.conf}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The environment's variable. */
    public String variable() {
        return "LABCHAT_" + name();
    }

    /** The command line's option, if there is one. */
    public Optional<String> option() {
        return option;
    }

    /** What it is unless set, as it would be written. */
    public String standard() {
        return standard;
    }

    /** What it takes, in words. */
    public String allowed() {
        return allowed;
    }

    /** The setting of this word. */
    public static Optional<Setting> ofWord(String word) {
        for (Setting setting : values()) {
            if (setting.word().equals(word)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
