package labchat.broker.event;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.protocol.text.ShortText;

/**
 * Why something was refused, or what is wrong with something that was not.
 *
 * @param code a stable word, such as {@code acl_denied}
 * @param reason one sentence for the one who made the mistake: what is wrong, and where
 * @param rule file and line that decided, such as {@code acl.conf:12}; empty if no rule did
 * @param hint what to do instead; empty if there is nothing to add
 *     <p>Reason and hint may quote what a client sent, so both are cut to {@link ShortText#MAX_LENGTH} characters.
 */
public record Refusal(String code, String reason, Optional<String> rule, String hint) {

    /** What stands before the quotation is the parser's own words, which hold no colon but the first. */
    private static final Pattern QUOTING = Pattern.compile("(?s)(line \\d+, column \\d+: .*?)(?:: |\\? ).*»[^»]*«.*");

    public Refusal {
        Objects.requireNonNull(code, "code");
        reason = ShortText.of(reason);
        Objects.requireNonNull(rule, "rule");
        hint = ShortText.of(hint);
    }

    /** A refusal with nothing to add. */
    public Refusal(String code, String reason, Optional<String> rule) {
        this(code, reason, rule, "");
    }

    /** A refusal that no rule of a file decided. */
    public static Refusal of(String code, String reason) {
        return new Refusal(code, reason, Optional.empty());
    }

    /** The same, explained in other words. */
    public Refusal explained(String newCode, String newReason, String newHint) {
        return new Refusal(newCode, newReason, rule, newHint);
    }

    /** The same, with what to do. */
    public Refusal withHint(String newHint) {
        return new Refusal(code, reason, rule, newHint);
    }

    /**
     * The same without what the reason quotes of a payload that is no JSON, such as {@code {»'«sender': …}}: part of what
     * a user wrote to somebody, which belongs in no log and before no other eyes.
     */
    public Refusal withoutExcerpt() {
        if (reason.indexOf('»') < 0) {
            return this;
        }
        Matcher quoting = QUOTING.matcher(reason);
        String words =
                quoting.matches() ? quoting.group(1).replaceAll("\"[^\"]*\"", "\"…\"") : "what was sent cannot be read";
        return new Refusal(code, words, rule, hint);
    }

    /** Reason and hint in one line, as a Reason String carries them. */
    public String words() {
        return hint.isEmpty() ? reason : reason + ". " + hint;
    }
}
