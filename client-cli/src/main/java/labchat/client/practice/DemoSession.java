package labchat.client.practice;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import labchat.client.session.ChatSession;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.client.session.SessionState;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.HistoryCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.codec.RoomsCodec;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * A session without a network: somebody who follows a script writes, types and sends receipts, and each call that would
 * go to the network is told instead. One thread does all of it, and calls the listener.
 */
public final class DemoSession implements ChatSession {

    /** What one types to reach the one with the script. */
    static final ChatId PARTNER = new ChatId("team2a");

    /** Who also is one's partner, if one is {@link #PARTNER} oneself. */
    static final ChatId OTHER_PARTNER = new ChatId("team1a");

    private static final ChatId AWAY = new ChatId("team3a");

    private static final List<String> ANSWERS = List.of(
            "Got it. Your client showed (delivered) when it reached me, and (read) when it was on my screen; the lines"
                    + " between tell which publishes did that.",
            "When this text was on your screen, your client sent me delivered and read as well. Now type slowly, for"
                    + " more than three seconds, and look for typing.",
            "One hint at the first key, then at most one every 3 s. Try /who, Alt-S or /all, /help.",
            "team3a is away: write to it, and it stays at \"sent\". /quit leaves.");

    private static final String LAST_ANSWER = "That is all I know. Write on, I answer everything; /quit leaves.";

    private final ChatId me;
    private final ChatId partner;
    private final ChatTopics topics;
    private final Clock clock;
    private final Consumer<SessionEvent> listener;
    private final BiConsumer<Optional<ChatId>, String> calls;
    private final ScheduledExecutorService loop;
    private final double pace;
    private final ChatCodec codec = new ChatCodec(ProtocolLimits.DEFAULT);
    private volatile SessionState state = SessionState.CONNECTING;
    private int answered;

    /**
     * @param calls told each call: whose conversation it is about, if any, and the call in words; on any thread
     * @param pace 1 for the pace of people, 0 for no pauses at all
     */
    DemoSession(
            ChatId me,
            ChatTopics topics,
            Clock clock,
            Consumer<SessionEvent> listener,
            BiConsumer<Optional<ChatId>, String> calls,
            double pace) {
        this.me = me;
        this.partner = me.equals(PARTNER) ? OTHER_PARTNER : PARTNER;
        this.topics = topics;
        this.clock = clock;
        this.listener = listener;
        this.calls = calls;
        this.pace = pace;
        this.loop = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "labchat-demo");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** At the pace of people; see the constructor. */
    public static ChatSession create(
            ChatId me,
            ChatTopics topics,
            Clock clock,
            Consumer<SessionEvent> listener,
            BiConsumer<Optional<ChatId>, String> calls) {
        return new DemoSession(me, topics, clock, listener, calls, 1);
    }

    private void after(int millis, Runnable what) {
        try {
            loop.schedule(what, Math.round(millis * pace), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The demo is over.
            return;
        }
    }

    @Override
    public void start() {
        calls.accept(Optional.empty(), "would connect to the server and log in as %s".formatted(me));
        calls.accept(
                Optional.empty(), "would subscribe to %s and %s/+/presence".formatted(topics.inbox(me), topics.root()));
        after(300, () -> {
            state = SessionState.CONNECTED;
            listener.accept(new SessionEvent.Connected("the demo (no network)", false));
            Instant now = clock.instant();
            listener.accept(new SessionEvent.Presence(partner, true, Optional.of(now.minus(Duration.ofMinutes(20)))));
            listener.accept(new SessionEvent.Presence(AWAY, false, Optional.of(now.minus(Duration.ofHours(26)))));
            listener.accept(new SessionEvent.CaughtUp(false));
            calls.accept(
                    Optional.empty(),
                    "a script stands in for %s; \"/to %s\" opens the conversation, \"/quit\" leaves"
                            .formatted(partner, partner));
        });
        after(1_500, () -> comes(new Typing(partner, me)));
        after(3_500, () -> says("Hei! I am a script, nothing goes over any network. Write me something."));
    }

    private void says(String text) {
        String uuid = MessageUuid.random().value().substring(0, 8);
        comes(new ChatMessage(partner, me, text, new MessageUuid(uuid)));
    }

    private void comes(ChatEvent event) {
        String topic = topics.topic(me, event.kind());
        String payload = payload(event);
        calls.accept(Optional.of(partner), "would receive on %s: %s".formatted(topic, payload));
        listener.accept(new SessionEvent.Arrived(
                event, clock.instant(), topic, event.kind().qos(), payload));
    }

    private String payload(ChatEvent event) {
        return new String(codec.encode(event), StandardCharsets.UTF_8);
    }

    @Override
    public CompletableFuture<Void> publish(ChatEvent event) {
        calls.accept(
                Optional.of(event.receiver()),
                "would publish to %s, QoS %d: %s"
                        .formatted(
                                topics.topic(event.receiver(), event.kind()),
                                event.kind().qos(),
                                payload(event)));
        CompletableFuture<Void> done = new CompletableFuture<>();
        after(200, () -> done.complete(null));
        if (event instanceof ChatMessage message && message.receiver().equals(partner)) {
            after(600, () -> comes(new Receipt(ChatKind.DELIVERED, partner, me, message.uuid())));
            after(1_500, () -> comes(new Receipt(ChatKind.READ, partner, me, message.uuid())));
            after(2_200, () -> comes(new Typing(partner, me)));
            after(4_000, () -> {
                says(answered < ANSWERS.size() ? ANSWERS.get(answered) : LAST_ANSWER);
                answered++;
            });
        }
        return done;
    }

    @Override
    public <A> CompletableFuture<A> request(ServerRequest<A> request) {
        calls.accept(
                Optional.empty(),
                "would ask on %s: %s"
                        .formatted(
                                topics.topic(ChatId.SERVER, request.level()),
                                new String(request.payload(), StandardCharsets.UTF_8)));
        CompletableFuture<A> done = new CompletableFuture<>();
        after(
                200,
                () -> answer(request)
                        .ifPresentOrElse(
                                done::complete,
                                () -> done.completeExceptionally(new SessionException(new SessionFailure(
                                        SessionFailure.Kind.REFUSED, "the demo has no rooms; the real server does")))));
        return done;
    }

    /** Nothing was said before, and there are no rooms. */
    private <A> Optional<A> answer(ServerRequest<A> request) {
        byte[] payload = null;
        if (request instanceof ServerRequest.History history) {
            payload = HistoryCodec.encode(
                    new HistoryAnswer(me, history.request().with(), List.of(), false, Optional.empty()));
        } else if (request instanceof ServerRequest.Rooms rooms
                && rooms.request().action() == RoomsRequest.Action.LIST) {
            payload = RoomsCodec.encode(new RoomsAnswer(
                    me, rooms.request().action().word(), Optional.empty(), List.of(), Optional.empty()));
        }
        return payload == null ? Optional.empty() : request.read(payload);
    }

    @Override
    public int drain(Duration limit) {
        return 0;
    }

    @Override
    public SessionState state() {
        return state;
    }

    @Override
    public void close() {
        state = SessionState.CLOSED;
        loop.shutdownNow();
    }
}
