package labchat.broker.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import labchat.protocol.identity.ChatId;

/** Where nothing is kept, nothing is known. */
final class NoFeatureStores implements SessionStore, RoomStore, AccountStore, HistoryStore {

    static final NoFeatureStores INSTANCE = new NoFeatureStores();

    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private NoFeatureStores() {}

    @Override
    public List<KeptSession> sessions() {
        return List.of();
    }

    @Override
    public List<KeptRoom> rooms() {
        return List.of();
    }

    @Override
    public List<KeptAccount> accounts() {
        return List.of();
    }

    @Override
    public CompletionStage<Void> save(KeptSession session) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> remove(String user, String clientId) {
        return DONE;
    }

    @Override
    public void position(String user, String clientId, long upTo) {
        // Nothing is kept.
    }

    @Override
    public CompletionStage<Void> create(KeptRoom room) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> addMember(ChatId room, ChatId user, Instant since) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> removeMember(ChatId room, ChatId user) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> invite(ChatId room, ChatId user) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> remove(ChatId room) {
        return DONE;
    }

    @Override
    public void loggedIn(ChatId id, Instant time) {
        // Nothing is kept.
    }

    @Override
    public void presence(ChatId id, boolean online, Instant since) {
        // Nothing is kept.
    }

    @Override
    public Optional<Instant> lastAlive() {
        return Optional.empty();
    }

    @Override
    public CompletionStage<Page> page(Query query) {
        return CompletableFuture.completedStage(new Page(List.of(), false, false));
    }

    @Override
    public CompletionStage<Page> newestOfEach(Query query) {
        return page(query);
    }
}
