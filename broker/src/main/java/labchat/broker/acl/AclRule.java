package labchat.broker.acl;

import java.util.Objects;
import java.util.Optional;

/**
 * One {@code topic} or {@code pattern} line.
 *
 * @param kind which of the two
 * @param user whose list a {@code topic} line stands in; empty for clients without a name, and for a {@code pattern}
 * @param access what the line grants
 * @param filter a topic filter; in a pattern, the levels {@code %u} and {@code %c} stand for the asker's names
 * @param origin where it stands
 */
public record AclRule(Kind kind, Optional<String> user, Access access, String filter, RuleOrigin origin) {

    /** What a line begins with. */
    public enum Kind {
        /** Holds for one user, or for all clients without a name. */
        TOPIC,
        /** Holds for everybody, wherever it stands. */
        PATTERN
    }

    /** What a line grants. */
    public enum Access {
        READ("read"),
        WRITE("write"),
        READWRITE("readwrite"),
        /** Neither to read nor to write; goes before every grant of the same list. */
        DENY("deny");

        private final String word;

        Access(String word) {
            this.word = word;
        }

        /** The word in the file. */
        public String word() {
            return word;
        }

        /** The access that a word of the file names. */
        static Optional<Access> ofWord(String word) {
            for (Access access : values()) {
                if (access.word.equals(word)) {
                    return Optional.of(access);
                }
            }
            return Optional.empty();
        }

        boolean grantsRead() {
            return this == READ || this == READWRITE;
        }

        boolean grantsWrite() {
            return this == WRITE || this == READWRITE;
        }
    }

    public AclRule {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(origin, "origin");
        if (filter.isEmpty()) {
            throw new IllegalArgumentException("a rule's filter must not be empty: " + origin);
        }
        if (kind == Kind.PATTERN && user.isPresent()) {
            throw new IllegalArgumentException("a pattern belongs to no user: " + origin);
        }
    }

    /** Whether a client without a user name is passed over: the pattern has {@code %u} in it. */
    boolean needsUserName() {
        return kind == Kind.PATTERN && filter.contains("%u");
    }
}
