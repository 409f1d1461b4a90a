package labchat.client.ui;

import java.io.IOException;
import java.util.Optional;
import labchat.client.options.PasswordPrompt;
import labchat.protocol.identity.ChatId;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jline.terminal.impl.DumbTerminal;

/**
 * Asks on this process's terminal. The question goes to standard error if that is a terminal, so that it can be answered
 * when standard output is a pipe.
 */
public final class TerminalPasswordPrompt implements PasswordPrompt {

    /** Thrown when the person presses Ctrl-C instead of an answer. */
    public static final class InterruptedPromptException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InterruptedPromptException() {
            super("the password prompt was interrupted");
        }
    }

    @Override
    public Optional<String> ask(ChatId user) {
        return read("Password for %s: ".formatted(user), Optional.of((char) 0));
    }

    @Override
    public Optional<Boolean> confirm(String question) {
        return read(question, Optional.empty()).map(answer -> answer.strip().equalsIgnoreCase("yes"));
    }

    /** @param mask what is shown for each character; empty for the character itself */
    private static Optional<String> read(String question, Optional<Character> mask) {
        try (Terminal terminal = TerminalBuilder.builder()
                .name("labchat")
                .system(true)
                .systemOutput(SystemOutput.SysErrOrSysOut)
                .dumb(true)
                .build()) {
            if (terminal instanceof DumbTerminal) {
                // What the library gives where there is no terminal; it could not hide the answer.
                return Optional.empty();
            }
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            return Optional.of(mask.isPresent() ? reader.readLine(question, mask.get()) : reader.readLine(question));
        } catch (UserInterruptException e) {
            throw new InterruptedPromptException();
        } catch (EndOfFileException | IOException e) {
            return Optional.empty();
        }
    }
}
