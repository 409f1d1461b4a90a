package labchat.broker.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import labchat.broker.config.AclSubscribe;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mosquitto's verdicts: its 2.1, {@code acl_check.c}, and mosquitto.conf(5), {@code acl_file}. */
class CompiledAclPolicyTest {

    /** The class's file. */
    private static final String CLASS_FILE = """
            pattern read  ttm4175/chat/%u/#
            pattern read  ttm4175/chat/+/presence
            pattern write ttm4175/chat/+/message
            pattern write ttm4175/chat/+/delivered
            pattern write ttm4175/chat/+/read
            pattern write ttm4175/chat/+/typing
            pattern write ttm4175/chat/server/+
            user staff
            topic read ttm4175/#
            """;

    private static CompiledAclPolicy policy(String rules) {
        return policy(rules, AclSubscribe.STRICT);
    }

    private static CompiledAclPolicy policy(String rules, AclSubscribe mode) {
        AclFile file = AclFileTest.parse(rules);
        assertThat(file.problems()).isEmpty();
        return new CompiledAclPolicy(file.rules(), mode, 1);
    }

    private static AclSubject user(String name) {
        return new AclSubject(Optional.of(name), "client");
    }

    private static AclSubject nameless(String clientId) {
        return new AclSubject(Optional.empty(), clientId);
    }

    private static boolean reads(String rules, AclSubject subject, String topic) {
        return policy(rules).read(subject, topic).isAllowed();
    }

    private static boolean writes(String rules, AclSubject subject, String topic) {
        return policy(rules).publish(subject, topic).isAllowed();
    }

    private static boolean subscribes(String rules, AclSubject subject, String filter) {
        return policy(rules).subscribe(subject, new TopicFilter(filter)).isAllowed();
    }

    @ParameterizedTest
    @CsvSource({"read,true,false", "write,false,true", "readwrite,true,true", "deny,false,false", "'',true,true"})
    void access_ofALine_grantsThatAndNothingElse(String access, boolean read, boolean write) {
        String rules = "user ann\ntopic %s a/b\n".formatted(access);

        assertThat(reads(rules, user("ann"), "a/b")).isEqualTo(read);
        assertThat(writes(rules, user("ann"), "a/b")).isEqualTo(write);
    }

    @Test
    void file_withoutAMatchingLine_refuses() {
        assertThat(reads("", user("ann"), "a")).isFalse();
        assertThat(writes("user ann\ntopic b\n", user("ann"), "a")).isFalse();
        assertThat(writes("user ann\ntopic b\n", user("ann"), "b")).isTrue();
    }

    @Test
    void linesBeforeTheFirstUser_holdForNamelessClientsOnly() {
        String rules = "topic a\nuser ann\ntopic b\n";

        assertThat(reads(rules, nameless("c"), "a")).isTrue();
        assertThat(reads(rules, user("ann"), "a")).isFalse();
        assertThat(reads(rules, user("bob"), "a")).isFalse();
        assertThat(reads(rules, nameless("c"), "b")).isFalse();
    }

    @Test
    void userSection_continued_addsToTheList() {
        String rules = "user ann\ntopic a\nuser bob\ntopic b\nuser ann\ntopic c\n";

        assertThat(reads(rules, user("ann"), "a")).isTrue();
        assertThat(reads(rules, user("ann"), "c")).isTrue();
        assertThat(reads(rules, user("bob"), "c")).isFalse();
    }

    @Test
    void deny_behindAGrantOfTheSameList_goesFirst() {
        String rules = "user ann\ntopic a/#\ntopic deny a/secret\n";

        assertThat(reads(rules, user("ann"), "a/secret")).isFalse();
        assertThat(writes(rules, user("ann"), "a/secret")).isFalse();
        assertThat(reads(rules, user("ann"), "a/open")).isTrue();
    }

    @Test
    void grantOfAUser_beatsThePatternsDeny() {
        String rules = "pattern deny a/#\nuser ann\ntopic read a/b\n";

        assertThat(reads(rules, user("ann"), "a/b")).isTrue();
        assertThat(writes(rules, user("ann"), "a/b")).isFalse();
        assertThat(reads(rules, user("bob"), "a/b")).isFalse();
    }

    @Test
    void denyOfAUser_beatsThePatternsGrant() {
        String rules = "pattern a/#\nuser ann\ntopic deny a/b\n";

        assertThat(reads(rules, user("ann"), "a/b")).isFalse();
        assertThat(reads(rules, user("bob"), "a/b")).isTrue();
    }

    @Test
    void patternsDeny_behindAPatternsGrant_goesFirst() {
        String rules = "pattern a/#\npattern deny a/%u/x\n";

        assertThat(reads(rules, user("ann"), "a/ann/x")).isFalse();
        assertThat(reads(rules, user("ann"), "a/bob/x")).isTrue();
    }

