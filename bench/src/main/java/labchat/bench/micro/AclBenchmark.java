package labchat.bench.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclRule;
import labchat.broker.acl.AclSubject;
import labchat.broker.acl.CompiledAclPolicy;
import labchat.broker.acl.RuleOrigin;
import labchat.broker.config.AclSubscribe;
import labchat.protocol.topic.TopicFilter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One decision, uncached, with the class's rules and with ten thousand lines more. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AclBenchmark {

    /** Lines of the file, about; half of them are users' own, half are patterns. */
    @Param({"10", "10000"})
    public int lines;

    private final AclSubject subject = new AclSubject(Optional.of("team1a"), "client");
    private final TopicFilter inbox = new TopicFilter("ttm4175/chat/team1a/#");
    private final TopicFilter everything = new TopicFilter("ttm4175/#");
    private AclPolicy policy;

    @Setup
    public void compile() {
        List<AclRule> rules = new ArrayList<>();
        pattern(rules, AclRule.Access.READ, "ttm4175/chat/%u/#");
        pattern(rules, AclRule.Access.READ, "ttm4175/chat/+/presence");
        for (String kind : List.of("message", "delivered", "read", "typing")) {
            pattern(rules, AclRule.Access.WRITE, "ttm4175/chat/+/" + kind);
        }
        pattern(rules, AclRule.Access.WRITE, "ttm4175/chat/server/+");
        for (int i = rules.size(); i < lines; i += 2) {
            String filter = "lab/group" + i + "/+/data";
            rules.add(new AclRule(
                    AclRule.Kind.TOPIC,
                    Optional.of("user" + i % 1000),
                    AclRule.Access.READWRITE,
                    filter,
                    new RuleOrigin("acl.conf", i, filter)));
            pattern(rules, AclRule.Access.READ, "lab/group" + i + "/%u/#");
        }
        policy = new CompiledAclPolicy(rules, AclSubscribe.STRICT, 1);
    }

    private static void pattern(List<AclRule> rules, AclRule.Access access, String filter) {
        rules.add(new AclRule(
                AclRule.Kind.PATTERN,
                Optional.empty(),
                access,
                filter,
                new RuleOrigin("acl.conf", rules.size() + 1, filter)));
    }

    @Benchmark
    public AclDecision publishGranted() {
        return policy.publish(subject, "ttm4175/chat/team2a/message");
    }

    @Benchmark
    public AclDecision publishRefused() {
        return policy.publish(subject, "ttm4175/chat/team2a/presence");
    }

    @Benchmark
    public AclDecision readGranted() {
        return policy.read(subject, "ttm4175/chat/team1a/message");
    }

    @Benchmark
    public AclDecision subscribeGranted() {
        return policy.subscribe(subject, inbox);
    }

    @Benchmark
    public AclDecision subscribeRefused() {
        return policy.subscribe(subject, everything);
    }
}
