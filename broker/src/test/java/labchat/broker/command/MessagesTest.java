package labchat.broker.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class MessagesTest {

    @Test
    void text_withControlCharacters_reachesNoTerminalAsItIs() {
        assertThat(Messages.printable("a\u001b[2Jb\u202ec\u009bd")).isEqualTo("a\\u001b[2Jb\\u202ec\\u009bd");
        assertThat(Messages.printable("Blåbær 🫐")).isEqualTo("Blåbær 🫐");
    }

    @Test
    void error_ofAFile_saysWhatIsWrongWithIt() {
        assertThat(Messages.of(new NoSuchFileException("/none/x"))).isEqualTo("/none/x: no such file or directory");
        assertThat(Messages.of(new AccessDeniedException("/x"))).startsWith("/x: access denied for user ");
        assertThat(Messages.of(new FileSystemException("/x", null, "No space left on device")))
                .isEqualTo("/x: No space left on device");
    }

    @Test
    void error_ofAnyKind_isOneLine() {
        assertThat(Messages.of(new IOException("\n first \nsecond"))).isEqualTo("first");
        assertThat(Messages.of(new IllegalStateException())).isEqualTo("unexpected IllegalStateException");
    }
}
