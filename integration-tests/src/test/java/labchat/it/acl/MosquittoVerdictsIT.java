package labchat.it.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import labchat.broker.acl.AclFile;
import labchat.broker.acl.AclSubject;
import labchat.broker.acl.CompiledAclPolicy;
import labchat.broker.config.AclSubscribe;
import labchat.broker.users.PasswordHash;
import labchat.broker.users.UsersFile;
import labchat.broker.users.UsersFileEditor;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Mosquitto;
import labchat.it.support.TestProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Mosquitto, given the same two files, says the same. */
@EnabledIf("labchat.it.support.Mosquitto#isInstalled")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MosquittoVerdictsIT {

    private static final long SEED = 20261120;
    private static final Path BROKER = Path.of("/usr/sbin/mosquitto");
    private static final Path PASSWD = Path.of("/usr/bin/mosquitto_passwd");
    private static final List<String> LEVELS = List.of("a", "ann", "c1", "");

    private static final List<AclSubject> SUBJECTS = List.of(
            new AclSubject(Optional.of("ann"), "c1"),
            new AclSubject(Optional.of("ann"), "c/2"),
            new AclSubject(Optional.of("bob of lab"), "ann"),
            new AclSubject(Optional.of("a+b"), "c3"),
            new AclSubject(Optional.of("ann"), "c#4"),
            new AclSubject(Optional.empty(), "c1"));

    private static final String EVERY_RULE = """
            # Nameless clients only.
            topic read a/a
            topic write c1/#
            topic deny c1/ann
            user ann
            topic a/c1
            topic deny a/c1/ann
            topic readwrite a/c1/#
            topic read read
            pattern read %u/#
            pattern write +/%c/a
            topic write ann/
              topic   read   ann/+/c1  \s
            pattern deny a/+
            user bob of lab
            topic read a/+
            topic deny #
            pattern readwrite a/a
            user ann
            topic read /ann
            pattern /+/+
            user a+b
            topic read a/#
            """;

    @TempDir
    private Path dir;

    private final Random random = new Random(SEED);

    @Test
    void verdicts_ofAFileWithEveryRule_areMosquittos() throws Exception {
        compare(EVERY_RULE);
    }

    @Test
    void verdicts_ofTheRepositorysFile_areMosquittos() throws Exception {
        compare(Files.readString(BrokerProcess.root().resolve("acl.conf")).replace("ttm4175/chat", "a"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void verdicts_ofRandomFiles_areMosquittos(int file) throws Exception {
        random.setSeed(SEED + file);
        compare(anyFile());
    }

    private String anyFile() {
        List<String> accesses = List.of("read ", "write ", "readwrite ", "deny ", "");
        List<String> words = List.of("+", "+", "a", "ann", "c1", "");
        List<String> patternWords = List.of("+", "+", "a", "ann", "%u", "%c");
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            boolean pattern = random.nextInt(3) == 0;
            if (random.nextInt(4) == 0) {
                file.append("user ")
                        .append(any(List.of("ann", "bob of lab", "a+b")))
                        .append('\n');
            }
            List<String> levels = new ArrayList<>();
            int depth = 1 + random.nextInt(3);
            for (int level = 0; level < depth; level++) {
                levels.add(any(pattern ? patternWords : words));
            }
            if (random.nextInt(3) == 0) {
                levels.set(depth - 1, "#");
            }
            String filter = String.join("/", levels);
            file.append(pattern ? "pattern " : "topic ").append(any(accesses));
            file.append(filter.isEmpty() ? "a" : filter).append('\n');
        }
        return file.toString();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Publishes and reads as everybody everywhere, and compares with the policy. */
    private void compare(String rules) throws Exception {
        String file = rules + "user source\ntopic #\n";
        Path aclFile = Files.writeString(dir.resolve("acl.conf"), file);
        AclFile acl = AclFile.read(aclFile);
        assertThat(acl.problems()).isEmpty();
        CompiledAclPolicy policy = new CompiledAclPolicy(acl.rules(), AclSubscribe.MOSQUITTO, 1);

        int port = Mosquitto.freePort();
        try (TestProcess broker = start(port)) {
            Mqtt5BlockingClient source = connect(port, Optional.of("source"), "source");
            for (AclSubject subject : SUBJECTS) {
                compare(policy, subject, port, source, file);
            }
            source.disconnect();
            assertThat(broker.isAlive()).isTrue();
        }
    }

    private static void compare(
            CompiledAclPolicy policy, AclSubject subject, int port, Mqtt5BlockingClient source, String file)
            throws InterruptedException {
        Set<String> mayWrite = new TreeSet<>();
        Set<String> mayRead = new TreeSet<>();
        for (String topic : topics()) {
            if (policy.publish(subject, topic).isAllowed()) {
                mayWrite.add(topic);
            }
            if (policy.read(subject, topic).isAllowed()) {
                mayRead.add(topic);
            }
        }
        Mqtt5BlockingClient client = connect(port, subject.user(), subject.clientId());
        Set<String> written = new TreeSet<>();
        for (String topic : topics()) {
            if (publish(client, topic)) {
                written.add(topic);
            }
        }
        Set<String> received = new TreeSet<>();
        try (Mqtt5BlockingClient.Mqtt5Publishes messages = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter("#").qos(MqttQos.AT_MOST_ONCE).send();
            for (String topic : topics()) {
                assertThat(publish(source, topic)).isTrue();
            }
            // What was sent at QoS 0 before the UNSUBACK is on this side when that is.
            client.unsubscribeWith().topicFilter("#").send();
            for (Optional<Mqtt5Publish> message = next(messages); message.isPresent(); message = next(messages)) {
                received.add(message.get().getTopic().toString());
            }
        }
        client.disconnect();

        assertThat(mayWrite).as("what %s may write under%n%s", subject, file).isEqualTo(written);
        assertThat(mayRead).as("what %s may read under%n%s", subject, file).isEqualTo(received);
    }

    private static Optional<Mqtt5Publish> next(Mqtt5BlockingClient.Mqtt5Publishes messages)
            throws InterruptedException {
        return messages.receive(200, TimeUnit.MILLISECONDS);
    }

    /** All topics of up to three levels. */
    private static List<String> topics() {
        List<String> topics = new ArrayList<>();
        for (String first : LEVELS) {
            for (String second : LEVELS) {
                topics.add(first + "/" + second);
                for (String third : LEVELS) {
                    topics.add(first + "/" + second + "/" + third);
                }
            }
            if (!first.isEmpty()) {
                topics.add(first);
            }
        }
        topics.add("read");
        return topics;
    }

    /** Whether Mosquitto took it: version 5 says so in its PUBACK. */
    private static boolean publish(Mqtt5BlockingClient client, String topic) {
        try {
            client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
            return true;
        } catch (Mqtt5PubAckException e) {
            return false;
        }
    }

    private TestProcess start(int port) throws Exception {
        Path users = dir.resolve("users.conf");
        if (!Files.exists(users)) {
            for (String user : List.of("ann", "bob of lab", "a+b", "source")) {
                new UsersFileEditor(users).add(user, hash(user));
            }
        }
        // As the superuser it would become another user, who may not read the password file.
        Path config =
                Files.writeString(dir.resolve("mosquitto.conf"), """
                listener %d 127.0.0.1
                allow_anonymous true
                user root
                password_file %s
                acl_file %s
                """.formatted(port, users, dir.resolve("acl.conf")));
        TestProcess broker = TestProcess.start(dir, Map.of(), List.of(BROKER.toString(), "-c", config.toString()));
        Awaitility.await("mosquitto answers").ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        return broker;
    }

    private static PasswordHash hash(String password) {
        return PasswordHash.create(password.getBytes(StandardCharsets.UTF_8), 20, new SecureRandom());
    }

    private static Mqtt5BlockingClient connect(int port, Optional<String> user, String clientId) {
        return connect(port, user, clientId, user.orElse(""));
    }

    private static Mqtt5BlockingClient connect(int port, Optional<String> user, String clientId, String password) {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverHost("127.0.0.1")
                .serverPort(port)
                .identifier(clientId)
                .buildBlocking();
        if (user.isPresent()) {
            client.connectWith()
                    .simpleAuth()
                    .username(user.get())
                    .password(password.getBytes(StandardCharsets.UTF_8))
                    .applySimpleAuth()
                    .send();
        } else {
            client.connect();
        }
        return client;
    }

    @Test
    void passwords_hashedHere_logInToMosquittoAndOthersDoNot() throws Exception {
        Files.writeString(dir.resolve("acl.conf"), "");
        int port = Mosquitto.freePort();
        try (TestProcess broker = start(port)) {
            connect(port, Optional.of("bob of lab"), "c1").disconnect();

            assertThatThrownBy(() -> connect(port, Optional.of("ann"), "c1", "Ann"))
                    .isInstanceOf(Mqtt5ConnAckException.class);
            assertThat(broker.isAlive()).isTrue();
        }
    }

    @Test
    void usersOfTheRepository_logInToMosquitto() throws Exception {
        Files.writeString(dir.resolve("acl.conf"), "");
        Files.copy(BrokerProcess.root().resolve("users.conf"), dir.resolve("users.conf"));
        int port = Mosquitto.freePort();
        try (TestProcess broker = start(port)) {
            for (String user : UsersFile.read(dir.resolve("users.conf")).names()) {
                connect(port, Optional.of(user), "c-" + user).disconnect();
            }
            assertThat(broker.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha512", "sha512-pbkdf2"})
    void passwords_hashedByMosquitto_areVerifiedHere(String form) throws Exception {
        Path users = dir.resolve("users.conf");
        List<String> command = List.of(PASSWD.toString(), "-H", form, "-b", "-c", users.toString(), "ann", "Blåbær!");
        try (TestProcess process = TestProcess.start(dir, Map.of("LC_ALL", "C.UTF-8"), command)) {
            process.exitCode(Duration.ofSeconds(20));
        }
        UsersFile file = UsersFile.read(users);

        assertThat(file.problems()).isEmpty();
        assertThat(file.hash("ann").orElseThrow().verify("Blåbær!".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(file.hash("ann").orElseThrow().verify("Blåbær".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }
}
