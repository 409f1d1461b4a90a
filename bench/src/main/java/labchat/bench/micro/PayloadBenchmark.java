package labchat.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.chat.ChatRules;
import labchat.broker.chat.ChatVerdict;
import labchat.broker.config.ValidationMode;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.DecodeResult;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopic;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A payload is checked, read and written: in the protocol's own form, with an escape in it, and broken. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PayloadBenchmark {

    private static final Optional<String> USER = Optional.of("team1a");
    private static final ChatTopic TO = new ChatTopic(new ChatId("team2a"), ChatKind.MESSAGE);

    private final ChatCodec codec = new ChatCodec(ProtocolLimits.DEFAULT);
    private final ChatRules rules = new ChatRules(codec, ValidationMode.ENFORCE, true, id -> true);
    private final byte[] plain = payload("Hei, this is about as long as a line of a chat.");
    private final byte[] norwegian = payload("Hei på deg, dette er omtrent like langt som ei linje.");
    private final byte[] escaped = payload("Hei, this is \\\"about\\\" as long as a line of a chat.");
    private final byte[] broken = payload("Hei, this is \"about\" as long as a line of a chat.");
    private final ChatMessage event = new ChatMessage(
            new ChatId("team1a"),
            new ChatId("team2a"),
            "Hei, this is about as long as a line of a chat.",
            new MessageUuid("16fd27068bad4f3ba1b2c3d4e5f60718"));

    private static byte[] payload(String text) {
        return ("{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"%s\","
                        + "\"uuid\":\"16fd27068bad4f3ba1b2c3d4e5f60718\"}")
                .formatted(text)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public ChatVerdict checkPlain() {
        return rules.judge(USER, TO, plain, false);
    }

    @Benchmark
    public ChatVerdict checkNorwegian() {
        return rules.judge(USER, TO, norwegian, false);
    }

    @Benchmark
    public ChatVerdict checkEscaped() {
        return rules.judge(USER, TO, escaped, false);
    }

    @Benchmark
    public ChatVerdict checkBroken() {
        return rules.judge(USER, TO, broken, false);
    }

    @Benchmark
    public DecodeResult decode() {
        return codec.decode(ChatKind.MESSAGE, plain);
    }

    @Benchmark
    public byte[] encode() {
        return codec.encode(event);
    }
}
