package labchat.it.neverlost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that cannot be written refuses, says why, and goes on by itself when it can; nothing acknowledged is lost. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int QUOTA_EXCEEDED = 0x97;
    private static final int IMPLEMENTATION_SPECIFIC_ERROR = 0x83;
    private static final int DISK_MEGABYTES = 8;
    private static final int FILLER_MEGABYTES = 3;
    private static final int MOST_PUBLISHES = 20_000;
    private static final String TEXT = "x".repeat(3_000);

    @TempDir
    private Path directory;

    private final List<String> acknowledged = new ArrayList<>();

    private Lab lab() throws IOException {
        return new Lab(directory, List.of("team1a", "team2a", "team3a"));
    }

    private int run(String... command) throws IOException {
        try (TestProcess process = TestProcess.start(directory, Map.of(), List.of(command))) {
            return process.exitCode(LONG);
        }
    }

    /** Publishes once; what was acknowledged well is remembered. Gives PUBACK. */
    private Packet publish(RawMqtt sender) throws IOException {
        String uuid = Chat.freshUuid();
        Packet answer = sender.publish(
                Publish.to(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", TEXT, uuid)), 1);
        if (answer.code() == 0) {
            acknowledged.add(uuid);
        }
        return answer;
    }

    private Packet publishUntilRefused(RawMqtt sender) throws IOException {
        for (int i = 0; i < MOST_PUBLISHES; i++) {
            Packet answer = publish(sender);
            if (answer.code() != 0) {
                return answer;
            }
        }
        throw new AssertionError("never refused");
    }

    private void awaitRefused(RawMqtt sender) {
        Awaitility.await().atMost(LONG).until(() -> publish(sender).code() != 0);
    }

    private void awaitAcknowledged(RawMqtt sender) {
        Awaitility.await().atMost(LONG).until(() -> publish(sender).code() == 0);
    }

    private static List<String> toldStaff(BrokerProcess broker) {
        return broker.process().stderr().stream()
                .filter(line -> line.contains("chat.db cannot be written"))
                .toList();
    }

    /** Version 3 has no word for it. */
    private static void expectClosedWithoutAnswer(BrokerProcess broker) throws IOException {
        try (RawMqtt old = Lab.login(broker, Wire.TCP_V3, "team3a")) {
            old.send(Publish.to(Chat.messageTopic("team2a"), Chat.message("team3a", "team2a", "Hei!"))
                    .qos(1, 1)
                    .encode(old.wire()));
            old.expectClosed();
            assertThat(old.kept()).noneMatch(packet -> packet.type() == Type.PUBACK);
        }
    }

    /** All that was acknowledged waits for its receiver, and stands in the store once. */
    private void expectNothingLost(Lab lab, BrokerProcess broker) throws IOException, SQLException {
        try (RawMqtt receiver = Lab.receiver(broker, Wire.TCP_V5, "team2a", 1)) {
            Set<String> left = new HashSet<>(acknowledged);
            while (!left.isEmpty()) {
                String text = receiver.message().text();
                left.remove(text.substring(text.indexOf("\"uuid\":\"") + 8, text.lastIndexOf('"')));
            }
        }
        Lab.stop(broker);
        try (ChatDb db = new ChatDb(lab.chatDb())) {
            assertThat(db.integrity()).isEqualTo("ok");
            List<String> kept = db.events().stream().map(Outgoing.Key::uuid).toList();
            assertThat(kept).doesNotHaveDuplicates().containsAll(acknowledged);
        }
    }

    private void expectRefusedAndExplained(BrokerProcess broker, RawMqtt sender, Packet refused) throws IOException {
        assertThat(refused.props().text(Prop.REASON_STRING))
                .hasValueSatisfying(reason -> assertThat(reason).contains("the server cannot keep messages"));
        assertThat(sender.diagnostics().text()).contains("\"code\":\"store_failed\"");
        for (int i = 0; i < 20; i++) {
            assertThat(publish(sender).code()).isIn(QUOTA_EXCEEDED, IMPLEMENTATION_SPECIFIC_ERROR);
        }
        expectClosedWithoutAnswer(broker);
        assertThat(toldStaff(broker)).as(broker.process().describe("one line")).hasSize(1);
    }

    /** What is left of the disk too, so that the store cannot help itself by tidying up. */
    private static Path fillUp(Path data) throws IOException {
        Path rest = data.resolve("rest");
        try (OutputStream out = Files.newOutputStream(rest)) {
            byte[] page = new byte[4_096];
            for (int i = 0; i < DISK_MEGABYTES << 8; i++) {
                out.write(page);
            }
            throw new AssertionError("the disk is larger than asked for");
        } catch (IOException e) {
            return rest;
        }
    }

    @Test
    void diskFull_refusesAndLosesNothing_thenGoesOnByItself() throws Exception {
        Lab lab = lab();
        Path data = Files.createDirectory(directory.resolve("data"));
        boolean mounted =
                run("mount", "-t", "tmpfs", "-o", "size=%dm".formatted(DISK_MEGABYTES), "tmpfs", data.toString()) == 0;
        if (!mounted) {
            System.out.println("FullDiskIT: no small disk, because this user may not mount one");
        }
        assumeThat(mounted).as("may mount a tmpfs").isTrue();
        try {
            Path filler = Files.write(data.resolve("filler"), new byte[FILLER_MEGABYTES << 20]);
            try (BrokerProcess broker = lab.start();
                    RawMqtt sender = Lab.receiver(broker, Wire.TCP_V5, "team1a", 1)) {
                Packet refused = publishUntilRefused(sender);
                assertThat(refused.code()).isEqualTo(QUOTA_EXCEEDED);
                Path rest = fillUp(data);
                expectRefusedAndExplained(broker, sender, refused);
                assertThat(toldStaff(broker).get(0))
                        .contains("the disk is full")
                        .contains("free some space");
                Files.delete(filler);
                Files.delete(rest);
                awaitAcknowledged(sender);
                assertThat(acknowledged.size()).isGreaterThan(100);
                expectNothingLost(lab, broker);
            }
        } finally {
            run("umount", data.toString());
        }
    }

    @Test
    void fileNotAllowedToGrow_refusesAndLosesNothing_thenGoesOnByItself() throws Exception {
        Lab lab = lab();
        Path prlimit = Path.of("/usr/bin/prlimit");
        if (!Files.isExecutable(prlimit)) {
            System.out.println("FullDiskIT: no limit on files, because there is no " + prlimit);
        }
        assumeThat(prlimit).isExecutable();
        try (BrokerProcess broker = lab.start();
                RawMqtt sender = Lab.receiver(broker, Wire.TCP_V5, "team1a", 1)) {
            for (int i = 0; i < 200; i++) {
                assertThat(publish(sender).code()).isZero();
            }
            String process = Long.toString(broker.process().pid());
            assertThat(run(prlimit.toString(), "--pid", process, "--fsize=4096:"))
                    .isZero();
            Packet refused = publishUntilRefused(sender);
            assertThat(refused.code()).isIn(QUOTA_EXCEEDED, IMPLEMENTATION_SPECIFIC_ERROR);
            expectRefusedAndExplained(broker, sender, refused);
            assertThat(run(prlimit.toString(), "--pid", process, "--fsize=unlimited:"))
                    .isZero();
            awaitAcknowledged(sender);
            expectNothingLost(lab, broker);
        }
    }

    @Test
    void fileTakenAway_refuses_andPutBack_goesOn() throws Exception {
        Lab lab = lab();
        try (BrokerProcess broker = lab.start();
                RawMqtt sender = Lab.receiver(broker, Wire.TCP_V5, "team1a", 1)) {
            assertThat(publish(sender).code()).isZero();
            Path elsewhere = Files.move(lab.chatDb(), directory.resolve("elsewhere.db"));
            awaitRefused(sender);
            assertThat(sender.diagnostics().text()).contains("store_failed").contains("the file is gone");
            expectClosedWithoutAnswer(broker);
            assertThat(toldStaff(broker))
                    .singleElement()
                    .asString()
                    .contains("the file is gone")
                    .contains("put the file back");
            assertThat(lab.chatDb()).as("no empty file in its place").doesNotExist();
            Files.move(elsewhere, lab.chatDb());
            awaitAcknowledged(sender);
            expectNothingLost(lab, broker);
        }
    }

    @Test
    void fileDeleted_refuses_andMakesNoOtherInItsPlace() throws Exception {
        Lab lab = lab();
        try (BrokerProcess broker = lab.start();
                RawMqtt sender = Lab.receiver(broker, Wire.TCP_V5, "team1a", 1)) {
            assertThat(publish(sender).code()).isZero();
            Files.delete(lab.chatDb());
            awaitRefused(sender);
            assertThat(publish(sender).code()).isEqualTo(IMPLEMENTATION_SPECIFIC_ERROR);
            assertThat(toldStaff(broker)).hasSize(1);
            assertThat(lab.chatDb()).doesNotExist();
            Lab.stop(broker);
            assertThat(lab.chatDb()).doesNotExist();
        }
    }

    @Test
    void damagedFile_atStart_isOneLine_andTheFileStays() throws Exception {
        Lab lab = lab();
        try (BrokerProcess broker = lab.start();
                RawMqtt sender = Lab.login(broker, Wire.TCP_V5, "team1a")) {
            for (int i = 0; i < 20; i++) {
                assertThat(publish(sender).code()).isZero();
            }
            Lab.stop(broker);
        }
        byte[] good = Files.readAllBytes(lab.chatDb());
        byte[] holed = good.clone();
        for (int i = 4_096; i < good.length; i++) {
            holed[i] = (byte) (i % 251);
        }
        for (byte[] bad : List.of(holed, "not a database at all, but long enough".getBytes(StandardCharsets.UTF_8))) {
            Files.write(lab.chatDb(), bad, StandardOpenOption.TRUNCATE_EXISTING);
            expectRefusesToStart(lab, bad);
        }
        Files.write(lab.chatDb(), good, StandardOpenOption.TRUNCATE_EXISTING);
        try (BrokerProcess broker = lab.start()) {
            expectNothingLost(lab, broker);
        }
    }

    private void expectRefusesToStart(Lab lab, byte[] contents) throws IOException {
        Path data = lab.chatDb().getParent();
        List<String> arguments = List.of(
                "serve",
                "--bind",
                "127.0.0.1",
                "--port",
                "0",
                "--ws-port",
                "0",
                "--http-port",
                "0",
                "--users",
                directory.resolve("users.conf").toString(),
                "--acl",
                BrokerProcess.root().resolve("acl.conf").toString(),
                "--data",
                data.toString());
        try (TestProcess process = BrokerProcess.run(directory, arguments)) {
            assertThat(process.exitCode(LONG)).as(process.describe("exit code")).isEqualTo(1);
            assertThat(process.stdout()).isEmpty();
            assertThat(process.stderr())
                    .as(process.describe("one line"))
                    .singleElement()
                    .asString()
                    .contains(lab.chatDb().toString())
                    .contains("restore");
        }
        assertThat(Files.readAllBytes(lab.chatDb())).isEqualTo(contents);
    }
}
