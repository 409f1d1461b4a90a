package labchat.broker.history;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import labchat.broker.event.Membership;
import labchat.broker.event.Refusal;
import labchat.broker.event.RequestHandler;
import labchat.broker.event.SenderCheck;
import labchat.broker.event.ServerAccount.Answers;
import labchat.broker.store.HistoryStore;
import labchat.broker.store.HistoryStore.Page;
import labchat.broker.store.HistoryStore.Query;
import labchat.broker.users.UserDirectory;
import labchat.protocol.codec.HistoryCodec;
import labchat.protocol.codec.RequestResult;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RequestFault;
import labchat.protocol.identity.ChatId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for history and searches: of the asker's own conversations and rooms only, whoever asks. One request of a
 * user is worked on at a time, in the order in which they come, and a few more wait, so that nobody keeps the store from
 * others. May be used by any thread.
 */
public final class HistoryRequests implements RequestHandler {

    /** How many requests of one user wait behind the one that is worked on. */
    static final int MAX_WAITING = 16;

    /** The largest answer, in bytes: what does not fit is asked for with {@code before}. */
    static final int MAX_ANSWER_BYTES = 128 * 1024;

    /** The smallest bound that the codec takes; an answer that is too large even so is not delivered. */
    private static final int MIN_ANSWER_BYTES = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(HistoryRequests.class);

    /** A request and where its answer goes. */
    private record Ticket(HistoryRequest request, Answers answers) {}

    private final HistoryStore store;
    private final UserDirectory users;
    private final Membership rooms;

    /** What waits behind a user's request that is worked on; no entry if none is. Guarded by itself. */
    private final Map<ChatId, Queue<Ticket>> waiting = new HashMap<>();

    public HistoryRequests(HistoryStore store, UserDirectory users, Membership rooms) {
        this.store = Objects.requireNonNull(store, "store");
        this.users = Objects.requireNonNull(users, "users");
        this.rooms = Objects.requireNonNull(rooms, "rooms");
    }

    @Override
    public Optional<Refusal> handle(Optional<String> user, byte[] payload, Answers answers) {
        if (user.isEmpty()) {
            // It could say any name, and read what is another's.
            return Optional.of(Refusal.of("no_user_name", "history is for those who log in with a user name"));
        }
        RequestResult<HistoryRequest> read = HistoryCodec.decodeRequest(payload);
        if (read instanceof RequestResult.Refused<HistoryRequest> refused) {
            return Optional.of(
                    Refusal.of(refused.fault().code(), refused.fault().reason()));
        }
        HistoryRequest request = ((RequestResult.Read<HistoryRequest>) read).request();
        Optional<Refusal> foreign = SenderCheck.problem(user, request.sender());
        if (foreign.isPresent()) {
            return foreign;
        }
        take(new Ticket(request, answers));
        return Optional.empty();
    }

    private void take(Ticket ticket) {
        boolean full = false;
        synchronized (waiting) {
            Queue<Ticket> behind = waiting.get(ticket.request().sender());
            if (behind == null) {
                waiting.put(ticket.request().sender(), new ArrayDeque<>());
            } else if (behind.size() < MAX_WAITING) {
                behind.add(ticket);
                return;
            } else {
                full = true;
            }
        }
        if (full) {
            refuse(
                    ticket,
                    new RequestFault(
                            "too_many_requests",
                            "%d of your requests are waiting already; ask again when they are answered"
                                    .formatted(MAX_WAITING)));
        } else {
            start(ticket);
        }
    }

    private void start(Ticket ticket) {
        try {
            Optional<RequestFault> fault = fault(ticket.request());
            if (fault.isPresent()) {
                refuse(ticket, fault.get());
                next(ticket);
                return;
            }
            ask(ticket.request()).whenComplete((page, failure) -> {
                try {
                    answer(ticket, page, failure);
                } finally {
                    next(ticket);
                }
            });
        } catch (RuntimeException e) {
            answer(ticket, null, e);
            next(ticket);
        }
    }

    private void next(Ticket done) {
        Ticket next;
        synchronized (waiting) {
            ChatId user = done.request().sender();
            next = waiting.get(user).poll();
            if (next == null) {
                waiting.remove(user);
            }
        }
        if (next != null) {
            start(next);
        }
    }

    /** The same words for what there is not and for a room of others: nobody learns by asking which rooms there are. */
    private Optional<RequestFault> fault(HistoryRequest request) {
        if (request.with().isEmpty()) {
            return request.before().isPresent() && request.search().isEmpty()
                    ? Optional.of(new RequestFault(
                            "invalid_request",
                            "\"before\" goes with \"with\" or \"search\": without them the answer is the newest message"
                                    + " of every conversation"))
                    : Optional.empty();
        }
        ChatId with = request.with().get();
        return isUser(with) || rooms.isMember(with, request.sender())
                ? Optional.empty()
                : Optional.of(new RequestFault(
                        "not_a_member",
                        "\"%s\" is neither a user nor a room that you are a member of; join it first, or mend the name"
                                .formatted(with)));
    }

    private boolean isUser(ChatId id) {
        return id.equals(ChatId.SERVER) || users.contains(id.value());
    }

    private CompletionStage<Page> ask(HistoryRequest request) {
        boolean everywhere = request.with().isEmpty();
        Query query = new Query(
                request.sender(),
                request.with(),
                !everywhere && !isUser(request.with().get()),
                everywhere ? Set.copyOf(rooms.roomsOf(request.sender())) : Set.of(),
                request.beforeUuid(),
                request.beforeTime(),
                request.search(),
                request.limit());
        return everywhere && request.search().isEmpty() ? store.newestOfEach(query) : store.page(query);
    }

    private void answer(Ticket ticket, Page page, Throwable failure) {
        HistoryRequest request = ticket.request();
        if (failure != null) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            LOG.warn("a request for history was not answered: {}", cause.toString());
            refuse(
                    ticket,
                    new RequestFault(
                            "store_failed",
                            "the server cannot read its store at the moment; ask again later, or tell the staff"));
        } else if (page.unknownBefore()) {
            refuse(
                    ticket,
                    new RequestFault(
                            "unknown_before",
                            "there is no message with the uuid \"%s\" in %s; begin with the newest, without \"before\""
                                    .formatted(
                                            request.before().orElse(""),
                                            request.with()
                                                    .map(id -> "the conversation with " + id)
                                                    .orElse("your conversations"))));
        } else {
            send(
                    ticket,
                    new HistoryAnswer(
                            request.sender(), request.with(), page.messages(), page.more(), Optional.empty()));
        }
    }

    private static void refuse(Ticket ticket, RequestFault fault) {
        HistoryRequest request = ticket.request();
        send(ticket, new HistoryAnswer(request.sender(), request.with(), List.of(), false, Optional.of(fault)));
    }

    private static void send(Ticket ticket, HistoryAnswer answer) {
        int most = Math.min(MAX_ANSWER_BYTES, ticket.answers().maxBytes());
        ticket.answers()
                .answer(ticket.request().sender(), HistoryCodec.encode(answer, Math.max(MIN_ANSWER_BYTES, most)));
    }
}
