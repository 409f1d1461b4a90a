package labchat.broker.diagnostics;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import labchat.broker.event.OutboundPublisher;
import labchat.broker.event.Refusal;
import labchat.protocol.codec.DiagnosticCodec;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.identity.ChatId;
import labchat.protocol.text.ShortText;
import labchat.protocol.topic.ChatTopics;

/**
 * Tells an account what is wrong with what it sent: at most once per account, code and topic in {@link #QUIET}. May be
 * used by any thread at once.
 */
public final class Diagnostics {

    /** How long the same mistake is not explained again. */
    public static final Duration QUIET = Duration.ofSeconds(5);

    private static final int REMEMBERED = 10_000;
    private static final int QUOTED_BYTES = 4 * Diagnostic.QUOTED_CHARACTERS;

    private record Mistake(String account, String code, String topic) {}

    private final ChatTopics topics;
    private final OutboundPublisher publisher;
    private final Clock clock;
    private final Map<Mistake, Instant> explained = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Mistake, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    public Diagnostics(ChatTopics topics, OutboundPublisher publisher, Clock clock) {
        this.topics = topics;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Explains a mistake, unless the same was explained a moment ago.
     *
     * @param account who made it; nothing happens if that is no id and so has no topic
     * @param topic the topic or filter it is about; empty if none
     * @param payload what was sent; only its beginning is quoted
     */
    public void explain(Optional<String> account, String topic, Refusal why, byte[] payload) {
        String about = ShortText.of(topic);
        Optional<ChatId> receiver = account.flatMap(ChatId::parse);
        if (receiver.isEmpty() || !isDue(new Mistake(receiver.get().value(), why.code(), about))) {
            return;
        }
        String quoted = new String(payload, 0, Math.min(payload.length, QUOTED_BYTES), StandardCharsets.UTF_8);
        Diagnostic diagnostic = new Diagnostic(receiver.get(), why.code(), about, why.reason(), why.hint(), quoted);
        publisher.publish(topics.topic(receiver.get(), Diagnostic.LEVEL), DiagnosticCodec.encode(diagnostic), 1);
    }

    private synchronized boolean isDue(Mistake mistake) {
        Instant now = clock.instant();
        Instant last = explained.get(mistake);
        if (last != null && now.isBefore(last.plus(QUIET))) {
            return false;
        }
        explained.remove(mistake);
        explained.put(mistake, now);
        return true;
    }
}
