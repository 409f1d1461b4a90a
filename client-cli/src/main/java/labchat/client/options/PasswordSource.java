package labchat.client.options;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import labchat.client.session.Password;
import labchat.protocol.identity.ChatId;

/** Where a password comes from: a file, else the variable, else a prompt; never an argument, which others can see. */
final class PasswordSource {

    /** The name of the environment variable. */
    static final String VARIABLE = "LABCHAT_PASSWORD";

    private PasswordSource() {}

    /** Whether the variable is set. */
    static boolean isIn(Map<String, String> environment) {
        return environment.containsKey(VARIABLE);
    }

    static Password find(
            Optional<Path> file, Map<String, String> environment, Optional<PasswordPrompt> prompt, ChatId user)
            throws UsageException {
        if (file.isPresent()) {
            return new Password(firstLine(file.get()));
        }
        String variable = environment.get(VARIABLE);
        if (variable != null) {
            return checked(variable, VARIABLE);
        }
        Optional<String> asked = prompt.flatMap(p -> p.ask(user));
        if (asked.isPresent()) {
            return checked(asked.get(), "the password");
        }
        throw new UsageException(
                "no password for \"%s\": there is no terminal to ask on; set the variable %s, or name a file with --password-file"
                        .formatted(user, VARIABLE));
    }

    private static Password checked(String text, String source) throws UsageException {
        try {
            return new Password(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("%s: %s".formatted(source, e.getMessage()));
        }
    }

    private static String firstLine(Path path) throws UsageException {
        try {
            String text = Files.readString(path, StandardCharsets.UTF_8);
            String line = text.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                throw new UsageException("%s: its first line should be the password, but is empty".formatted(path));
            }
            return line;
        } catch (NoSuchFileException e) {
            throw new UsageException("the password file %s does not exist".formatted(path));
        } catch (CharacterCodingException e) {
            throw new UsageException("the password file %s is not UTF-8 text".formatted(path));
        } catch (IOException e) {
            throw new UsageException("cannot read the password file %s: %s".formatted(path, e));
        }
    }
}
