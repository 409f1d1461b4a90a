package labchat.it.reload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import labchat.broker.users.PasswordHash;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;

/** The files of a broker that a test changes, and that broker. */
final class ClassFiles implements AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final Map<String, String> hashes = new LinkedHashMap<>();
    /** A password that is given again must be the same line again. */
    private final Map<String, String> known = new HashMap<>();

    private BrokerProcess broker;
    private int opened;

    ClassFiles(Path directory) {
        this.directory = directory;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Gives an account a password; the file is written by {@link #writeUsers}. */
    ClassFiles user(String name, String password) {
        String line = known.computeIfAbsent(
                name + ":" + password,
                key -> PasswordHash.create(password.getBytes(StandardCharsets.UTF_8), 101, RANDOM)
                        .encoded());
        hashes.put(name, line);
        return this;
    }

    ClassFiles without(String name) {
        hashes.remove(name);
        return this;
    }

    ClassFiles writeUsers() throws IOException {
        String lines = hashes.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue() + "\n")
                .collect(Collectors.joining());
        Files.writeString(file("users.conf"), lines);
        return this;
    }

    ClassFiles rules(String more) throws IOException {
        Files.writeString(
                file("acl.conf"), Files.readString(BrokerProcess.root().resolve("acl.conf")) + more);
        return this;
    }

    ClassFiles settings(String lines) throws IOException {
        Files.writeString(file("broker.conf"), lines);
        return this;
    }

    ClassFiles start() throws IOException {
        broker = BrokerProcess.start(
                directory,
                "--config",
                file("broker.conf").toString(),
                "--users",
                file("users.conf").toString(),
                "--acl",
                file("acl.conf").toString());
        return this;
    }

    BrokerProcess broker() {
        return broker;
    }

    /** A command about this broker. */
    TestProcess command(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", file("data").toString()));
        return BrokerProcess.run(directory, all);
    }

    RawMqtt open(Wire wire) throws IOException {
        opened++;
        return RawMqtt.open(wire, broker.port(wire), "client" + opened);
    }

    RawMqtt login(Wire wire, String user) throws IOException {
        RawMqtt client = open(wire);
        int code = client.connect(Connect.as(wire).clientId(client.name()).login(user, "secret-of-" + user))
                .code();
        if (code != 0) {
            throw new AssertionError("CONNACK for %s: %d".formatted(user, code));
        }
        return client;
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
    }
}
