package labchat.client.mqtt;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import labchat.client.session.ChatSession;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.KnownRooms;
import labchat.client.session.MqttVersion;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.client.session.SessionState;
import labchat.client.wire.WireLog;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.codec.RoomsCodec;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.Notice;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ServerTopic;

/**
 * A {@link ChatSession} over MQTT. All its state belongs to one thread, on which the listener is called as well. Each
 * attempt to connect makes a new {@link MqttLink}; what the server had not acknowledged stays in the outbox and goes out
 * again, in order, on the next one.
 */
public final class HiveMqChatSession implements ChatSession {

    /** How long a publish waits for its acknowledgement on a living connection. */
    static final Duration ACKNOWLEDGEMENT_TIMEOUT = Duration.ofSeconds(10);

    /** The server's advice on publishes at QoS 0, which it passes on. */
    private static final String QOS_0 = "qos_0";

    /** How long a request waits for its answer. */
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration GOODBYE_TIMEOUT = Duration.ofSeconds(1);

    private final ConnectSettings settings;
    private final Interest interest;
    private final Consumer<SessionEvent> listener;
    private final MqttLink.Factory links;
    private final Clock clock;
    private final ScheduledExecutorService loop;
    private final Backoff backoff;
    private final ChatCodec codec = new ChatCodec(ProtocolLimits.DEFAULT);

    private final Requests requests;
    private final String requestPrefix;
    private final KnownRooms rooms;
    /** Codes that the server explains beside refusing a request, which then has been told already. */
    private final Map<String, Integer> explanationsToCome = new HashMap<>();

    private boolean takesRequests = true;

    private final Inbound inbound;
    private final Outbox outbox;
    private volatile SessionState state = SessionState.CONNECTING;
    private boolean everConnected;
    private Attempt current;

    HiveMqChatSession(
            ConnectSettings settings,
            Interest interest,
            Consumer<SessionEvent> listener,
            MqttLink.Factory links,
            Clock clock,
            ScheduledExecutorService loop,
            RandomGenerator random) {
        this.settings = settings;
        this.interest = interest;
        this.listener = listener;
        this.links = links;
        this.clock = clock;
        this.loop = loop;
        this.backoff = new Backoff(random);
        this.requests = new Requests(settings.version() == MqttVersion.V5);
        this.requestPrefix = HexFormat.of().toHexDigits(random.nextLong());
        this.rooms = new KnownRooms(settings.user());
        this.inbound = new Inbound(settings, codec, clock, new Incoming());
        this.outbox = new Outbox(new OutboxPost());
    }

    /** A session that has yet to be started; its client id is new and stays the same as long as it lives. */
    public static ChatSession create(
            ConnectSettings settings, Interest interest, Clock clock, Consumer<SessionEvent> listener) {
        return create(settings, interest, clock, Optional.empty(), listener);
    }

