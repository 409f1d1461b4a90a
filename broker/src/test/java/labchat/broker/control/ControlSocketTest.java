package labchat.broker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import labchat.broker.control.ControlSocket.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {

    @TempDir
    private Path directory;

    private ControlSocket open() throws IOException {
        return ControlSocket.open(
                directory,
                Map.of(
                        "echo", text -> new Answer(2, List.of("said:", text)),
                        "fail",
                                text -> {
                                    throw new IllegalStateException("on purpose");
                                }));
    }

    @Test
    void ask_givesTheAnswersStatusAndLines() throws IOException {
        try (ControlSocket socket = open()) {
            assertThat(socket).isNotNull();
            assertThat(ControlSocket.ask(directory, "echo", "hei")).isEqualTo(new Answer(2, List.of("said:", "hei")));
            assertThat(ControlSocket.ask(directory, "nope", "").lines().toString())
                    .contains("\"nope\"");
            assertThat(ControlSocket.ask(directory, "fail", "").status()).isEqualTo(1);
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(directory.resolve(ControlSocket.FILE_NAME))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void ask_whereNoBrokerRuns_saysSo() throws IOException {
        assertThatThrownBy(() -> ControlSocket.ask(directory, "echo", "")).hasMessageContaining("no broker runs");
        open().close();
        assertThatThrownBy(() -> ControlSocket.ask(directory, "echo", "")).hasMessageContaining("no broker runs");
    }

    @Test
    void open_takesThePlaceOfASocketThatNobodyAnswers_butNotOfOneThatIsAnswered() throws IOException {
        Files.createFile(directory.resolve(ControlSocket.FILE_NAME));
        try (ControlSocket socket = open()) {
            assertThat(socket).isNotNull();
            assertThatThrownBy(this::open).hasMessageContaining("another broker");
            assertThat(ControlSocket.ask(directory, "echo", "still").lines()).contains("still");
        }
    }
}
