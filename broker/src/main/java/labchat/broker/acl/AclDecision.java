package labchat.broker.acl;

import java.util.Objects;
import java.util.Optional;

/** A verdict and what made it. */
public sealed interface AclDecision {

    /** The rule that decided; empty if none matched. */
    Optional<RuleOrigin> rule();

    /** Whether it is {@link Allowed}. */
    default boolean isAllowed() {
        return this instanceof Allowed;
    }

    /** It may. */
    record Allowed(Optional<RuleOrigin> rule) implements AclDecision {
        public Allowed {
            Objects.requireNonNull(rule, "rule");
        }
    }

    /**
     * It may not.
     *
     * @param reason one sentence, such as {@code no rule lets team1a read ttm4175/chat/team2a/message}
     */
    record Denied(Optional<RuleOrigin> rule, String reason) implements AclDecision {
        public Denied {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
