package labchat.client.ui.full;

import static labchat.client.ui.full.Scene.ME;
import static labchat.client.ui.full.Scene.ROOM;
import static labchat.client.ui.full.Scene.TEAM2A;
import static labchat.client.ui.full.Scene.TEAM3A;
import static labchat.client.ui.full.Scene.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import labchat.client.session.MqttVersion;
import labchat.client.session.SessionEvent;
import labchat.client.ui.Packets;
import labchat.client.ui.WireDisplay;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole screens beside those in the resources; run with {@code -Dlabchat.golden=DIR} to write them there. */
class ScreenViewTest {

    /** Compares with the screen of that name, without the spaces at the ends of lines. */
    private static void assertScreen(String name, Scene scene) throws IOException {
        Frame frame = scene.draw();
        assertThat(frame.lines()).hasSize(scene.model.rows);
        assertThat(frame.lines())
                .allSatisfy(line -> assertThat(line.columnLength()).isLessThanOrEqualTo(scene.model.columns));
        assertThat(frame.row()).isBetween(0, scene.model.rows - 1);
        assertThat(frame.column()).isBetween(0, scene.model.columns - 1);
        String drawn = frame.lines().stream()
                .map(line -> line.toString().stripTrailing())
                .collect(Collectors.joining("\n", "", "\n"));
        String directory = System.getProperty("labchat.golden");
        if (directory != null) {
            Files.writeString(Path.of(directory, name + ".txt"), drawn);
        }
        try (InputStream golden = ScreenViewTest.class.getResourceAsStream(name + ".txt")) {
            assertThat(golden).as("%s.txt", name).isNotNull();
            assertThat(drawn).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** 36 contacts, some there, some not. */
    private static Scene theClass(int columns, int rows) {
        Scene scene = new Scene(columns, rows).connected();
        Stream.iterate(1, n -> n + 1).limit(15).forEach(n -> {
            scene.offline("team" + n + "b", "2026-11-%02dT08:05:00Z".formatted(Math.min(20, 5 + n)));
            if (n > 3) {
                scene.online("team" + n + "a");
            }
        });
        Stream.iterate(1, n -> n + 1)
                .limit(7)
                .forEach(n -> scene.tell(new SessionEvent.Presence(new ChatId("x" + n), false, Optional.empty())));
        scene.online("team2a").offline("team3a", "2026-11-20T09:58:00Z").room(ME, TEAM2A, TEAM3A, new ChatId("team4a"));
        return scene;
    }

    private static Scene conversation(int columns, int rows) {
        Scene scene = theClass(columns, rows);
        scene.enter("/to team2a");
        scene.history(
                TEAM2A,
                false,
                entry(TEAM2A, ME, "Are you coming?", "h1", "2026-11-19T16:02:00Z", true),
                entry(ME, TEAM2A, "Yes, in five minutes", "h2", "2026-11-19T16:03:00Z", true));
        scene.enter("Hei!").receipt(ChatKind.DELIVERED, TEAM2A, "u1");
        scene.message(TEAM2A, "你好，世界 👨‍👩‍👧 שלום עולם, and a text that is long enough for more than one line", "m1");
        scene.message(TEAM2A, "https://example.org/" + "a-very-long-word-".repeat(6), "m2");
        scene.draw();
        scene.message(TEAM3A, "Who has the cable?\nand the \u001b[31mred one?", "m3");
        scene.arrives(new ChatMessage(TEAM3A, ROOM, "In the room", new MessageUuid("m4")));
        scene.arrives(new Typing(TEAM2A, ME)).arrives(new Typing(TEAM3A, ROOM));
        scene.type("half a line");
        return scene;
    }

    @ParameterizedTest
    @CsvSource({"60, 15", "80, 24", "120, 40"})
    void conversation_isDrawn(int columns, int rows) throws IOException {
        assertScreen("conversation-%dx%d".formatted(columns, rows), conversation(columns, rows));
    }

    @ParameterizedTest
    @CsvSource({"60, 15", "80, 24"})
    void packets_areDrawn_belowTheConversation(int columns, int rows) throws IOException {
        Scene scene = conversation(columns, rows);
        scene.model.wire = Optional.of(new WireDisplay(Packets.log(), Packets.settings(MqttVersion.V5), true));
        assertScreen("wire-%dx%d".formatted(columns, rows), scene);
    }

    @ParameterizedTest
    @CsvSource({"60, 15", "80, 24"})
    void room_isDrawn_withWhatBecameOfOwnMessages(int columns, int rows) throws IOException {
        Scene scene = theClass(columns, rows).enter("/to group_1");
        scene.enter("Who has the cable?").enter("Anybody?").enter("Last one");
        scene.acknowledgeAll();
        for (ChatId id : new ChatId[] {TEAM2A, TEAM3A, new ChatId("team4a")}) {
            scene.arrives(new Receipt(ChatKind.READ, id, ME, new MessageUuid("u1"), Optional.of(ROOM)));
        }
        scene.arrives(new Receipt(ChatKind.READ, TEAM2A, ME, new MessageUuid("u2"), Optional.of(ROOM)));
        scene.arrives(new ChatMessage(TEAM3A, ROOM, "I do", new MessageUuid("m1")));
        scene.press(Key.Code.ALT, "r");
        assertScreen("room-%dx%d".formatted(columns, rows), scene);
    }

    @Test
    void returning_showsALineWhereOneLeftOff() throws IOException {
        Scene scene = theClass(80, 24).enter("/to team2a").message(TEAM2A, "before", "m1");
        scene.draw();
        scene.press(Key.Code.ESCAPE).message(TEAM2A, "after", "m2").message(TEAM2A, "and again", "m3");
        scene.enter("/to team2a");
        assertScreen("left-off-80x24", scene);
    }

    @Test
    void severalLines_growTheInputToFive() throws IOException {
        Scene scene = theClass(60, 15).enter("/to team2a");
        for (int i = 1; i <= 7; i++) {
            scene.type("line " + i).press(Key.Code.NEW_LINE);
        }
        assertScreen("input-60x15", scene);
    }

    @Test
    void lostConnection_isDrawn_withWhatWaits() throws IOException {
        Scene scene = theClass(60, 15).enter("/to team2a").enter("Hei!");
        scene.model.waiting = 1;
        scene.tell(new SessionEvent.ConnectionLost("it broke", Duration.ofSeconds(2)));
        assertScreen("lost-60x15", scene);
    }

    @ParameterizedTest
    @CsvSource({"60, 15", "80, 24", "120, 40"})
    void help_isDrawn(int columns, int rows) throws IOException {
        assertScreen(
                "help-%dx%d".formatted(columns, rows), theClass(columns, rows).press(Key.Code.HELP));
    }

    @Test
    void question_namesHowMany() throws IOException {
        assertScreen("to-all-60x15", theClass(60, 15).enter("/all Lab starts now"));
    }

    @Test
    void jump_isDrawn() throws IOException {
        assertScreen("jump-60x15", theClass(60, 15).press(Key.Code.CTRL, "k").type("5"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "19, 5", "20, 6", "49, 9", "59, 14", "300, 100"})
    void anySize_isDrawn(int columns, int rows) {
        Scene scene = conversation(columns, rows);

        Frame frame = scene.draw();

        assertThat(frame.lines()).hasSize(rows);
        assertThat(frame.lines())
                .allSatisfy(line -> assertThat(line.columnLength()).isLessThanOrEqualTo(columns));
    }

    @Test
    void remoteText_isMadeHarmless() {
        Scene scene = theClass(80, 24).enter("/to team2a").message(TEAM2A, "a\u001b[2Jb\u202ec\rd", "m1");

        assertThat(scene.text())
                .contains("a\\u001b[2Jb\\u202ec")
                .doesNotContain("\u001b")
                .doesNotContain("\u202e");
    }
}
