package labchat.broker.staff;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/**
 * Takes out of a reason what it quotes of a payload that is no JSON, such as {@code {»'«sender': …}}: part of what a user
 * wrote to somebody, which the user may see and staff only if the settings say so.
 */
final class Excerpts {

    /** What stands before the quotation is the parser's own words, which hold no colon but the first. */
    private static final Pattern QUOTING = Pattern.compile("(?s)(line \\d+, column \\d+: .*?)(?:: |\\? ).*»[^»]*«.*");

    private Excerpts() {}

    /** The refusal with nothing of a payload in it. */
    static Refusal without(Refusal refusal) {
        if (refusal.reason().indexOf('»') < 0) {
            return refusal;
        }
        Matcher quoting = QUOTING.matcher(refusal.reason());
        String words =
                quoting.matches() ? quoting.group(1).replaceAll("\"[^\"]*\"", "\"…\"") : "what was sent cannot be read";
        String code = refusal.code();
        return refusal.explained(code, words, refusal.hint());
    }

    /** The packet without its payload, and with nothing of it in the refusal. */
    static PacketTrace without(PacketTrace packet) {
        boolean clean = packet.payload().isEmpty()
                && packet.refusal().filter(r -> r.reason().indexOf('»') >= 0).isEmpty();
        return clean
                ? packet
                : new PacketTrace(
                        packet.time(),
                        packet.client(),
                        packet.inbound(),
                        packet.type(),
                        packet.topic(),
                        packet.qos(),
                        packet.retain(),
                        packet.dup(),
                        packet.packetId(),
                        packet.size(),
                        packet.reasonCode(),
                        packet.chat(),
                        packet.refusal().map(Excerpts::without),
                        Optional.empty());
    }
}