    @Test
    void userPlaceholder_isTheUsersName() {
        String rules = "pattern read a/%u/b\n";

        assertThat(reads(rules, user("ann"), "a/ann/b")).isTrue();
        assertThat(reads(rules, user("ann"), "a/bob/b")).isFalse();
        assertThat(reads(rules, user("ann"), "a/an/b")).isFalse();
        assertThat(reads(rules, user("ann"), "a/%u/b")).isFalse();
    }

    @Test
    void clientPlaceholder_isTheClientId() {
        String rules = "pattern read a/%c\n";

        assertThat(reads(rules, new AclSubject(Optional.of("ann"), "c1"), "a/c1"))
                .isTrue();
        assertThat(reads(rules, nameless("c1"), "a/c1")).isTrue();
        assertThat(reads(rules, nameless("c2"), "a/c1")).isFalse();
        assertThat(reads(rules, nameless(""), "a/")).isFalse();
    }

    @Test
    void placeholder_thatIsNoWholeLevel_isTakenAsWritten() {
        String rules = "pattern read a/x%u\npattern read b/%count\n";

        assertThat(reads(rules, user("ann"), "a/xann")).isFalse();
        assertThat(reads(rules, user("ann"), "a/x%u")).isTrue();
        assertThat(reads(rules, user("ann"), "b/%count")).isTrue();
    }

    @Test
    void placeholder_inATopicLine_isTakenAsWritten() {
        String rules = "user ann\ntopic read a/%u\n";

        assertThat(reads(rules, user("ann"), "a/ann")).isFalse();
        assertThat(reads(rules, user("ann"), "a/%u")).isTrue();
    }

    @Test
    void patternWithUserPlaceholder_forANamelessClient_isPassedOver() {
        String rules = "pattern read a/%u\npattern deny b/x%u/#\npattern b/#\npattern read c/%c\n";

        assertThat(reads(rules, nameless("id"), "a/")).isFalse();
        assertThat(reads(rules, nameless("id"), "a/%u")).isFalse();
        assertThat(reads(rules, nameless("id"), "b/x%u/y")).isTrue();
        assertThat(reads(rules, user("ann"), "b/x%u/y")).isFalse();
        assertThat(reads(rules, nameless("id"), "c/id")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"a+b", "+", "#", "a#", "a/b", "/"})
    void nameWithWildcardOrSlash_matchesNoPattern(String name) {
        String rules = "pattern read a/%u\npattern read b/#\nuser " + name + "\ntopic read c\n";

        assertThat(reads(rules, user(name), "a/" + name.replace('+', 'x').replace('#', 'x')))
                .isFalse();
        assertThat(reads(rules, user(name), "b/x")).isFalse();
        assertThat(reads(rules, user(name), "c")).isTrue();
        assertThat(reads(rules, user("ann"), "b/x")).isTrue();
    }

    @Test
    void refusal_forANameThatMatchesNoPattern_saysSo() {
        assertThat(policy("pattern a\n").read(user("a+b"), "a"))
                .isEqualTo(new AclDecision.Denied(
                        Optional.empty(),
                        "no rule lets a+b read a; no pattern holds for a name or client id with + or #, or a name with"
                                + " /"));
    }

    @ParameterizedTest
    @CsvSource({"a+b,false", "#,false", "a/b,true", "ab,true"})
    void clientIdWithWildcard_matchesNoPattern(String clientId, boolean allowed) {
        AclSubject subject = new AclSubject(Optional.of("ann"), clientId);

        assertThat(reads("pattern read b/#\n", subject, "b/x")).isEqualTo(allowed);
        assertThat(reads("pattern read b/%c\n", subject, "b/" + clientId)).isEqualTo(clientId.equals("ab"));
    }

