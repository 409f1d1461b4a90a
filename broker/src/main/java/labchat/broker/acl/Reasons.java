package labchat.broker.acl;

/** Refusals in words, for the one who was refused. */
final class Reasons {

    private Reasons() {}

    static String noRule(AclSubject subject, boolean write, String topic) {
        return "no rule lets " + who(subject) + (write ? " publish to " : " read ") + topic
                + (isUnfitForPatterns(subject)
                        ? "; no pattern holds for a name or client id with + or #, or a name with /"
                        : "");
    }

    /**
     * Names that could stand for more than one level match no pattern: with {@code +}, {@code #} or {@code /} in the
     * user's name, with {@code +} or {@code #} in the client id. A {@code /} in a client id, which many clients have, is
     * no level, so that only patterns with {@code %c} pass it over.
     */
    static boolean isUnfitForPatterns(AclSubject subject) {
        return hasAny(subject.user().orElse(""), "+#/") || hasAny(subject.clientId(), "+#");
    }

    private static boolean hasAny(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    static String denied(RuleTree.Entry denying, AclSubject subject, boolean write, String topic) {
        return "the rule \"" + denying.rule().origin().text() + "\" keeps " + who(subject)
                + (write ? " from publishing to " : " from reading ") + topic;
    }

    static String who(AclSubject subject) {
        return subject.user().orElse("a client without a user name");
    }
}
