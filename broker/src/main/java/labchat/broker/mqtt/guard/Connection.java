package labchat.broker.mqtt.guard;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.acl.AclSubject;
import labchat.broker.diagnostics.SaidSender;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.BrokerEventListener.Wait;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.Refusal;
import labchat.protocol.text.ShortText;

/**
 * One client's connection as the guard sees it.
 *
 * <p>Unless said otherwise, everything here belongs to the channel's event loop and is used on no other thread.
 *
 * <pre>
 * NEW --CONNECT--> LOGGING_IN --password is right--> OPENING --CONNACK is written--> OPEN
 * </pre>
 */
final class Connection {

    enum State {
        /** Nothing came yet. */
        NEW,
        /** The password is being checked. */
        LOGGING_IN,
        /** Moquette has the CONNECT. */
        OPENING,
        /** Moquette takes packets. */
        OPEN,
        /** Nothing that comes counts any more. */
        CLOSING
    }

    private static final long NO_ACCOUNT = -1;

    static final byte[] NO_PAYLOAD = {};

    /** How long a client may take to read why it is cut off. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** What CONNACK, SUBACK and DISCONNECT have beside reason codes and a reason string, at the most, in bytes. */
    private static final int REST_OF_AN_ANSWER = 20;

    private final Guard guard;
    private final Channel channel;
    private final EventLoop loop;
    private final LoopPace pace;
    private final WireCounts counts;
    private final String listener;
    private final SocketAddress remoteAddress;
    private final Instant since;
    private final Tracer tracer;
    private final Promise<Void> gone;

    private SubscribeHandler subscriber;
    private PublishHandler publisher;
    private DeliveryHandler delivery;
    private final Replay replay = new Replay(this);
    private State state = State.NEW;
    private MqttVersion version;
    private boolean wantsProblemInformation = true;
    private int receiveMaximum = 65_535;
    private long maximumPacketSize = Long.MAX_VALUE;
    private volatile ClientIdentity identity;
    private volatile AclSubject subject;
    private volatile String session;
    private Session durable;
    private Duration sessionExpiry = Duration.ZERO;
    private boolean handshaking;
    private boolean spoken;
    private Optional<String> certificateUser = Optional.empty();
    private volatile Optional<X509Certificate> certificate = Optional.empty();
    private boolean connectedReported;
    private Cause cause = Cause.LOST;
    private boolean goodbye;
    private String causeDetail = "";
    private PublishRate publishRate;
    private long introducedNanos;
    private volatile long accountVersion = NO_ACCOUNT;
    private Future<Void> predecessor;
    private int unacknowledged;
    private int pauses;

    Connection(Guard guard, Channel channel, LoopPace pace, String listener) {
        this.pace = pace;
        this.guard = guard;
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.counts = guard.countsOf(loop);
        this.listener = listener;
        this.remoteAddress = channel.remoteAddress();
        this.since = guard.services().clock().instant();
        this.identity = new ClientIdentity(Optional.empty(), "", addressText(remoteAddress));
        this.subject = new AclSubject(Optional.empty(), "");
        this.tracer = new Tracer(this, guard.services());
        this.gone = loop.newPromise();
    }

    private static String addressText(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            String host = inet.getAddress().getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        return String.valueOf(address);
    }

    void attach(SubscribeHandler subscribeHandler, PublishHandler publishHandler, DeliveryHandler deliveryHandler) {
        subscriber = subscribeHandler;
        publisher = publishHandler;
        delivery = deliveryHandler;
    }

    SubscribeHandler subscriber() {
        return subscriber;
    }

    PublishHandler publisher() {
        return publisher;
    }

    Guard guard() {
        return guard;
    }

    GuardServices services() {
        return guard.services();
    }

    /** Any thread. */
    Channel channel() {
        return channel;
    }

    /** Any thread. */
    EventLoop loop() {
        return loop;
    }

    /** Of the event loop, which it has in common with others. */
    LoopPace pace() {
        return pace;
    }

