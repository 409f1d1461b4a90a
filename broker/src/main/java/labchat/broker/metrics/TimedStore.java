package labchat.broker.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.AccountStore;
import labchat.broker.store.HistoryStore;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.ReplayQuery;
import labchat.broker.store.RoomStore;
import labchat.broker.store.SessionStore;
import labchat.broker.store.Store;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;

/** Another store with a clock beside what publishers wait for. */
final class TimedStore implements Store {

    private final Store store;
    private final MessageStore messages;

    TimedStore(Store store, Timer timer, AtomicLong waiting) {
        this.store = store;
        this.messages = new TimedMessages(store.messages(), timer, waiting);
    }

    @Override
    public MessageStore messages() {
        return messages;
    }

    @Override
    public HistoryStore history() {
        return store.history();
    }

    @Override
    public SessionStore sessions() {
        return store.sessions();
    }

    @Override
    public RoomStore rooms() {
        return store.rooms();
    }

    @Override
    public AccountStore accounts() {
        return store.accounts();
    }

    @Override
    public void close() {
        store.close();
    }

    private record TimedMessages(MessageStore messages, Timer timer, AtomicLong waiting) implements MessageStore {

        @Override
        public long append(AcceptedPublish publish, Outcome outcome) {
            waiting.incrementAndGet();
            return messages.append(publish, new TimedOutcome(outcome, timer, waiting, System.nanoTime()));
        }

        @Override
        public Optional<String> problem() {
            return messages.problem();
        }

        @Override
        public boolean isBehind() {
            return messages.isBehind();
        }

        @Override
        public void whenCaughtUp(Runnable resume) {
            messages.whenCaughtUp(resume);
        }

        @Override
        public boolean knows(MessageId message) {
            return messages.knows(message);
        }

        @Override
        public int unsorted() {
            return messages.unsorted();
        }

        @Override
        public long lastSequence() {
            return messages.lastSequence();
        }

        @Override
        public CompletionStage<List<KeptPublish>> read(ReplayQuery query) {
            return messages.read(query);
        }

        @Override
        public void handedOver(ChatId user, ChatId receiver, ChatKind kind, long upTo) {
            messages.handedOver(user, receiver, kind, upTo);
        }

        @Override
        public void begins(ChatId user, ChatId room, ChatKind kind, long upTo) {
            messages.begins(user, room, kind, upTo);
        }

        @Override
        public Map<HandOver, Long> handedOver() {
            return messages.handedOver();
        }
    }

    private record TimedOutcome(MessageStore.Outcome outcome, Timer timer, AtomicLong waiting, long since)
            implements MessageStore.Outcome {

        @Override
        public void durable() {
            settled();
            outcome.durable();
        }

        @Override
        public void failed() {
            settled();
            outcome.failed();
        }

        private void settled() {
            waiting.decrementAndGet();
            timer.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
        }
    }
}
