package labchat.broker.command;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Asks for a new password: twice and unseen at a terminal, else the first line of standard input. */
final class PasswordInput {

    private static final int MAX_BYTES = 65_535;

    private PasswordInput() {}

    /** @throws CommandFailure if there is none, or the two differ */
    static byte[] read(String user) throws IOException {
        Console console = System.console();
        byte[] password = console == null ? firstLine(System.in) : ask(console, user);
        if (password.length == 0) {
            throw CommandFailure.usage(
                    "the password is empty; type one, or give it as the first line of standard input");
        }
        if (Arrays.equals(password, user.getBytes(StandardCharsets.UTF_8))) {
            System.err.println(Messages.warning(
                    "the password is the name itself; a broker with such a password serves only its own machine, unless"
                            + " told --allow-demo-passwords"));
        }
        return password;
    }

    private static byte[] ask(Console console, String user) {
        char[] first = console.readPassword("New password for %s: ", user);
        char[] second = console.readPassword("Once more: ");
        if (first == null || second == null || !Arrays.equals(first, second)) {
            throw CommandFailure.failure("the two passwords differ; nothing was changed");
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(first));
        Arrays.fill(first, ' ');
        Arrays.fill(second, ' ');
        byte[] password = new byte[bytes.remaining()];
        bytes.get(password);
        return password;
    }

    /** Without its end, which may be CR LF. */
    private static byte[] firstLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() == MAX_BYTES) {
                throw CommandFailure.usage("the password is longer than %d bytes".formatted(MAX_BYTES));
            }
            line.write(b);
        }
        byte[] bytes = line.toByteArray();
        boolean cr = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return cr ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }
}