    /**
     * Such a session whose packets can be looked at.
     *
     * @param wire gets each packet, both ways; empty if nobody looks
     */
    public static ChatSession create(
            ConnectSettings settings,
            Interest interest,
            Clock clock,
            Optional<WireLog> wire,
            Consumer<SessionEvent> listener) {
        String clientId = "labchat-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "labchat-session");
            thread.setDaemon(true);
            return thread;
        });
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        loop.setRemoveOnCancelPolicy(true);
        return new HiveMqChatSession(
                settings,
                interest,
                listener,
                new HiveMqLinks(settings, clientId, wire),
                clock,
                loop,
                ThreadLocalRandom.current());
    }

    @Override
    public void start() {
        onLoop(this::connect);
    }

    @Override
    public SessionState state() {
        return state;
    }

    @Override
    public CompletableFuture<Void> publish(ChatEvent event) {
        Outbox.Outgoing outgoing = new Outbox.Outgoing(event);
        if (!onLoop(() -> accept(outgoing))) {
            outgoing.fail(ended());
        }
        return outgoing.done();
    }

    @Override
    public <A> CompletableFuture<A> request(ServerRequest<A> request) {
        Requests.Pending<A> pending = new Requests.Pending<>(request);
        if (!onLoop(() -> ask(pending))) {
            pending.fail(ended());
        }
        return pending.done();
    }

    @Override
    public int drain(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        CompletableFuture<Void> drained = new CompletableFuture<>();
        if (onLoop(() -> outbox.whenEmpty(drained)) && await(drained, deadline)) {
            CompletableFuture<Void> answered = new CompletableFuture<>();
            if (onLoop(() -> roundTrip(answered))) {
                await(answered, deadline);
            }
        }
        CompletableFuture<Integer> left = new CompletableFuture<>();
        if (!onLoop(() -> left.complete(outbox.size()))) {
            return 0;
        }
        return left.join();
    }

    @Override
    public void close() {
        CompletableFuture<Void> goodbye = new CompletableFuture<>();
        if (!onLoop(() -> leave(goodbye))) {
            return;
        }
        try {
            goodbye.get(GOODBYE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The connection ends with the process in any case.
        }
        loop.shutdown();
        links.close();
    }

    private void connect() {
        if (state == SessionState.CLOSED) {
            return;
        }
        state = SessionState.CONNECTING;
        Attempt attempt = new Attempt();
        current = attempt;
        attempt.link = links.create(attempt);
        attempt.link
                .connect()
                .whenComplete((nothing, thrown) -> onLoop(() -> {
                    if (attempt.isStale()) {
                        return;
                    }
                    if (thrown == null) {
                        subscribe(attempt);
                    } else {
                        connectFailed((LinkException) ConnectErrors.unwrap(thrown));
                    }
                }));
    }

    private void connectFailed(LinkException failure) {
        boolean hopeless = failure.kind() != SessionFailure.Kind.UNAVAILABLE;
        if (hopeless || !everConnected) {
            end(new SessionFailure(failure.kind(), failure.getMessage()));
        } else {
            retryLater(failure.getMessage());
        }
    }

    private void subscribe(Attempt attempt) {
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (String filter : interest.required(settings.topics(), settings.user())) {
            answers.add(attempt.link.subscribe(filter, settings.subscriptionQos()));
        }
        for (String filter : interest.optional(settings.topics(), settings.user())) {
            answers.add(
                    attempt.link.subscribe(filter, settings.subscriptionQos()).exceptionally(refused -> null));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
        Future<?> timeout = schedule(ACKNOWLEDGEMENT_TIMEOUT, () -> {
            if (!all.isDone() && !attempt.isStale()) {
                attempt.link.disconnect();
                subscribeFailed(new SessionFailure(
                        SessionFailure.Kind.TIMED_OUT,
                        "the server at %s has not answered the subscription within %d s."
                                .formatted(settings.address(), ACKNOWLEDGEMENT_TIMEOUT.toSeconds())));
            }
        });
        all.whenComplete((nothing, thrown) -> onLoop(() -> {
            timeout.cancel(false);
            if (attempt.isStale()) {
                return;
            }
            if (thrown == null) {
                connected(attempt);
                return;
            }
            LinkException failure = (LinkException) ConnectErrors.unwrap(thrown);
            if (!failure.isConnectionLost()) {
                attempt.link.disconnect();
                end(new SessionFailure(
                        failure.kind(),
                        "%s. Ask whoever runs the server to let \"%s\" read it, or check --chat-root."
                                .formatted(failure.getMessage(), settings.user())));
            } else {
                subscribeFailed(new SessionFailure(
                        SessionFailure.Kind.UNAVAILABLE,
                        "the server at %s closed the connection right after the login.".formatted(settings.address())));
            }
        }));
    }

    private void subscribeFailed(SessionFailure failure) {
        if (everConnected) {
            retryLater(failure.message());
        } else {
            end(failure);
        }
    }

    private void connected(Attempt attempt) {
        state = SessionState.CONNECTED;
        attempt.ready = true;
        boolean again = everConnected;
        everConnected = true;
        backoff.reset();
        emit(new SessionEvent.Connected(settings.address(), again));
        outbox.sendAll(attempt);
        if (interest.rooms()) {
            catchUp(attempt);
        }
        List<Runnable> early = List.copyOf(attempt.early);
        attempt.early.clear();
        early.forEach(Runnable::run);
    }

    private void catchUp(Attempt attempt) {
        CatchUp catchUp = new CatchUp(settings.user(), this::schedule, () -> {
            if (!attempt.isStale()) {
                emit(new SessionEvent.CaughtUp(takesRequests));
            }
        });
        attempt.catchUp = Optional.of(catchUp);
        if (!takesRequests) {
            // It may do so yet, but nobody is to wait for that.
            catchUp.finish();
        }
        // Those that are known from an earlier connection; the server's list will tell which of them there still are.
        followRooms(attempt);
        Requests.Pending<RoomsAnswer> myRooms = new Requests.Pending<>(new ServerRequest.Rooms(new RoomsRequest(
                settings.user(), RoomsRequest.Action.LIST, Optional.empty(), false, Optional.empty())));
        myRooms.done().whenComplete((answer, thrown) -> onLoop(catchUp::settled));
        ask(myRooms);
        Requests.Pending<HistoryAnswer> newest = new Requests.Pending<>(new ServerRequest.History(new HistoryRequest(
                settings.user(), Optional.empty(), Optional.empty(), HistoryRequest.MAX_LIMIT, Optional.empty())));
        newest.done()
                .whenComplete((answer, thrown) -> onLoop(() -> {
                    if (thrown == null) {
                        catchUp.expect(answer.messages());
                    }
                    catchUp.settled();
                }));
        ask(newest);
    }

    private void ask(Requests.Pending<?> request) {
        if (state != SessionState.CONNECTED) {
            request.fail(
                    state == SessionState.CLOSED
                            ? ended()
                            : new SessionFailure(
                                    SessionFailure.Kind.UNAVAILABLE,
                                    "there is no connection to the server; try again when there is."));
            return;
        }
        requests.add(request, requestPrefix);
        sendRequests();
    }

    private void sendRequests() {
        Attempt attempt = current;
        for (Requests.Pending<?> request : requests.due()) {
            request.sent(schedule(REQUEST_TIMEOUT, () -> {
                takesRequests = false;
                failed(
                        request,
                        new SessionFailure(
                                SessionFailure.Kind.TIMED_OUT,
                                "the server at %s does not answer %s requests."
                                        .formatted(settings.address(), request.level())));
            }));
            attempt.link
                    .request(
                            settings.topics().topic(ChatId.SERVER, request.level()),
                            request.payload(),
                            settings.topics().topic(settings.user(), request.level()),
                            request.correlation())
                    .whenComplete((nothing, thrown) -> {
                        if (thrown != null) {
                            onLoop(() -> requestRefused(request, (LinkException) ConnectErrors.unwrap(thrown)));
                        }
                    });
        }
    }

    private void requestRefused(Requests.Pending<?> request, LinkException failure) {
        if (failure.isConnectionLost()) {
            // All that wait are told when the connection is given up.
            return;
        }
        boolean nobodyThere = failure.kind() == SessionFailure.Kind.OTHER;
        boolean told = failed(
                request,
                nobodyThere
                        ? new SessionFailure(
                                SessionFailure.Kind.OTHER,
                                "the server at %s does not answer %s requests: it is a plain MQTT server."
                                        .formatted(settings.address(), request.level()))
                        : new SessionFailure(failure.kind(), failure.getMessage()));
        if (nobodyThere) {
            takesRequests = false;
        } else if (told) {
            explanationsToCome.merge(request.level(), 1, Integer::sum);
        }
    }

    private boolean failed(Requests.Pending<?> request, SessionFailure failure) {
        boolean waited = requests.remove(request);
        if (waited) {
            request.fail(failure);
            sendRequests();
        }
        return waited;
    }

    private void failRequests(SessionFailure failure) {
        requests.removeAll().forEach(request -> request.fail(failure));
        explanationsToCome.clear();
    }

    /** An answer, or a word on rooms that the server sends unasked. */
    private void answered(String level, byte[] payload, Optional<String> correlation) {
        Attempt attempt = current;
        takesRequests = true;
        Optional<Requests.Pending<?>> request = requests.answered(level, payload, correlation);
        Optional<RoomsAnswer> news = interest.rooms() && level.equals(RoomsRequest.LEVEL)
                ? RoomsCodec.decodeAnswer(payload)
                        .filter(answer -> answer.fault().isEmpty())
                : Optional.empty();
        if (news.isPresent()) {
            rooms.learn(news.get());
            followRooms(attempt)
                    .whenComplete((nothing, thrown) -> onLoop(() -> {
                        if (!attempt.isStale()) {
                            emit(new SessionEvent.Rooms(news.get()));
                        }
                        request.ifPresent(Requests.Pending::complete);
                    }));
        } else {
            request.ifPresent(Requests.Pending::complete);
        }
        sendRequests();
    }

    /** Subscribes to the trees of the rooms that the user is in, and to no others; never fails. */
    private CompletableFuture<Void> followRooms(Attempt attempt) {
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        Set<ChatId> wanted = Set.copyOf(rooms.joined());
        for (ChatId room : List.copyOf(attempt.followed)) {
            if (!wanted.contains(room)) {
                attempt.followed.remove(room);
                answers.add(attempt.link.unsubscribe(settings.topics().inbox(room)));
            }
        }
        for (ChatId room : rooms.joined()) {
            if (attempt.followed.add(room)) {
                answers.add(attempt.link.subscribe(settings.topics().inbox(room), settings.subscriptionQos()));
            }
        }
        // A server that refuses one, or a connection that breaks, has its own story.
        return CompletableFuture.allOf(answers.stream()
                .map(answer -> answer.exceptionally(refused -> null))
                .toArray(CompletableFuture<?>[]::new));
    }

    private void accept(Outbox.Outgoing outgoing) {
        if (state == SessionState.CLOSED) {
            outgoing.fail(ended());
        } else if (outgoing.event() instanceof Typing) {
            if (state == SessionState.CONNECTED) {
                current.transmit(outgoing.event());
            }
            outgoing.done().complete(null);
        } else if (outbox.add(outgoing) && state == SessionState.CONNECTED) {
            outbox.send(outgoing, current);
        }
    }

    private void retryLater(String reason) {
        current = null;
        state = SessionState.WAITING;
        failRequests(
                new SessionFailure(SessionFailure.Kind.UNAVAILABLE, "the connection was lost before the answer came."));
        Duration pause = backoff.next();
        emit(new SessionEvent.ConnectionLost(reason, pause));
        schedule(pause, this::connect);
    }

    private void end(SessionFailure failure) {
        current = null;
        state = SessionState.CLOSED;
        emit(new SessionEvent.Ended(failure));
        failRequests(failure);
        outbox.failAll(failure);
    }

    private void leave(CompletableFuture<Void> goodbye) {
        Attempt attempt = current;
        boolean connected = state == SessionState.CONNECTED;
        current = null;
        state = SessionState.CLOSED;
        failRequests(ended());
        outbox.failAll(ended());
        if (attempt == null || !connected) {
            goodbye.complete(null);
        } else {
            attempt.link.disconnect().whenComplete((nothing, thrown) -> goodbye.complete(null));
        }
    }

    private void roundTrip(CompletableFuture<Void> answered) {
        if (state != SessionState.CONNECTED) {
            answered.complete(null);
            return;
        }
        current.link.roundTrip().whenComplete((nothing, thrown) -> onLoop(() -> answered.complete(null)));
    }

    /** Whether it is about a request of this session, which is told in other ways. */
    private boolean explainsARequest(SessionEvent.Diagnostics diagnostics) {
        Optional<String> level = diagnostics
                .topic()
                .flatMap(settings.topics()::parseServerTopic)
                .filter(ServerTopic::isRequest)
                .map(ServerTopic::level);
        if (level.isEmpty() || !diagnostics.isRefusal()) {
            return false;
        }
        Optional<Requests.Pending<?>> waiting = requests.oldest(level.get());
        if (waiting.isPresent()) {
            String hint = diagnostics.hint().map(words -> ". " + words).orElse("");
            return failed(waiting.get(), Requests.failure(diagnostics.code(), diagnostics.reason() + hint));
        }
        return explanationsToCome.computeIfPresent(level.get(), (l, count) -> count == 0 ? null : count - 1) != null;
    }

    private void emit(SessionEvent event) {
        listener.accept(event);
    }

    private SessionFailure ended() {
        return new SessionFailure(SessionFailure.Kind.OTHER, "the session has ended.");
    }

    private Future<?> schedule(Duration delay, Runnable task) {
        return loop.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs the task on the session's thread; false if the session is over. */
    private boolean onLoop(Runnable task) {
        try {
            loop.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** A defect ends the session with words, instead of leaving its user without any. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            Thread.UncaughtExceptionHandler handler = Thread.currentThread().getUncaughtExceptionHandler();
            handler.uncaughtException(Thread.currentThread(), e);
        }
    }

    private static boolean await(CompletableFuture<Void> future, long deadlineNanos) throws InterruptedException {
        try {
            future.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** What follows from what comes in. */
    private final class Incoming implements Inbound.Receiver {

        @Override
        public void arrived(SessionEvent.Arrived event) {
            if (event.event() instanceof ChatMessage message) {
                current.catchUp.ifPresent(waiting -> waiting.arrived(message.id()));
            }
            emit(event);
        }

        @Override
        public void told(SessionEvent event) {
            emit(event);
        }

        @Override
        public void noticed(Notice notice) {
            if (interest.rooms()) {
                rooms.learn(notice);
                followRooms(current);
                emit(new SessionEvent.NoticeCame(notice));
            }
        }

        @Override
        public void answered(String level, byte[] payload, Optional<String> correlation) {
            HiveMqChatSession.this.answered(level, payload, correlation);
        }

        @Override
        public void explained(SessionEvent.Diagnostics diagnostics) {
            // That QoS 0 may lose messages is no news to who asked for it.
            boolean askedForIt = settings.qos().equals(OptionalInt.of(0))
                    && diagnostics.code().equals(QOS_0);
            if (!askedForIt && !explainsARequest(diagnostics)) {
                emit(diagnostics);
            }
        }
    }

    /** What the outbox needs. */
    private final class OutboxPost implements Outbox.Post {

        @Override
        public void onLoop(Runnable task) {
            HiveMqChatSession.this.onLoop(task);
        }

        @Override
        public Future<?> schedule(Duration delay, Runnable task) {
            return HiveMqChatSession.this.schedule(delay, task);
        }

        @Override
        public void unsent(ChatEvent event, SessionFailure failure) {
            emit(new SessionEvent.Unsent(event, failure));
        }
    }

    /** One connection, as the session sees it. */
    private final class Attempt implements MqttLink.Listener, Outbox.Connection {
        private MqttLink link;
        /** What comes before all subscriptions are answered; its listener hears of the connection first. */
        private final List<Runnable> early = new ArrayList<>();

        private final Set<ChatId> followed = new HashSet<>();
        private Optional<CatchUp> catchUp = Optional.empty();
        private boolean ready;

        @Override
        public boolean isStale() {
            return current != this;
        }

        @Override
        public CompletableFuture<Void> transmit(ChatEvent event) {
            return link.publish(
                    settings.topics().topic(event.receiver(), event.kind()),
                    settings.qosOf(event.kind()),
                    codec.encode(event));
        }

        @Override
        public void arrived(String topic, int qos, byte[] payload, Optional<String> correlation) {
            onLoop(() -> {
                Runnable task = () -> inbound.take(topic, qos, payload, correlation);
                if (!isStale() && ready) {
                    task.run();
                } else if (!isStale()) {
                    early.add(task);
                }
            });
        }

        @Override
        public void lost(String reason) {
            onLoop(() -> {
                // Before it is ready, the failed subscription tells the story.
                if (!isStale() && ready) {
                    retryLater(reason);
                }
            });
        }
    }
}