    @Test
    void dollarTopics_matchOnlyRulesThatBeginWithDollar() {
        String rules = "user ann\ntopic read #\ntopic read +/broker\nuser bob\ntopic read $SYS/#\n"
                + "user $x\ntopic read b\npattern read %u/y\n";

        assertThat(reads(rules, user("ann"), "$SYS/broker")).isFalse();
        assertThat(reads(rules, user("bob"), "$SYS/broker")).isTrue();
        assertThat(reads(rules, user("bob"), "$SYS")).isTrue();
        assertThat(reads(rules, user("bob"), "SYS/broker")).isFalse();
        assertThat(reads(rules, user("$x"), "$x/y")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "a/#,a,true",
        "a/#,a/,true",
        "a/#,a/b/c,true",
        "a/#,ab,false",
        "a/+,a/b,true",
        "a/+,a/,true",
        "a/+,a,false",
        "a/+,a/b/c,false",
        "a/+/#,a/b,true",
        "+/+,/,true",
        "+,/,false",
        "#,/,true",
        "a/,a,false",
        "a/,a/,true",
        "/a,/a,true",
        "/a,a,false",
        "A,a,false"
    })
    void filter_ofARule_matchesByWholeLevels(String filter, String topic, boolean allowed) {
        assertThat(reads("user ann\ntopic read " + filter + "\n", user("ann"), topic))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"a/+", "a/#", "#", "''"})
    void topicWithAWildcard_isRefusedAndNeverThrown(String topic) {
        assertThat(reads("user ann\ntopic #\n", user("ann"), topic)).isFalse();
        assertThat(writes("user ann\ntopic #\n", user("ann"), topic)).isFalse();
    }

    @Test
    void decision_granted_namesTheFirstLineInTheFileThatGrants() {
        CompiledAclPolicy policy = policy("user ann\ntopic write a/+\ntopic read a/b\ntopic a/b\ntopic read a/#\n");

        assertThat(policy.read(user("ann"), "a/b").rule()).map(RuleOrigin::line).contains(3);
        assertThat(policy.publish(user("ann"), "a/b").rule())
                .contains(new RuleOrigin("acl.conf", 2, "topic write a/+"));
    }

    @Test
    void decision_denied_namesTheLineThatDenies() {
        AclDecision decision = policy("user ann\ntopic a/#\ntopic deny a/b\n").read(user("ann"), "a/b");

        assertThat(decision)
                .isEqualTo(new AclDecision.Denied(
                        Optional.of(new RuleOrigin("acl.conf", 3, "topic deny a/b")),
                        "the rule \"topic deny a/b\" keeps ann from reading a/b"));
    }

    @Test
    void decision_withoutARule_saysWhoMayNotDoWhat() {
        CompiledAclPolicy policy = policy(CLASS_FILE);

        assertThat(policy.read(user("team1a"), "ttm4175/chat/team2a/message"))
                .isEqualTo(new AclDecision.Denied(
                        Optional.empty(), "no rule lets team1a read ttm4175/chat/team2a/message"));
        assertThat(policy.publish(nameless("x"), "a"))
                .isEqualTo(new AclDecision.Denied(
                        Optional.empty(), "no rule lets a client without a user name publish to a"));
    }

    @ParameterizedTest
    @CsvSource({
        "team1a,ttm4175/chat/team2a/message,write,true",
        "team1a,ttm4175/chat/team2a/typing,write,true",
        "team1a,ttm4175/chat/server/history,write,true",
        "team1a,ttm4175/chat/team2a/presence,write,false",
        "team1a,ttm4175/chat/team2a/notice,write,false",
        "team1a,ttm4175/chat/team1a/message,read,true",
        "team1a,ttm4175/chat/team2a/message,read,false",
        "team1a,ttm4175/chat/team2a/presence,read,true",
        "staff,ttm4175/chat/team2a/message,read,true",
        "staff,ttm4175/other,read,true",
        "staff,other,read,false"
    })
    void classFile_decidesAsTheProtocolSays(String who, String topic, String access, boolean allowed) {
        assertThat(access.equals("read") ? reads(CLASS_FILE, user(who), topic) : writes(CLASS_FILE, user(who), topic))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "ttm4175/chat/team1a/#,true",
        "ttm4175/chat/team1a/message,true",
        "ttm4175/chat/team1a/+,true",
        "ttm4175/chat/team1a,true",
        "ttm4175/chat/+/presence,true",
        "ttm4175/chat/team2a/presence,true",
        "#,false",
        "+/+/team2a/#,false",
        "+/+/team1a/#,false",
        "ttm4175/chat/+/message,false",
        "ttm4175/chat/+/#,false",
        "ttm4175/chat/#,false",
        "ttm4175/chat/team2a/message,false",
        "ttm4175/chat/team2a/#,false",
        "+,false",
        "/#,false",
        "$SYS/#,false"
    })
    void subscribe_strict_grantsOnlyWhatMayBeReadWholly(String filter, boolean allowed) {
        assertThat(subscribes(CLASS_FILE, user("team1a"), filter)).isEqualTo(allowed);
    }

    @Test
    void subscribe_strict_isCoveredBySeveralRulesTogether() {
        String rules = "user ann\ntopic read a\ntopic read a/+\ntopic read a/+/+/#\n";

        assertThat(subscribes(rules, user("ann"), "a/#")).isTrue();
        assertThat(subscribes(rules, user("ann"), "a/+/#")).isTrue();
        assertThat(subscribes("user ann\ntopic read a\ntopic read a/+/+/#\n", user("ann"), "a/#"))
                .isFalse();
        assertThat(subscribes("user ann\ntopic read a/+\n", user("ann"), "a/#")).isFalse();
    }

    @Test
    void subscribe_strict_withADenyInside_isRefusedAndNamesIt() {
        AclDecision decision = policy("user ann\ntopic read a/#\ntopic deny a/b/secret\n")
                .subscribe(user("ann"), new TopicFilter("a/#"));

        assertThat(decision)
                .isEqualTo(new AclDecision.Denied(
                        Optional.of(new RuleOrigin("acl.conf", 3, "topic deny a/b/secret")),
                        "a/# would include a/b/secret, and the rule \"topic deny a/b/secret\" keeps ann from reading"
                                + " a/b/secret"));
    }

    @Test
    void subscribe_strict_refused_namesATopicThatMayNotBeRead() {
        AclDecision decision = policy(CLASS_FILE).subscribe(user("team1a"), new TopicFilter("ttm4175/chat/+/message"));

        assertThat(decision)
                .isEqualTo(new AclDecision.Denied(
                        Optional.empty(),
                        "ttm4175/chat/+/message would include ttm4175/chat/other/message, and no rule lets team1a read"
                                + " ttm4175/chat/other/message"));
    }

    @Test
    void subscribe_strict_granted_namesALineThatGrants() {
        assertThat(policy(CLASS_FILE)
                        .subscribe(user("team1a"), new TopicFilter("ttm4175/chat/team1a/#"))
                        .rule())
                .map(RuleOrigin::line)
                .contains(1);
    }

    @Test
    void subscribe_strict_denyThatOverlapsOnlyWhatTheFilterLeavesOut_isGranted() {
        String rules = "user ann\ntopic read a/#\ntopic deny a/b/secret\n";

        assertThat(subscribes(rules, user("ann"), "a/+")).isTrue();
        assertThat(subscribes(rules, user("ann"), "a/c/#")).isTrue();
        assertThat(subscribes(rules, user("ann"), "a/+/secret")).isFalse();
    }

    @Test
    void subscribe_wildcardFirst_neverMeetsDollarRules() {
        assertThat(subscribes("user ann\ntopic read #\ntopic deny $SYS/#\n", user("ann"), "#"))
                .isTrue();
        assertThat(subscribes("user ann\ntopic read #\n", user("ann"), "$SYS/#"))
                .isFalse();
        assertThat(subscribes("user ann\ntopic read $SYS/#\n", user("ann"), "$SYS/#"))
                .isTrue();
    }

    @Test
    void subscribe_mosquitto_isAlwaysGrantedAndDeliveryChecked() {
        CompiledAclPolicy policy = policy(CLASS_FILE, AclSubscribe.MOSQUITTO);

        assertThat(policy.subscribe(user("team1a"), new TopicFilter("#")).isAllowed())
                .isTrue();
        assertThat(policy.read(user("team1a"), "ttm4175/chat/team2a/message").isAllowed())
                .isFalse();
    }

    @Test
    void epoch_isTheOneGiven() {
        assertThat(policy("").epoch()).isEqualTo(1);
    }

    @Test
    @Timeout(20)
    void questions_toTenThousandLines_areAnsweredWithoutLookingAtEach() {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            rules.append("pattern read lab/").append(i).append("/%u\n");
            rules.append("pattern deny lab/").append(i).append("/x\n");
        }
        CompiledAclPolicy policy = policy(rules.toString());
        int allowed = 0;
        long start = System.nanoTime();
        for (int i = 0; i < 200_000; i++) {
            allowed += policy.read(user("ann"), "lab/" + i % 5_000 + "/ann").isAllowed() ? 1 : 0;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(allowed).isEqualTo(200_000);
        // Looking at each of them would take minutes.
        assertThat(took).isLessThan(Duration.ofSeconds(5));
        assertThat(policy.subscribe(user("ann"), new TopicFilter("lab/+/ann")).isAllowed())
                .isFalse();
    }

    @Test
    @Timeout(20)
    void subscribe_pastTheBoundOfWork_isRefused() {
        StringBuilder rules = new StringBuilder("user ann\ntopic read #\n");
        for (int i = 0; i < 1_000; i++) {
            rules.append("topic deny ").append(i).append("/+/x\n");
            rules.append("topic deny +/").append(i).append("/y\n");
        }
        AclDecision decision = policy(rules.toString()).subscribe(user("ann"), new TopicFilter("+/+/z"));

        assertThat(decision)
                .isEqualTo(new AclDecision.Denied(
                        Optional.empty(),
                        "there are too many rules to decide whether ann may read all of +/+/z; narrow the filter"));
    }
}