    /** What the event loop's connections have received and sent. */
    WireCounts counts() {
        return counts;
    }

    String listener() {
        return listener;
    }

    /** The peer's host address, without the port; any thread. */
    String host() {
        return remoteAddress instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(remoteAddress);
    }

    SocketAddress remoteAddress() {
        return remoteAddress;
    }

    Tracer tracer() {
        return tracer;
    }

    /** What waited for the user. */
    Replay replay() {
        return replay;
    }

    DeliveryHandler delivery() {
        return delivery;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** Whether publishes and acknowledgements that come now wait for nothing, and are looked at by nobody else. */
    boolean takesAtOnce() {
        return state == State.OPEN && !goodbye && !delivery.isUnderWeather() && !subscriber.holdsPacketsBack();
    }

    /** Done when the channel is closed and Moquette was told; any thread may wait for it. */
    Future<Void> gone() {
        return gone;
    }

    /** Who it is, as far as is known; any thread. */
    ClientIdentity identity() {
        return identity;
    }

    /** Whose rights count; any thread. */
    AclSubject subject() {
        return subject;
    }

    /** Moquette's client id, {@code user:id}; null before login; any thread. */
    String session() {
        return session;
    }

    /** Null before CONNECT. */
    MqttVersion version() {
        return version;
    }

    boolean isVersion5() {
        return version == MqttVersion.MQTT_5;
    }

    /** Whether reason strings may be sent [MQTT-3.1.2-29]. */
    boolean wantsReasonString() {
        return isVersion5() && wantsProblemInformation;
    }

    int receiveMaximum() {
        return receiveMaximum;
    }

    /** The largest packet the client takes, in bytes [MQTT-3.1.2-24]. */
    long maximumPacketSize() {
        return maximumPacketSize;
    }

    /** When the connection was accepted; any thread. */
    Instant since() {
        return since;
    }

    /** The client is to speak TLS first. */
    void handshakeBegins() {
        handshaking = true;
    }

    /** TLS is agreed upon; the user is the one that the client's certificate names, if it is to count. */
    void handshakeEnds(Optional<String> user, Optional<X509Certificate> shown) {
        handshaking = false;
        certificate = shown;
        certificateUser = user;
    }

    boolean isInHandshake() {
        return handshaking;
    }

    /** Who the client is by its certificate, whatever CONNECT says; empty if that is left to CONNECT. */
    Optional<String> certificateUser() {
        return certificateUser;
    }

    /** Why the client's certificate counts no more, or never has; empty if it does, or there is none. Any thread. */
    Optional<String> certificateProblem() {
        return certificate.flatMap(shown -> services().certificates().problem(shown));
    }

    /** The client has sent its first bytes. */
    void spoke() {
        spoken = true;
    }

    boolean hasSpoken() {
        return spoken;
    }

    /** What CONNECT says of the client; nothing of it is proven yet. */
    void introduced(
            MqttVersion protocol,
            Optional<String> user,
            String clientId,
            int clientReceiveMaximum,
            long clientMaximumPacketSize,
            boolean problemInformation) {
        introducedNanos = nanosIfWanted();
        version = protocol;
        receiveMaximum = clientReceiveMaximum;
        maximumPacketSize = clientMaximumPacketSize;
        wantsProblemInformation = problemInformation;
        identity = new ClientIdentity(user, clientId, identity.address());
        accountVersion = versionOf(user);
    }

    private long versionOf(Optional<String> user) {
        return user.map(name -> services().users().version(name)).orElse(NO_ACCOUNT);
    }

    /**
     * Whether the account is the same as when the login began, with the same password, and the certificate, if there is
     * one, not revoked. Any thread.
     */
    boolean isLoginStillGood() {
        Optional<String> user = identity.user();
        boolean sameAccount = user.isEmpty() || accountVersion != NO_ACCOUNT && accountVersion == versionOf(user);
        return sameAccount && certificateProblem().isEmpty();
    }

    /** The login was good. */
    void loggedIn(String sessionId) {
        certificate.ifPresent(services().certificates()::used);
        subject = new AclSubject(identity.user(), identity.clientId());
        session = sessionId;
        publishRate = identity.user().map(user -> guard.loggedIn(this, user)).orElseGet(guard::newPublishRate);
    }

    /** The session outlives this connection. */
    void holds(Session kept, Duration expiry) {
        durable = kept;
        sessionExpiry = expiry;
    }

    /** The session, if it outlives this connection; null if not. */
    Session durable() {
        return durable;
    }

    Duration sessionExpiry() {
        return sessionExpiry;
    }

    /** DISCONNECT may say anew how long the session is to live [MQTT-3.14.2.2.2]. */
    void sessionExpiry(Duration expiry) {
        sessionExpiry = expiry;
    }

    /** Up to which sequence number the client has acknowledged all that it subscribes to. */
    long settledUpTo() {
        long newest = services().store().messages().lastSequence();
        long lowest = Math.min(delivery.lowestOutstanding(), replay.lowestUnsent());
        return lowest == Long.MAX_VALUE ? newest : lowest - 1;
    }

    /** The login was good, but the client has left already: only what it sent before counts. */
    void provenAfterTheEnd() {
        subject = new AclSubject(identity.user(), identity.clientId());
        publishRate = guard.newPublishRate();
    }

    /** Counts the user's publishes over all connections; null before login. */
    PublishRate publishRate() {
        return publishRate;
    }

    Instant now() {
        return services().clock().instant();
    }

    void report(BrokerEvent event) {
        services().events().onEvent(event);
    }

    /** The client is connected; its end will be reported too. */
    void reportConnected(int keepAliveSeconds) {
        connectedReported = true;
        String versionText = switch (version) {
            case MQTT_3_1 -> "3.1";
            case MQTT_3_1_1 -> "3.1.1";
            case MQTT_5 -> "5";
        };
        report(new BrokerEvent.ClientConnected(now(), identity, versionText, listener, keepAliveSeconds));
        reportWait(Wait.LOGIN, introducedNanos);
    }

    /** The time as {@link System#nanoTime()} has it, if somebody measures how long clients wait. */
    long nanosIfWanted() {
        return services().events().wantsWaits() ? System.nanoTime() : 0;
    }

    /** The client waited since then, as {@link #nanosIfWanted} gave it. */
    void reportWait(Wait what, long since) {
        if (services().events().wantsWaits()) {
            services().events().onWait(what, System.nanoTime() - since);
        }
    }

    /** Whether the client has its CONNACK and is not being cut off; Moquette may need a moment more. */
    private boolean isLoggedIn() {
        return state == State.OPEN || state == State.OPENING && connectedReported;
    }

    /**
     * A packet was refused, or passed on although it is wrong: told to the log, and explained to its author.
     *
     * @param payload of a publish; empty for other packets
     */
    void reportRefusedPacket(String packet, String topic, Refusal refusal, byte[] payload) {
        tracer.refused(refusal);
        report(new BrokerEvent.PacketRefused(now(), identity, packet, ShortText.of(topic), refusal));
        explain(topic, refusal, payload);
    }

    /** Something was passed on that will not do what its author expects. */
    void reportAdvice(String topic, Refusal advice, byte[] payload) {
        report(new BrokerEvent.Advised(now(), identity, ShortText.of(topic), advice));
        explain(topic, advice, payload);
    }

    private void explain(String topic, Refusal why, byte[] payload) {
        Optional<String> account = subject.user().or(() -> SaidSender.in(payload));
        guard.diagnostics().explain(account, topic, why, payload);
    }

    /** The client said goodbye. */
    void saidGoodbye() {
        goodbye = true;
        cause = Cause.DISCONNECT;
    }

    /** Whether nothing more may come from the client [MQTT-3.14.4-2], nor be said in its name. */
    boolean hasSaidGoodbye() {
        return goodbye;
    }

    /** Called once, when the channel is closed and Moquette was told. */
    void ended() {
        state = State.CLOSING;
        if (durable != null) {
            delivery.leave(durable);
            durable = null;
        }
        guard.subscriptions().removeAll(this);
        guard.remove(this);
        if (connectedReported) {
            connectedReported = false;
            report(new BrokerEvent.ClientDisconnected(now(), identity, cause, causeDetail));
        }
        if (predecessor == null) {
            gone.trySuccess(null);
        } else {
            predecessor.addListener(alsoGone -> gone.trySuccess(null));
        }
    }

    /** The former connection of the same session: this one is not gone before that one is. */
    void follows(Connection former) {
        predecessor = former.gone();
    }

    /**
     * Closes the connection, to a client of version 5 with a DISCONNECT that says why; any thread.
     *
     * @param detail what the client did, for the log; empty if the cause says it all
     */
    void closeWith(MqttReasonCodes.Disconnect reason, Cause why, String detail) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> closeWith(reason, why, detail));
            return;
        }
        if (state == State.CLOSING) {
            return;
        }
        boolean sayWhy = isLoggedIn() && isVersion5();
        state = State.CLOSING;
        cause = why;
        causeDetail = detail;
        delivery.flushNow();
        if (sayWhy) {
            String text = fits(detail, 0) ? detail : "";
            channel.writeAndFlush(Replies.disconnect(reason, text)).addListener(ChannelFutureListener.CLOSE);
            // A client that does not read does not get the DISCONNECT either.
            loop.schedule(() -> channel.close(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            channel.close();
        }
    }

    /**
     * Breaks the connection as a network does that is gone: nobody says goodbye.
     *
     * @param detail why, for the log
     */
    void cut(String detail) {
        if (state == State.CLOSING) {
            return;
        }
        delivery.flushNow();
        state = State.CLOSING;
        causeDetail = detail;
        channel.close();
    }

    /**
     * Whether the client wants reasons in words, and takes a packet with this one [MQTT-3.2.2-19], [MQTT-3.9.2-1],
     * [MQTT-3.14.2-3].
     *
     * @param codes how many reason codes stand in the packet beside it
     */
    boolean fits(String reason, int codes) {
        return wantsReasonString()
                && reason.getBytes(StandardCharsets.UTF_8).length + codes + REST_OF_AN_ANSWER <= maximumPacketSize;
    }

    /** Refuses a packet that no well-behaved client sends, and closes. */
    void closeFor(MqttReasonCodes.Disconnect reason, String packet, Refusal refusal) {
        closeFor(reason, packet, "", refusal);
    }

    /** The same, for a packet about a topic. */
    void closeFor(MqttReasonCodes.Disconnect reason, String packet, String topic, Refusal refusal) {
        if (state == State.CLOSING) {
            return;
        }
        if (isLoggedIn()) {
            reportRefusedPacket(packet, topic, refusal, NO_PAYLOAD);
        } else {
            tracer.refused(refusal);
            report(new BrokerEvent.LoginRefused(now(), identity, refusal));
        }
        closeWith(reason, Cause.CLOSED_BY_BROKER, refusal.words());
    }

    /** A publish waits for its acknowledgement; too many stop the reading. */
    void publishPending() {
        unacknowledged++;
        if (unacknowledged == services().settings().maxUnacknowledged()) {
            pauseReading();
        }
    }

    /** A publish was acknowledged. */
    void publishSettled() {
        if (unacknowledged == services().settings().maxUnacknowledged()) {
            resumeReading();
        }
        unacknowledged = Math.max(0, unacknowledged - 1);
    }

    /** Stops reading from the client until {@link #resumeReading()} was called as often. */
    void pauseReading() {
        if (pauses++ == 0) {
            channel.config().setAutoRead(false);
        }
    }

    void resumeReading() {
        if (--pauses == 0) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public String toString() {
        return "Connection[%s %s]".formatted(identity.address(), identity.user().orElse("-"));
    }
}
