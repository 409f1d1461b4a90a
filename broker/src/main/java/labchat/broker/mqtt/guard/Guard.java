package labchat.broker.mqtt.guard;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.broker.acl.AclSubject;
import labchat.broker.config.Limits;
import labchat.broker.diagnostics.Diagnostics;
import labchat.broker.diagnostics.RecentMessages;
import labchat.broker.event.BrokerCounts;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.Refusal;
import labchat.broker.weather.WeatherStation;
import labchat.protocol.topic.TopicFilter;

/**
 * The guard of one broker: what its connections have in common, and the list of them. May be used by any thread at once.
 */
public final class Guard {

    /** Moquette's last handler; a pipeline without one is not Moquette's. */
    private static final String MOQUETTE = "handler";

    private static final String WEB_SOCKET = "webSocketHandler";

    /** Two take-overs of one session within this are a fight. */
    private static final Duration FIGHT = Duration.ofSeconds(10);

    private static final long ASK_SECONDS = 5;

    private static final long LAST_WAIT_MILLIS = 200;
    private static final int REMEMBERED_TAKE_OVERS = 1_000;

    /** So many connections beyond the limit are answered with a refusal; more are closed at once. */
    private static final int UNANSWERED_BEYOND_LIMIT = 1_000;

    private static final TopicFilter EVERYTHING = new TopicFilter("#");

    /** A user who is logged in. */
    private record User(Set<Connection> connections, PublishRate publishRate) {}

    private final GuardServices services;
    private final SubscriptionRegistry subscriptions;
    private final ChatRouter router;
    private final KnownTopics topics;
    private final Diagnostics diagnostics;
    private final Inboxes inboxes;
    private final Sessions sessions;
    private final RecentMessages recentMessages = new RecentMessages();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<String, Connection> bySession = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, User> byUser = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Instant> takenOver = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> byHost = new ConcurrentHashMap<>();
    private final LoginFailures loginFailures;
    private final DelayedWills delayedWills = new DelayedWills();
    private final RetainedTopics retained = new RetainedTopics();
    private final ConcurrentMap<EventLoop, LoopPace> paces = new ConcurrentHashMap<>();
    private final ConcurrentMap<EventLoop, WireCounts> counts = new ConcurrentHashMap<>();
    private final Crowd crowd = new Crowd();
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    private final TlsGuard tls;
    private final ConcurrentMap<SocketAddress, CompletableFuture<String>> awaited = new ConcurrentHashMap<>();
    private volatile Optional<GuardWeather> weather = Optional.empty();
    private volatile EventLoopGroup workers;
    private volatile boolean closing;

    /** A guard for listeners without TLS. */
    public Guard(GuardServices services) {
        this(services, false);
    }

    /** @param certificateNamesUser whether a client is whom its certificate names, on listeners with TLS */
    public Guard(GuardServices services, boolean certificateNamesUser) {
        this.services = services;
        this.tls = new TlsGuard(certificateNamesUser);
        this.subscriptions = new SubscriptionRegistry(services.acl());
        this.inboxes = new Inboxes(
                services.chatTopics(), services.store().messages(), services.users()::contains, services.rooms());
        this.sessions = new Sessions(
                services.store().sessions(),
                services.clock(),
                services.settings().live());
        this.topics = new KnownTopics(services.chatTopics());
        this.router = new ChatRouter(services, subscriptions, this);
        this.loginFailures = new LoginFailures(
                services.clock(), () -> services.settings().limits().loginDelay());
        this.diagnostics = new Diagnostics(services.chatTopics(), router, services.clock());
        services.outbound().connect(router);
    }

    GuardServices services() {
        return services;
    }

    SubscriptionRegistry subscriptions() {
        return subscriptions;
    }

    KnownTopics topics() {
        return topics;
    }

    ChatRouter router() {
        return router;
    }

    Diagnostics diagnostics() {
        return diagnostics;
    }

    Sessions sessions() {
        return sessions;
    }

    Inboxes inboxes() {
        return inboxes;
    }

    RecentMessages recentMessages() {
        return recentMessages;
    }

    void addListener(Channel listener) {
        listeners.add(listener);
    }

