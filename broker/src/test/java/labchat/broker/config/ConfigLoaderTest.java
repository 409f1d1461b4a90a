package labchat.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {

    @TempDir
    private Path dir;

    private ConfigLoader.Loaded load(String file, Map<String, String> environment, Map<Setting, String> options)
            throws Exception {
        Path path = Files.writeString(dir.resolve("broker.conf"), file);
        return ConfigLoader.load(options, environment, Optional.of(path), Optional.empty());
    }

    private BrokerConfig good(String file) throws Exception {
        ConfigLoader.Loaded loaded = load(file, Map.of(), Map.of());
        assertThat(loaded.problems()).isEmpty();
        return loaded.config();
    }

    /** The problems, without the directory in front of the file's name. */
    private List<String> problems(ConfigLoader.Loaded loaded) {
        return loaded.problems().stream()
                .map(problem -> problem.toString().replace(dir + "/", ""))
                .toList();
    }

    private List<String> problems(String file) throws Exception {
        return problems(load(file, Map.of(), Map.of()));
    }

    @Test
    void settings_unlessSet_areAsDocumented() throws Exception {
        assertThat(good(""))
                .isEqualTo(new BrokerConfig(
                        "0.0.0.0",
                        Optional.of(1883),
                        Optional.of(8083),
                        TlsConfig.OFF,
                        new WebConfig(Optional.of(8080), List.of(), false, SignUp.OFF, Optional.empty(), false),
                        Path.of("users.conf"),
                        Path.of("acl.conf"),
                        false,
                        AclSubscribe.STRICT,
                        Path.of("data"),
                        ChatTopics.DEFAULT,
                        Optional.of(new ChatId("lobby")),
                        Optional.of(Path.of("data/traffic.jsonl")),
                        false,
                        67_108_864,
                        14,
                        ValidationMode.ENFORCE,
                        true,
                        262_144,
                        4096,
                        Duration.ofSeconds(3),
                        Limits.STANDARD,
                        new StoreConfig(true, StoreSync.FULL, Duration.ofDays(365), 0),
                        0,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        false));
    }

    @Test
    void file_withEverySetting_isTaken() throws Exception {
        BrokerConfig config = good("""
                # all of them
                bind_address 127.0.0.1
                port 0
                websocket_port off
                tls_port 8883
                wss_port 8084
                certfile server.crt
                keyfile server.key
                keyfile_password_file key.pw
                cafile ca.crt
                crlfile ca.crl
                require_certificate true
                use_identity_as_username true
                http_port 8088
                staff kashish  teacher
                staff_sees_messages true
                signup code
                signup_code_file code.txt
                metrics on
                  password_file   /etc/my users.conf
                acl_file a.conf\t
                allow_anonymous true
                acl_subscribe mosquitto
                data_dir /var/lib/labchat
                chat_root lab/chat
                lobby everybody
                traffic_log off
                traffic_log_payload true
                traffic_log_max_bytes 2m
                traffic_log_keep 3
                validation warn
                verify_sender false
                max_packet_size 64k
                max_text_length 100
                connect_timeout 10
                max_connections 1
                max_user_connections 2
                max_address_connections 3
                max_topic_levels 4
                max_topic_length 65
                max_subscriptions 6
                max_publish_rate 7
                publish_burst 8
                max_throttled 9
                max_queued_bytes 1m
                max_queued_time 11
                packet_timeout 12
                max_keepalive 13
                login_delay 14
                max_user_sessions 15
                persistent_client_expiration 16d
                store off
                store_sync normal
                retention_days 17
                retention_size 18g
                event_loops 2
                sys_interval 19
                password_iterations 101
                allow_demo_passwords true
                """);

        assertThat(config)
                .isEqualTo(new BrokerConfig(
                        "127.0.0.1",
                        Optional.of(0),
                        Optional.empty(),
                        new TlsConfig(
                                Optional.of(8883),
                                Optional.of(8084),
                                Optional.of(Path.of("server.crt")),
                                Optional.of(Path.of("server.key")),
                                Optional.of(Path.of("key.pw")),
                                Optional.of(Path.of("ca.crt")),
                                Optional.of(Path.of("ca.crl")),
                                true,
                                true),
                        new WebConfig(
                                Optional.of(8088),
                                List.of("kashish", "teacher"),
                                true,
                                SignUp.CODE,
                                Optional.of(Path.of("code.txt")),
                                true),
                        Path.of("/etc/my users.conf"),
                        Path.of("a.conf"),
                        true,
                        AclSubscribe.MOSQUITTO,
                        Path.of("/var/lib/labchat"),
                        new ChatTopics("lab/chat"),
                        Optional.of(new ChatId("everybody")),
                        Optional.empty(),
                        true,
                        2_097_152,
                        3,
                        ValidationMode.WARN,
                        false,
                        65_536,
                        100,
                        Duration.ofSeconds(10),
                        new Limits(
                                1,
                                2,
                                3,
                                4,
                                65,
                                6,
                                7,
                                8,
                                Duration.ofSeconds(9),
                                1 << 20,
                                Duration.ofSeconds(11),
                                Duration.ofSeconds(12),
                                Duration.ofSeconds(13),
                                Duration.ofMillis(14),
                                15,
                                Duration.ofDays(16)),
                        new StoreConfig(false, StoreSync.NORMAL, Duration.ofDays(17), 18L << 30),
                        2,
                        Duration.ofSeconds(19),
                        Optional.empty(),
                        true));
    }

    @Test
    void option_winsOverEnvironmentOverFile() throws Exception {
        Map<String, String> environment =
                Map.of("LABCHAT_PORT", "2", "LABCHAT_DATA_DIR", "env", "LABCHAT_ACL_FILE", "");
        ConfigLoader.Loaded loaded =
                load("port 1\ndata_dir file\nacl_file file\n", environment, Map.of(Setting.PORT, "3"));

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().port()).contains(3);
        assertThat(loaded.config().dataDir()).isEqualTo(Path.of("env"));
        assertThat(loaded.config().aclFile()).isEqualTo(Path.of("file"));
    }

    @Test
    void trafficLog_unlessSet_isInTheDataDirectory() throws Exception {
        assertThat(good("data_dir /d\n").trafficLog()).contains(Path.of("/d/traffic.jsonl"));
        assertThat(good("data_dir /d\ntraffic_log t.jsonl\n").trafficLog()).contains(Path.of("t.jsonl"));
    }

    @Test
    void passwordIterations_areLoaded() throws Exception {
        assertThat(load("", Map.of(), Map.of()).passwordIterations()).isEqualTo(10_000);
        assertThat(load("password_iterations 7\n", Map.of(), Map.of()).passwordIterations())
                .isEqualTo(7);
    }

    @Test
    void readyFile_isPassedOn() {
        Optional<Path> ready = Optional.of(Path.of("ready.json"));

        assertThat(ConfigLoader.load(Map.of(), Map.of(), Optional.empty(), ready)
                        .config()
                        .readyFile())
                .isEqualTo(ready);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "prot 1883~unknown setting \"prot\"; did you mean port?",
                "listener 1883~unknown setting \"listener\"; did you mean port?",
                "Port 1883~unknown setting \"Port\"; did you mean port?",
                "port~port has no value; expected 0 to 65535, 0 for any free port, or off",
                "port x~port: \"x\"; expected 0 to 65535, 0 for any free port, or off",
                "port -1~port: \"-1\"; expected 0 to 65535, 0 for any free port, or off",
                "port 65536~port: \"65536\"; expected 0 to 65535, 0 for any free port, or off",
                "port 8083~websocket_port: 8083 is port already; choose another",
                "http_port 8083~http_port: 8083 is websocket_port already; choose another",
                "http_port 70000~http_port: \"70000\"; expected 0 to 65535, 0 for any free port, or off",
                "crlfile ca.crl~crlfile: needs cafile, and require_certificate or use_identity_as_username: without them no client is asked for a certificate",
                "require_certificate true~require_certificate: needs cafile too: who signs clients' certificates",
                "websocket_origins http://a/b~websocket_origins: \"http://a/b\"; expected any, or origins such as"
                        + " http://localhost:3000 with spaces between",
                "signup perhaps~signup: \"perhaps\"; expected off, code or open",
                "signup code~signup: code needs signup_code_file too: a file whose first line is the code",
                "allow_anonymous yes~allow_anonymous: \"yes\"; expected true or false",
                "acl_subscribe lax~acl_subscribe: \"lax\"; expected strict or mosquitto",
                "lobby a b~lobby: an id has letters A-Z a-z, digits, _ and - only, found ' ' at index 1",
                "lobby server~lobby: \"server\" is the server's own id; choose another, or off",
                "chat_root a/#~chat_root: chat root \"a/#\": a topic to publish to has no wildcard, found '#' at index 2",
                "traffic_log_max_bytes 1~traffic_log_max_bytes: \"1\"; expected a size of 1k or more, such as 65536, 64k or"
                        + " 64m",
                "traffic_log_max_bytes m~traffic_log_max_bytes: \"m\"; expected a size of 1k or more, such as 65536, 64k or"
                        + " 64m",
                "traffic_log_keep 0~traffic_log_keep: \"0\"; expected 1 to 1000 files",
                "validation on~validation: \"on\"; expected enforce, warn or off",
                "max_packet_size 257m~max_packet_size: \"257m\"; expected a size from 1k to 256m, such as 65536, 64k or 1m",
                "max_text_length 0~max_text_length: \"0\"; expected 1 to 1000000 characters",
                "connect_timeout 301~connect_timeout: \"301\"; expected 1 to 300 seconds",
                "sys_interval -1~sys_interval: \"-1\"; expected 0 to 86400 seconds, 0 for none",
                "event_loops 257~event_loops: \"257\"; expected 0 to 256 threads, 0 to choose by the cores",
                "bind_address not an address~bind_address: \"not an address\"; expected an address of this machine"
            })
    void line_malformed_isAProblemThatSaysWhatIsAllowed(String line, String message) throws Exception {
        // What belongs to no line is said without one.
        assertThat(problems(line + "\n")).singleElement().isIn("broker.conf:1: " + message, message);
    }

    @Test
    void setting_unlikeAllOthers_isAProblemThatListsThem() throws Exception {
        assertThat(problems("xyzzy 1\n"))
                .singleElement()
                .asString()
                .startsWith("broker.conf:1: unknown setting \"xyzzy\"; known are bind_address, port, websocket_port");
    }

    @Test
    void setting_repeated_isAProblemWithBothLines() throws Exception {
        assertThat(problems("port 1\n\nport 2\n"))
                .containsExactly("broker.conf:3: port is already set in line 1; remove one of the two");
    }

    @Test
    void ports_allOff_areAProblem() throws Exception {
        assertThat(problems("port off\nwebsocket_port off\n"))
                .containsExactly("broker.conf:1: port: is off, and so are all others for MQTT; nobody could connect");
    }

    @Test
    void problems_ofAllSources_areReportedTogether() throws Exception {
        ConfigLoader.Loaded loaded =
                load("prot 1\nvalidation maybe\n", Map.of("LABCHAT_EVENT_LOOPS", "many"), Map.of(Setting.PORT, "x"));

        assertThat(problems(loaded))
                .containsExactly(
                        "broker.conf:1: unknown setting \"prot\"; did you mean port?",
                        "--port: \"x\"; expected 0 to 65535, 0 for any free port, or off",
                        "broker.conf:2: validation: \"maybe\"; expected enforce, warn or off",
                        "LABCHAT_EVENT_LOOPS: \"many\"; expected 0 to 256 threads, 0 to choose by the cores");
    }

    @Test
    void file_named_mustBeThere() {
        ConfigLoader.Loaded loaded =
                ConfigLoader.load(Map.of(), Map.of(), Optional.of(dir.resolve("none.conf")), Optional.empty());

        assertThat(loaded.problems()).singleElement().asString().contains("none.conf: no such file", "--config");
    }

    @Test
    void option_empty_isAProblem() throws Exception {
        assertThat(problems(load("", Map.of(), Map.of(Setting.ACL_FILE, " "))))
                .containsExactly("--acl: has no value; expected a file");
    }

    @Test
    void bindAddress_byName_isKeptAsAddress() throws Exception {
        assertThat(good("bind_address localhost\n").bindAddress()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void withBindAddress_changesNothingElse() throws Exception {
        BrokerConfig config = good("port 7\n");

        assertThat(config.withBindAddress("127.0.0.1").bindAddress()).isEqualTo("127.0.0.1");
        assertThat(config.withBindAddress("127.0.0.1").withBindAddress("0.0.0.0"))
                .isEqualTo(config);
    }
}
