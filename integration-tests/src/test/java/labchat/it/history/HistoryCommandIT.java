package labchat.it.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.sqlite.SqliteSettings;
import labchat.broker.store.sqlite.SqliteStore;
import labchat.it.support.BrokerProcess;
import labchat.it.support.TestProcess;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker.jar history}: docs/staff.md. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HistoryCommandIT {

    private static final Duration END = Duration.ofSeconds(30);
    private static final ChatId TEAM1A = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    private Path dir;

    /** What a process said and how it ended. */
    private record Ended(int exitCode, List<String> out, List<String> err) {}

    private Ended run(String input, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("history"));
        all.addAll(List.of(arguments));
        try (TestProcess process = BrokerProcess.run(dir, all)) {
            if (!input.isEmpty()) {
                process.say(input);
            }
            return new Ended(process.exitCode(END), process.stdout(), process.stderr());
        }
    }

    /** As a broker has it open; closing it is leaving it. */
    private SqliteStore store() throws InterruptedException {
        SqliteStore store = SqliteStore.open(dir.resolve("data/chat.db"), SqliteSettings.STANDARD, Clock.systemUTC());
        keep(store, NOON, message(TEAM1A, TEAM2A, "Blåbær, 😀 \"x\"", "one"));
        keep(store, NOON.plusSeconds(1), new Receipt(ChatKind.READ, TEAM2A, TEAM1A, new MessageUuid("one")));
        keep(store, NOON.plusSeconds(2), message(TEAM2A, TEAM1A, "=1+1", "two"));
        keep(store, NOON.plusSeconds(3), message(TEAM2A, new ChatId("team3a"), "others'", "three"));
        return store;
    }

    private static ChatMessage message(ChatId from, ChatId to, String text, String uuid) {
        return new ChatMessage(from, to, text, new MessageUuid(uuid));
    }

    private static void keep(SqliteStore store, Instant time, ChatEvent event) throws InterruptedException {
        byte[] payload = new ChatCodec(ProtocolLimits.DEFAULT).encode(event);
        CountDownLatch safe = new CountDownLatch(1);
        store.messages()
                .append(new AcceptedPublish(time, event, false, payload, 1, new byte[0]), new MessageStore.Outcome() {
                    @Override
                    public void durable() {
                        safe.countDown();
                    }

                    @Override
                    public void failed() {
                        // The test's timeout tells.
                    }
                });
        safe.await();
    }

    @Test
    void export_whileABrokerRuns_isEverythingThatIsAcknowledged() throws Exception {
        SqliteStore running = store();
        try {
            Ended ended = run("", "export");

            assertThat(ended.err()).isEmpty();
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.out())
                    .containsExactly(
                            "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"Blåbær, 😀 \\\"x\\\"\","
                                    + "\"uuid\":\"one\",\"sent\":\"2026-11-20T12:00:00.000Z\",\"delivered\":null,"
                                    + "\"read\":\"2026-11-20T12:00:01.000Z\"}",
                            "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"message\":\"=1+1\",\"uuid\":\"two\","
                                    + "\"sent\":\"2026-11-20T12:00:02.000Z\",\"delivered\":null,\"read\":null}",
                            "{\"sender\":\"team2a\",\"receiver\":\"team3a\",\"message\":\"others'\",\"uuid\":\"three\","
                                    + "\"sent\":\"2026-11-20T12:00:03.000Z\",\"delivered\":null,\"read\":null}");
        } finally {
            running.close();
        }
    }

    @Test
    void export_toAFile_isForItsOwnerOnlyAndOverwritesNothing() throws Exception {
        store().close();

        Ended ended = run(
                "",
                "export",
                "--with",
                "team1a",
                "--since",
                "2026-11-20T12:00:01Z",
                "--format",
                "csv",
                "-o",
                "out.csv");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out()).containsExactly("data/chat.db: wrote 1 message to out.csv");
        Path file = dir.resolve("out.csv");
        assertThat(Files.readString(file, UTF_8))
                .isEqualTo("sent,sender,receiver,message,delivered,read,uuid\r\n"
                        + "2026-11-20T12:00:02.000Z,team2a,team1a,'=1+1,,,two\r\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Ended again = run("", "export", "-o", "out.csv");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).containsExactly("error: out.csv exists; name another file, or remove it first");
        assertThat(Files.readString(file, UTF_8)).contains("'=1+1");
    }

    @Test
    void export_asMarkdown_isForReading() throws Exception {
        store().close();

        Ended ended = run("", "export", "--user", "team1a", "--with", "team2a", "--format", "md");

        assertThat(ended.out())
                .contains("# Chat history", "## Friday, 20 November 2026", "> Blåbær, 😀 \"x\"", "> \\=1+1")
                .contains("**12:00:00 team1a** to **team2a**, read 12:00:01")
                .noneMatch(line -> line.contains("others"));
    }

    @Test
    void export_withoutAStore_saysWhatToDoAndLeavesNothing() throws Exception {
        Ended ended = run("", "export", "-o", "out.jsonl");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err())
                .singleElement()
                .asString()
                .startsWith("error: data/chat.db: no such file")
                .contains("--data");
        assertThat(files()).isEmpty();
    }

    @Test
    void arguments_thatAreWrong_areNamed() throws Exception {
        assertThat(run("", "export", "--since", "yesterday").err())
                .containsExactly("error: --since \"yesterday\"; expected a day such as 2026-11-20 or a time such as"
                        + " 2026-11-20T10:15:30Z");
        assertThat(run("", "export", "--with", "team 1").err())
                .singleElement()
                .asString()
                .startsWith("error: --with \"team 1\": an id has letters");
        Ended noAction = run("");
        assertThat(noAction.exitCode()).isEqualTo(2);
        assertThat(noAction.err().get(0)).contains("expected export or delete");
        assertThat(run("", "delete").exitCode()).isEqualTo(2);
    }

    @Test
    void delete_whileABrokerRuns_isRefused() throws Exception {
        SqliteStore running = store();
        try {
            Ended ended = run("", "delete", "--user", "team1a", "--yes");

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.err()).singleElement().asString().contains("is open in another broker");
        } finally {
            running.close();
        }
        assertThat(run("", "export").out()).hasSize(3);
    }

    @Test
    void delete_whenConfirmed_deletesWhatIsTheUsers() throws Exception {
        store().close();

        Ended refused = run("no\n", "delete", "--user", "team1a");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(String.join("\n", refused.err()))
                .contains("Delete 2 messages and 1 receipt of team1a", "nothing was deleted");
        assertThat(run("", "export").out()).hasSize(3);

        Ended deleted = run("yes\n", "delete", "--user", "team1a");
        assertThat(deleted.exitCode()).isZero();
        assertThat(deleted.out()).singleElement().asString().endsWith("deleted 2 messages and 1 receipt of team1a");
        assertThat(run("", "export").out()).singleElement().asString().contains("\"three\"");

        Ended again = run("", "delete", "--user", "team1a", "--yes");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).singleElement().asString().endsWith("there is nothing of team1a");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.toList();
        }
    }
}