    /** Adds the handlers to a connection's pipeline; closes a connection that it does not know how to guard. */
    void install(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (closing || pipeline.get(MOQUETTE) == null) {
            channel.close();
            return;
        }
        if (connections.size() > services.settings().limits().maxConnections() + UNANSWERED_BEYOND_LIMIT) {
            // Most of these have not even said CONNECT, so there is nobody to answer.
            channel.close();
            return;
        }
        workers = channel.eventLoop().parent();
        GuardSettings settings = services.settings();
        channel.config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(
                        settings.moquetteWritableBytes() / 2, settings.moquetteWritableBytes()));
        LoopPace pace = paces.computeIfAbsent(channel.eventLoop(), LoopPace::new);
        channel.config().setRecvByteBufAllocator(pace);
        boolean webSocket = pipeline.get(WEB_SOCKET) != null;
        if (webSocket) {
            // A packet may come in several frames, and Moquette's decoder drops continuation frames.
            pipeline.addAfter(WEB_SOCKET, "frameAggregator", new WebSocketFrameAggregator(settings.maxPacketSize()));
        }
        removeIfPresent(pipeline, "bytemetrics", "metrics", "messageLogger");
        Connection connection = new Connection(this, channel, pace, listenerOf(pipeline));
        FirstBytesHandler.Expected inside =
                webSocket ? FirstBytesHandler.Expected.HTTP : FirstBytesHandler.Expected.MQTT;
        if (TlsGuard.isIn(pipeline)) {
            tls.install(pipeline, connection);
            pipeline.addBefore(
                    TlsGuard.HANDLER, "firstBytes", new FirstBytesHandler(connection, FirstBytesHandler.Expected.TLS));
            pipeline.addAfter("tlsHandshake", "firstPlainBytes", new FirstBytesHandler(connection, inside));
        } else {
            pipeline.addFirst("firstBytes", new FirstBytesHandler(connection, inside));
        }
        if (webSocket) {
            pipeline.addAfter("aggregator", "origin", new OriginHandler(connection, settings.origins()));
        }
        pipeline.addBefore("encoder", "wireSize", new WireSizeHandler(connection));
        PacketTimeoutHandler framing = new PacketTimeoutHandler(connection);
        pipeline.addBefore("decoder", "packetTimeout", framing);
        DeliveryHandler delivery = new DeliveryHandler(connection);
        PublishHandler publish = new PublishHandler(connection);
        SubscribeHandler subscribe = new SubscribeHandler(connection);
        connection.attach(subscribe, publish, delivery);
        pipeline.addBefore(MOQUETTE, "trace", new TraceHandler(connection));
        pipeline.addBefore(MOQUETTE, "packets", new PacketHandler(connection, framing));
        pipeline.addBefore(MOQUETTE, "connect", new ConnectHandler(connection));
        pipeline.addBefore(MOQUETTE, "subscribe", subscribe);
        pipeline.addBefore(MOQUETTE, "publish", publish);
        pipeline.addBefore(MOQUETTE, "delivery", delivery);
        delivery.shortcut(pipeline.context(framing));
        connection.counts().one(WireCounts.What.SOCKETS);
        connections.add(connection);
        byHost.merge(connection.host(), 1, Integer::sum);
        CompletableFuture<String> seen = awaited.get(connection.remoteAddress());
        if (seen != null) {
            seen.complete(connection.listener());
        }
    }

    /** As the traffic log names it: by what stands in the way of the bytes, not by what was meant. */
    private static String listenerOf(ChannelPipeline pipeline) {
        if (pipeline.get(WEB_SOCKET) != null) {
            return TlsGuard.isIn(pipeline) ? "wss" : "ws";
        }
        return TlsGuard.isIn(pipeline) ? "tls" : "tcp";
    }

    private static void removeIfPresent(ChannelPipeline pipeline, String... names) {
        for (String name : names) {
            if (pipeline.get(name) != null) {
                pipeline.remove(name);
            }
        }
    }

    /**
     * Waits until the connection from this address has the guard, and says what it came by: {@code tcp}, {@code ws},
     * {@code tls} or {@code wss}; empty if that does not happen in time.
     */
    public Optional<String> awaitGuarded(SocketAddress remote, Duration timeout) {
        CompletableFuture<String> seen = awaited.computeIfAbsent(remote, r -> new CompletableFuture<>());
        connections.stream()
                .filter(connection -> connection.remoteAddress().equals(remote))
                .findFirst()
                .ifPresent(connection -> seen.complete(connection.listener()));
        try {
            return Optional.of(seen.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            awaited.remove(remote);
        }
    }

    /** From now on users have the lab weather that this station gives them. */
    public void under(WeatherStation station) {
        GuardWeather over = new GuardWeather(this, station);
        weather = Optional.of(over);
        station.over(over);
    }

    Optional<GuardWeather> weather() {
        return weather;
    }

    /** How many listeners have an address, that is, could be opened. */
    public int boundListeners() {
        return listenerAddresses().size();
    }

    /** The listeners' addresses, in the order in which they were opened. */
    public List<InetSocketAddress> listenerAddresses() {
        return listeners.stream()
                .map(Channel::localAddress)
                .filter(Objects::nonNull)
                .map(InetSocketAddress.class::cast)
                .toList();
    }

    /** All connections, logged in or not. */
    List<Connection> connections() {
        return List.copyOf(connections);
    }

    /** Who is connected, and what they are subscribed to, as their event loops know it. Waits; not on an event loop. */
    public List<LiveClient> liveClients() {
        List<CompletableFuture<Optional<LiveClient>>> asked = new ArrayList<>();
        for (Connection connection : connections) {
            CompletableFuture<Optional<LiveClient>> answer = new CompletableFuture<>();
            asked.add(answer);
            connection
                    .loop()
                    .execute(() -> answer.complete(
                            connection.session() == null
                                    ? Optional.empty()
                                    : Optional.of(new LiveClient(
                                            connection.subject(),
                                            connection.subscriber().filters()))));
        }
        List<LiveClient> clients = new ArrayList<>();
        for (CompletableFuture<Optional<LiveClient>> one : asked) {
            // A loop that is shutting down never answers.
            one.completeOnTimeout(Optional.empty(), ASK_SECONDS, TimeUnit.SECONDS)
                    .join()
                    .ifPresent(clients::add);
        }
        return clients;
    }

    /** Accounts or rules were replaced: cuts off who has lost them. Waits until that is done; not on an event loop. */
    public Revoked revoke() {
        return new Revocation(this).revoke();
    }

    /** The connections that a user is logged in on. */
    List<Connection> connectionsOf(String user) {
        User own = byUser.get(user);
        return own == null ? List.of() : List.copyOf(own.connections());
    }

    /**
     * Ends all connections of a user; any thread.
     *
     * @param why for the client, where its version takes words, and for the log
     * @return how many there were
     */
    public int disconnect(String user, String why) {
        List<Connection> own = connectionsOf(user);
        own.forEach(connection ->
                connection.closeWith(MqttReasonCodes.Disconnect.ADMINISTRATIVE_ACTION, Cause.CLOSED_BY_BROKER, why));
        return own.size();
    }

    /** A user is logged in on this connection, until {@link #remove}; gives what counts the user's publishes. */
    PublishRate loggedIn(Connection connection, String user) {
        return byUser.compute(user, (name, own) -> {
                    User same = own == null ? new User(ConcurrentHashMap.newKeySet(), newPublishRate()) : own;
                    same.connections().add(connection);
                    return same;
                })
                .publishRate();
    }

    PublishRate newPublishRate() {
        return new PublishRate(services.settings().live());
    }

    DelayedWills delayedWills() {
        return delayedWills;
    }

    RetainedTopics retained() {
        return retained;
    }

    LoginFailures loginFailures() {
        return loginFailures;
    }

    /** Why one more connection is too many; empty if it is not. The connection itself is counted already. */
    Optional<Refusal> tooManyConnections(Connection connection) {
        Limits limits = services.settings().limits();
        if (connections.size() > limits.maxConnections()) {
            return Optional.of(Refusal.of(
                    "too_many_connections", "the broker has its %d connections".formatted(limits.maxConnections())));
        }
        if (byHost.getOrDefault(connection.host(), 0) > limits.maxAddressConnections()) {
            return Optional.of(Refusal.of(
                    "too_many_address_connections",
                    "there are %d connections from your address already".formatted(limits.maxAddressConnections())));
        }
        return Optional.empty();
    }

    /** Why one more connection of this user is too many; empty if it is not. */
    Optional<Refusal> tooManyConnections(String user) {
        int most = services.settings().limits().maxUserConnections();
        return connectionsOf(user).size() < most
                ? Optional.empty()
                : Optional.of(Refusal.of(
                                "too_many_user_connections", "%s has %d connections already".formatted(user, most))
                        .withHint("Close programs that are still running, or disconnect before connecting again."));
    }

    /** Whether somebody is connected in this session. */
    boolean hasSession(String session) {
        return bySession.containsKey(session);
    }

    /** Makes the connection the one of its session; gives the one that was it before, or null. */
    Connection claimSession(String session, Connection connection) {
        return bySession.put(session, connection);
    }

    /** A session was taken over: whether that has happened too often of late to be one program that reconnects. */
    boolean isFoughtOver(String session) {
        Instant now = services.clock().instant();
        Instant last = takenOver.put(session, now);
        if (takenOver.size() > REMEMBERED_TAKE_OVERS) {
            takenOver.values().removeIf(time -> time.plus(FIGHT).isBefore(now));
        }
        return last != null && now.isBefore(last.plus(FIGHT));
    }

    void remove(Connection connection) {
        if (!connections.remove(connection)) {
            return;
        }
        byHost.computeIfPresent(connection.host(), (host, count) -> count == 1 ? null : count - 1);
        if (connection.session() != null) {
            bySession.remove(connection.session(), connection);
            connection
                    .subject()
                    .user()
                    .ifPresent(user -> byUser.computeIfPresent(user, (name, own) -> {
                        own.connections().remove(connection);
                        return own.connections().isEmpty() ? null : own;
                    }));
        }
    }

    /** Who is behind a session of Moquette's; empty if nobody is connected. */
    public Optional<ClientIdentity> identityOf(String session) {
        return Optional.ofNullable(bySession.get(session)).map(Connection::identity);
    }

    /** Whose rights count in a session of Moquette's; empty if nobody is connected. */
    public Optional<AclSubject> subjectOf(String session) {
        return Optional.ofNullable(bySession.get(session)).map(Connection::subject);
    }

    /** Whether {@link #close} was called. */
    public boolean isClosing() {
        return closing;
    }

    WireCounts countsOf(EventLoop loop) {
        return counts.computeIfAbsent(loop, key -> {
            WireCounts one = new WireCounts(key);
            crowd.add(one);
            return one;
        });
    }

    /** What waits for all clients together. */
    Crowd crowd() {
        return crowd;
    }

    private long sum(WireCounts.What what) {
        return counts.values().stream().mapToLong(one -> one.get(what)).sum();
    }

    /** What was counted. */
    public BrokerCounts counts() {
        AtomicInteger ofTheServer = new AtomicInteger();
        services.server().retained(EVERYTHING, (topic, payload) -> ofTheServer.incrementAndGet());
        return new BrokerCounts(
                sum(WireCounts.What.SOCKETS),
                sum(WireCounts.What.CONNECTS),
                bySession.size(),
                sessions.away(),
                sessions.expired(),
                sum(WireCounts.What.PACKETS_RECEIVED),
                sum(WireCounts.What.PACKETS_SENT),
                sum(WireCounts.What.BYTES_RECEIVED),
                sum(WireCounts.What.BYTES_SENT),
                sum(WireCounts.What.PUBLISHES_RECEIVED),
                sum(WireCounts.What.PUBLISHES_SENT),
                sum(WireCounts.What.PUBLISH_BYTES_RECEIVED),
                sum(WireCounts.What.PUBLISH_BYTES_SENT),
                sum(WireCounts.What.PUBLISHES_DROPPED),
                subscriptions.count(),
                retained.count() + ofTheServer.get(),
                sum(WireCounts.What.WAITING_PUBLISHES),
                sum(WireCounts.What.WAITING_BYTES),
                counts.values().stream().mapToLong(WireCounts::waitingTasks).sum());
    }

    /** How many connections there are, logged in or not. */
    public int connectionCount() {
        return connections.size();
    }

    /**
     * Closes the listeners and all connections, with a DISCONNECT 0x8B to those of version 5, and ends Netty's threads.
     * Takes at most two seconds.
     */
    public void close() {
        closing = true;
        List<ChannelFuture> closed = new ArrayList<>();
        for (Channel listener : listeners) {
            closed.add(listener.close());
        }
        for (Connection connection : connections) {
            connection.closeWith(MqttReasonCodes.Disconnect.SERVER_SHUTTING_DOWN, Cause.SHUTDOWN, "");
            closed.add(connection.channel().closeFuture());
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        for (ChannelFuture future : closed) {
            future.awaitUninterruptibly(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        for (Connection connection : connections) {
            connection.channel().close().awaitUninterruptibly(LAST_WAIT_MILLIS);
        }
        // Moquette's own stop would wait two seconds of quiet.
        for (Channel listener : listeners) {
            listener.eventLoop().parent().shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
        }
        if (workers != null) {
            workers.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
        }
        tls.close();
    }
}
