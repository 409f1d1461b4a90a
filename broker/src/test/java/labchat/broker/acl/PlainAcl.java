package labchat.broker.acl;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules once more, as plainly as they can be said, to compare with: every rule is looked at, patterns are filled in
 * as text, filters are matched level by level.
 */
final class PlainAcl {

    private final List<AclRule> rules;

    PlainAcl(List<AclRule> rules) {
        this.rules = rules;
    }

    boolean may(AclSubject subject, String topic, boolean write) {
        Boolean own = verdict(ownRules(subject), subject, topic, write);
        if (own != null) {
            return own;
        }
        boolean badName =
                subject.user().filter(name -> name.matches(".*[+#/].*")).isPresent()
                        || subject.clientId().matches(".*[+#].*");
        Boolean common = badName ? null : verdict(patterns(subject), subject, topic, write);
        return common != null && common;
    }

    private List<AclRule> ownRules(AclSubject subject) {
        return rules.stream()
                .filter(rule -> rule.kind() == AclRule.Kind.TOPIC)
                .filter(rule -> rule.user().equals(subject.user()))
                .toList();
    }

    private List<AclRule> patterns(AclSubject subject) {
        return rules.stream()
                .filter(rule -> rule.kind() == AclRule.Kind.PATTERN)
                .filter(rule -> subject.user().isPresent() || !rule.filter().contains("%u"))
                .toList();
    }

    private static Boolean verdict(List<AclRule> list, AclSubject subject, String topic, boolean write) {
        for (AclRule rule : list) {
            if (rule.access() == AclRule.Access.DENY && matches(rule, subject, topic)) {
                return false;
            }
        }
        for (AclRule rule : list) {
            boolean grants = rule.access() == AclRule.Access.READWRITE
                    || rule.access() == (write ? AclRule.Access.WRITE : AclRule.Access.READ);
            if (grants && matches(rule, subject, topic)) {
                return true;
            }
        }
        return null;
    }

    private static boolean matches(AclRule rule, AclSubject subject, String topic) {
        if (topic.startsWith("$") != rule.filter().startsWith("$")) {
            return false;
        }
        List<String> filter = new ArrayList<>();
        for (String level : rule.filter().split("/", -1)) {
            boolean pattern = rule.kind() == AclRule.Kind.PATTERN;
            if (pattern && level.equals("%u")) {
                filter.add(name(subject.user().orElse("")));
            } else if (pattern && level.equals("%c")) {
                filter.add(name(subject.clientId()));
            } else {
                filter.add(level);
            }
        }
        return matches(filter, List.of(topic.split("/", -1)));
    }

    /** A name as a level; the empty one as a level that no topic has. */
    private static String name(String name) {
        return name.isEmpty() ? "\0" : name;
    }

    static boolean matches(List<String> filter, List<String> topic) {
        if (filter.equals(List.of("#"))) {
            return true;
        }
        if (filter.isEmpty() || topic.isEmpty()) {
            return filter.isEmpty() && topic.isEmpty();
        }
        boolean first = filter.get(0).equals("+") || filter.get(0).equals(topic.get(0));
        return first && matches(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
    }
}
