package labchat.broker.diagnostics;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a payload says it is from: all that is known of a client without a name. */
public final class SaidSender {

    private static final Pattern SENDER = Pattern.compile("[\"']sender[\"']\\s*:\\s*[\"']([A-Za-z0-9_-]{1,32})[\"']");
    private static final int LOOKED_AT = 1024;

    private SaidSender() {}

    /** The id in the field {@code sender}, found even in a payload that is no valid JSON. */
    public static Optional<String> in(byte[] payload) {
        Matcher matcher = SENDER.matcher(
                new String(payload, 0, Math.min(payload.length, LOOKED_AT), StandardCharsets.ISO_8859_1));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
