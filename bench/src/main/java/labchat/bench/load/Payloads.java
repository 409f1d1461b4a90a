package labchat.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The chat's payloads, as bytes. The uuid, which stands last, says which publish it is: the run, the sender's number and the
 * number of the message, all in hexadecimal digits. Belongs to one thread.
 */
final class Payloads {

    private static final int RUN_DIGITS = 8;
    private static final int SENDER_DIGITS = 4;
    private static final int NUMBER_DIGITS = 8;
    private static final int UUID_DIGITS = RUN_DIGITS + SENDER_DIGITS + NUMBER_DIGITS;

    /** The quotation mark and brace behind the uuid. */
    private static final int BEHIND = 2;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SENDER = bytes("{\"sender\":\"");
    private static final byte[] RECEIVER = bytes("\",\"receiver\":\"");
    private static final byte[] DELIVERED = bytes("\",\"status\":\"delivered\",\"uuid\":\"");

    private final byte[][] users;
    private final byte[] run;
    private final byte[] message;
    private final byte[] scratch;

    /** @param textLength of a message, in characters */
    Payloads(Target target, int clients, String run, int textLength) {
        users = new byte[clients][];
        int longest = 0;
        for (int i = 0; i < clients; i++) {
            users[i] = bytes(target.user(i));
            longest = Math.max(longest, users[i].length);
        }
        this.run = bytes(run);
        String words = "Hei, this is about as long as a line of a chat. ";
        String text = words.repeat(textLength / words.length() + 1).substring(0, textLength);
        message = bytes("\",\"message\":\"" + text + "\",\"uuid\":\"");
        scratch = new byte
                [SENDER.length + RECEIVER.length + 2 * Math.max(longest, 64) + message.length + DELIVERED.length + 64];
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Holds what was made last. */
    byte[] bytes() {
        return scratch;
    }

    /** A message; gives its length. */
    int message(int sender, int receiver, int number) {
        return message(sender, users[receiver], number);
    }

    int message(int sender, byte[] receiver, int number) {
        return make(sender, receiver, message, sender, number);
    }

    /** A receipt for the author's message; gives its length. */
    int delivered(int sender, int author, int number) {
        return make(sender, users[author], DELIVERED, author, number);
    }

    private int make(int sender, byte[] receiver, byte[] middle, int author, int number) {
        int at = put(0, SENDER);
        at = put(at, users[sender]);
        at = put(at, RECEIVER);
        at = put(at, receiver);
        at = put(at, middle);
        at = put(at, run);
        at = hex(at, author, SENDER_DIGITS);
        at = hex(at, number, NUMBER_DIGITS);
        scratch[at] = '"';
        scratch[at + 1] = '}';
        return at + BEHIND;
    }

    private int put(int at, byte[] part) {
        System.arraycopy(part, 0, scratch, at, part.length);
        return at + part.length;
    }

    private int hex(int at, int value, int digits) {
        for (int i = digits - 1, rest = value; i >= 0; i--, rest >>>= 4) {
            scratch[at + i] = DIGITS[rest & 15];
        }
        return at + digits;
    }

    /** Whether a publish of this run ends here. */
    boolean isOfThisRun(ByteBuf in, int start, int end) {
        int at = end - BEHIND - UUID_DIGITS;
        if (at < start) {
            return false;
        }
        for (int i = 0; i < RUN_DIGITS; i++) {
            if (in.getByte(at + i) != run[i]) {
                return false;
            }
        }
        return true;
    }

    static int author(ByteBuf in, int end) {
        return number(in, end - BEHIND - NUMBER_DIGITS - SENDER_DIGITS, SENDER_DIGITS);
    }

    static int number(ByteBuf in, int end) {
        return number(in, end - BEHIND - NUMBER_DIGITS, NUMBER_DIGITS);
    }

    private static int number(ByteBuf in, int at, int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = in.getByte(at + i);
            value = value << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }
        return value;
    }
}
