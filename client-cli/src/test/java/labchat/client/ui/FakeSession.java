package labchat.client.ui;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import labchat.client.session.ChatSession;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.client.session.SessionState;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.RoomsAnswer;

/** A session whose server is the test. */
public final class FakeSession implements ChatSession {

    private final Consumer<SessionEvent> listener;
    private final List<String> journal;
    private final List<SessionEvent> first;
    public final List<ChatEvent> published = new CopyOnWriteArrayList<>();

    public final List<Asked<?>> asked = new CopyOnWriteArrayList<>();

    /** A request that waits for the test's answer. */
    public record Asked<A>(ServerRequest<A> request, CompletableFuture<A> answer) {

        public void refuse(SessionFailure failure) {
            answer.completeExceptionally(new SessionException(failure));
        }
    }

    /** The last request about rooms, to be answered. */
    @SuppressWarnings("unchecked")
    public Asked<RoomsAnswer> rooms() {
        return (Asked<RoomsAnswer>) asked.get(asked.size() - 1);
    }

    /**
     * @param journal gets a word for each publish
     * @param first what it tells as soon as it is started
     */
    public FakeSession(Consumer<SessionEvent> listener, List<String> journal, SessionEvent... first) {
        this.listener = listener;
        this.journal = journal;
        this.first = List.of(first);
    }

    public void tell(SessionEvent event) {
        listener.accept(event);
    }

    @Override
    public void start() {
        first.forEach(listener);
    }

    @Override
    public CompletableFuture<Void> publish(ChatEvent event) {
        published.add(event);
        journal.add("publish " + event.kind());
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public <A> CompletableFuture<A> request(ServerRequest<A> request) {
        Asked<A> question = new Asked<>(request, new CompletableFuture<>());
        asked.add(question);
        journal.add("ask " + request.level());
        return question.answer();
    }

    @Override
    public int drain(Duration limit) {
        return 0;
    }

    @Override
    public SessionState state() {
        return SessionState.CONNECTED;
    }

    @Override
    public void close() {}
}
