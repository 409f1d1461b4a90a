package labchat.broker.acl;

/** The rules of one user, of the clients without a name, or the patterns: apart by what they do. */
final class RuleList {

    /** A list without rules. */
    static final RuleList NONE = new RuleList();

    private final RuleTree deny = new RuleTree();
    private final RuleTree read = new RuleTree();
    private final RuleTree write = new RuleTree();

    void add(int order, AclRule rule) {
        RuleTree.Entry entry = RuleTree.Entry.of(order, rule);
        if (rule.access() == AclRule.Access.DENY) {
            deny.add(entry);
        }
        if (rule.access().grantsRead()) {
            read.add(entry);
        }
        if (rule.access().grantsWrite()) {
            write.add(entry);
        }
    }

    RuleTree deny() {
        return deny;
    }

    RuleTree read() {
        return read;
    }

    RuleTree write() {
        return write;
    }
}
