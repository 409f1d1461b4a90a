package labchat.bench.micro;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.protocol.topic.ChatTopic;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A topic is matched, and read as one of the chat's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TopicBenchmark {

    private static final String TOPIC = "ttm4175/chat/team2a/message";

    @Param({TOPIC, "ttm4175/chat/+/message", "ttm4175/#", "ttm4175/chat/team3a/#"})
    public String filter;

    @Benchmark
    public boolean matches() {
        return TopicFilter.matches(filter, TOPIC);
    }

    @Benchmark
    public Optional<ChatTopic> parse() {
        return ChatTopics.DEFAULT.parse(TOPIC);
    }
}
