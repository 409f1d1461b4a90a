package labchat.broker.store.sqlite;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.ReplayQuery;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;

/** Messages and receipts. */
final class SqliteMessages implements MessageStore {

    private final WriteQueue queue;
    private final Readers readers;
    private final KnownMessages known;
    private final Notes notes;
    private final Map<HandOver, Long> handedOver;

    SqliteMessages(
            WriteQueue queue, Readers readers, KnownMessages known, Notes notes, Map<HandOver, Long> handedOver) {
        this.queue = queue;
        this.readers = readers;
        this.known = known;
        this.notes = notes;
        this.handedOver = handedOver;
    }

    @Override
    public Optional<String> problem() {
        return queue.problem();
    }

    @Override
    public boolean isBehind() {
        return queue.isBehind();
    }

    @Override
    public void whenCaughtUp(Runnable resume) {
        queue.whenCaughtUp(resume);
    }

    @Override
    public long append(AcceptedPublish publish, Outcome outcome) {
        if (publish.event().kind() == ChatKind.TYPING) {
            throw new IllegalArgumentException("typing is never kept: " + publish);
        }
        return queue.append(publish, outcome);
    }

    @Override
    public boolean knows(MessageId message) {
        return queue.knows(message);
    }

    @Override
    public int unsorted() {
        return queue.unfilled();
    }

    @Override
    public long lastSequence() {
        return queue.lastSequence();
    }

    @Override
    public CompletionStage<List<KeptPublish>> read(ReplayQuery query) {
        return readers.afterCommit(
                query.upTo(), (connection, tail) -> new ReplayReader(connection, tail, known, query).read());
    }

    @Override
    public void handedOver(ChatId user, ChatId receiver, ChatKind kind, long upTo) {
        notes.handedOver(new HandOver(user, receiver, kind), upTo);
    }

    @Override
    public void begins(ChatId user, ChatId room, ChatKind kind, long upTo) {
        notes.begins(new HandOver(user, room, kind), upTo);
    }

    @Override
    public Map<HandOver, Long> handedOver() {
        return handedOver;
    }
}
