package labchat.broker.rooms;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.broker.acl.AclPolicy;
import labchat.broker.event.ClientGateway;
import labchat.broker.event.Refusal;
import labchat.broker.event.RequestHandler;
import labchat.broker.event.SenderCheck;
import labchat.broker.event.ServerAccount.Answers;
import labchat.broker.store.RoomStore;
import labchat.protocol.codec.RequestResult;
import labchat.protocol.codec.RoomsCodec;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests about rooms, in the order in which they come. A change is in force, and answered, when it is on disk;
 * if it cannot be kept it is not made. While one change is on its way to the disk the next request waits, but for users who
 * join the same moment, whose changes do not touch each other: they go to the disk together. May be used by any thread.
 */
public final class RoomRequests implements RequestHandler {

    /** Requests that wait; so that a store that hangs fills no memory. */
    static final int MAX_WAITING = 10_000;

    private static final int MAX_TOGETHER = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(RoomRequests.class);

    /** A request on its way; its fields are touched by the {@link Serial} only. */
    private static final class Ticket {
        private final RoomsRequest request;
        private final Answers answers;
        private Optional<RoomRules.Change> change = Optional.empty();
        private Optional<RequestFault> fault = Optional.empty();
        private boolean settled;

        Ticket(RoomsRequest request, Answers answers) {
            this.request = request;
            this.answers = answers;
        }
    }

    private final RoomDirectory rooms;
    private final RoomRules rules;
    private final ChatTopics topics;
    private final ClientGateway gateway;
    private final Serial serial = new Serial();
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<Ticket> waiting = new ArrayDeque<>();
    private final Deque<Ticket> underWay = new ArrayDeque<>();
    private boolean alone;

    /**
     * @param store where changes are kept; its rooms are in the directory already
     * @param gateway tells the members, and ends the subscriptions of who leaves
     */
    public RoomRequests(RoomDirectory rooms, RoomStore store, ChatTopics topics, ClientGateway gateway, Clock clock) {
        this.rooms = Objects.requireNonNull(rooms, "rooms");
        this.topics = topics;
        this.gateway = gateway;
        this.rules = new RoomRules(rooms, store, new RoomNotices(topics, gateway), gateway, clock);
    }

    @Override
    public Optional<Refusal> handle(Optional<String> user, byte[] payload, Answers answers) {
        if (user.isEmpty()) {
            // It could say any name, and there is nobody who would be in the room.
            return Optional.of(Refusal.of("no_user_name", "rooms are for those who log in with a user name"));
        }
        RequestResult<RoomsRequest> read = RoomsCodec.decodeRequest(payload);
        if (read instanceof RequestResult.Refused<RoomsRequest> refused) {
            return Optional.of(
                    Refusal.of(refused.fault().code(), refused.fault().reason()));
        }
        RoomsRequest request = ((RequestResult.Read<RoomsRequest>) read).request();
        Optional<Refusal> foreign = SenderCheck.problem(user, request.sender());
        if (foreign.isPresent()) {
            return foreign;
        }
        Ticket ticket = new Ticket(request, answers);
        if (count.incrementAndGet() > MAX_WAITING) {
            count.decrementAndGet();
            ticket.fault = Optional.of(new RequestFault(
                    "server_busy", "too many requests about rooms are waiting; ask again in a moment"));
            answer(ticket);
        } else {
            serial.run(() -> {
                waiting.add(ticket);
                goOn();
            });
        }
        return Optional.empty();
    }

    /**
     * Accounts and rules were replaced: makes the rooms of the rules and the lobby anew, between two requests, and ends the
     * subscriptions of who is in a room no longer.
     *
     * @param added accounts that were none before
     * @param removed accounts that are none any more
     * @return done when it is in force
     */
    public CompletionStage<Void> replaced(
            AclPolicy acl, Optional<ChatId> lobby, Set<ChatId> added, Set<ChatId> removed) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        serial.run(() -> {
            try {
                for (RoomDirectory.Moved one : rooms.replace(acl, topics, lobby, added, removed)) {
                    if (!one.joined()) {
                        gateway.endSubscriptions(one.user(), one.room());
                    }
                }
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private void goOn() {
        boolean moved = true;
        while (moved) {
            moved = false;
            while (!underWay.isEmpty() && underWay.peek().settled) {
                finish(underWay.remove());
                moved = true;
            }
            if (!waiting.isEmpty() && mayStart(waiting.peek())) {
                start(waiting.remove());
                moved = true;
            }
        }
    }

    private boolean mayStart(Ticket next) {
        return underWay.isEmpty() || !alone && underWay.size() < MAX_TOGETHER && touchesNoOther(next.request);
    }

    /** Whether it may go to the disk before others have come back: nothing that they do could make it wrong. */
    private boolean touchesNoOther(RoomsRequest request) {
        if (request.action() == Action.LIST) {
            return true;
        }
        Room room = request.action() == Action.JOIN
                ? rooms.find(request.room().orElseThrow().value())
                : null;
        return room != null
                && room.members().size() + underWay.size() < RoomRules.MAX_MEMBERS
                && underWay.stream()
                        .noneMatch(other -> other.request.action() == Action.JOIN
                                && other.request.sender().equals(request.sender()));
    }

    private void start(Ticket ticket) {
        alone = !touchesNoOther(ticket.request);
        underWay.add(ticket);
        try {
            ticket.change = rules.plan(ticket.request);
        } catch (RoomFault e) {
            ticket.fault = Optional.of(e.fault());
        }
        if (ticket.change.isEmpty()) {
            ticket.settled = true;
            return;
        }
        CompletionStage<Void> kept;
        try {
            kept = ticket.change.get().keep().get();
        } catch (RuntimeException e) {
            notKept(ticket, e);
            return;
        }
        kept.whenComplete((done, failure) -> serial.run(() -> {
            if (failure != null) {
                notKept(ticket, failure);
            }
            ticket.settled = true;
            goOn();
        }));
    }

    private static void notKept(Ticket ticket, Throwable failure) {
        LOG.warn("a change of a room was not made, because it could not be kept: {}", failure.toString());
        ticket.change = Optional.empty();
        ticket.fault = Optional.of(new RequestFault(
                "store_failed",
                "the server could not keep the change, so it is not made; ask again later, or tell the staff"));
        ticket.settled = true;
    }

    private void finish(Ticket ticket) {
        count.decrementAndGet();
        ticket.change.ifPresent(change -> change.apply().run());
        answer(ticket);
    }

    private void answer(Ticket ticket) {
        RoomsRequest request = ticket.request;
        RoomsAnswer answer = new RoomsAnswer(
                request.sender(),
                request.action().word(),
                request.room(),
                ticket.fault.isPresent() ? List.of() : shown(request),
                ticket.fault);
        ticket.answers.answer(request.sender(), RoomsCodec.encode(answer));
    }

    private List<RoomInfo> shown(RoomsRequest request) {
        ChatId me = request.sender();
        if (request.action() == Action.LIST) {
            return rooms.visibleTo(me);
        }
        return request.room()
                .map(id -> rooms.find(id.value()))
                .filter(room -> room.isVisibleTo(me))
                .map(room -> List.of(room.infoFor(me)))
                .orElse(List.of());
    }
}
