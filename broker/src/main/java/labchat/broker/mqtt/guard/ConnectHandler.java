package labchat.broker.mqtt.guard;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import labchat.broker.config.Limits;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.Refusal;
import labchat.broker.mqtt.AdmittedLogin;
import labchat.broker.mqtt.guard.ConnectRequest.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a client in. The first packet is CONNECT and comes in time; a second one closes the connection. The password is
 * checked off the event loop; Moquette then gets a CONNECT of our making: client ids are per user, no state is kept, no
 * password. What comes meanwhile is held back until Moquette takes packets, which it does a moment after it has sent
 * CONNACK.
 */
final class ConnectHandler extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);

    /** Set by Moquette when it takes packets. */
    private static final AttributeKey<Object> TAKES_PACKETS = AttributeKey.valueOf("keepAlive");

    /** After a take-over, this much later the fight is explained. */
    private static final Duration FIGHT_DELAY = Duration.ofMillis(200);

    /** So many packets are held back before the connection is no longer read from. */
    private static final int HELD_BEFORE_PAUSE = 64;

    private static final byte DISCONNECT_WITH_WILL = 0x04;

    private final Connection connection;
    private final Queue<Object> held = new ArrayDeque<>();
    private boolean heldPause;
    private Future<?> timeout;
    private ConnectRequest request;
    private Optional<Session> resumed = Optional.empty();

    ConnectHandler(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        GuardSettings settings = connection.services().settings();
        timeout = ctx.executor()
                .schedule(this::noConnect, settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        ctx.fireChannelActive();
    }

    private void noConnect() {
        if (connection.state() == Connection.State.NEW) {
            connection.closeFor(
                    MqttReasonCodes.Disconnect.PROTOCOL_ERROR,
                    "CONNECT",
                    tooLate(connection.services().settings().connectTimeout().toSeconds()));
        }
    }

    private Refusal tooLate(long seconds) {
        return connection.isInHandshake()
                ? Refusal.of("tls_handshake", "the TLS handshake was not complete within %d s".formatted(seconds))
                : Refusal.of("connect_timeout", "no CONNECT came within %d s".formatted(seconds));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        switch (connection.state()) {
            case NEW -> first(ctx, (MqttMessage) msg);
            case LOGGING_IN, OPENING -> hold(msg);
            case OPEN -> later(ctx, (MqttMessage) msg);
            case CLOSING -> ReferenceCountUtil.release(msg);
        }
    }

    private void first(ChannelHandlerContext ctx, MqttMessage packet) {
        timeout.cancel(false);
        if (!(packet instanceof MqttConnectMessage connect)) {
            // [MQTT-3.1.0-1]
            ReferenceCountUtil.release(packet);
            connection.closeFor(
                    MqttReasonCodes.Disconnect.PROTOCOL_ERROR,
                    PacketNames.of(packet),
                    Refusal.of(
                            "connect_expected",
                            "the first packet must be CONNECT, this was " + PacketNames.of(packet)));
            return;
        }
        request = new ConnectRequest(connect, connection.certificateUser());
        connection.introduced(
                request.version(),
                request.user(),
                request.clientId(),
                request.receiveMaximum(),
                request.maximumPacketSize(),
                request.wantsProblemInformation());
        if (connection.guard().weather().isPresent()
                && connection.guard().weather().get().isUnanswered(connection, request.user())) {
            return;
        }
        connection
                .guard()
                .tooManyConnections(connection)
                .map(ConnectHandler::busy)
                .or(request::problem)
                .or(this::certificateProblem)
                .ifPresentOrElse(this::refuse, () -> checkPassword(ctx));
    }

    /** The handshake was good, because the signature is; whether it still counts is another question. */
    private Optional<Problem> certificateProblem() {
        return connection
                .certificateProblem()
                .map(why -> new Problem(
                        MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                        MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5,
                        Refusal.of("certificate_revoked", why)
                                .withHint("Use another certificate or your password, or ask your staff.")));
    }

    private void checkPassword(ChannelHandlerContext ctx) {
        if (connection.certificateUser().isPresent()) {
            checkCertificate(ctx);
            return;
        }
        if (request.user().isEmpty()) {
            if (connection.services().allowAnonymous()) {
                judgeWill(ctx);
            } else {
                refuse(new Problem(
                        MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                        MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5,
                        Refusal.of("no_user_name", "log in with a user name and a password")));
            }
            return;
        }
        connection.state(Connection.State.LOGGING_IN);
        String user = request.user().get();
        byte[] password = request.takePassword();
        if (isRecent(user, password)) {
            verified(ctx, true);
            return;
        }
        try {
            connection.services().loginThreads().execute(() -> {
                boolean good = verify(user, password);
                connection.pace().soon(() -> verified(ctx, good));
            });
        } catch (RejectedExecutionException e) {
            refuse(new Problem(
                    MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                    MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_BUSY,
                    Refusal.of("server_busy", "too many logins at once, try again")));
        }
    }

    /** The handshake has proven whose certificate it is; there must be such an account still. */
    private void checkCertificate(ChannelHandlerContext ctx) {
        String user = connection.certificateUser().orElse("");
        request.takePassword();
        connection.state(Connection.State.LOGGING_IN);
        if (connection.services().users().contains(user)) {
            verified(ctx, true);
        } else {
            refuse(new Problem(
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD,
                    Refusal.of(
                            "certificate_user",
                            "the certificate is good, but \"%s\", whom it names, has no account".formatted(user))));
        }
    }

    /** Then there is nothing to be done that another connection should not wait for. */
    private boolean isRecent(String user, byte[] password) {
        try {
            return connection.services().users().isRecent(user, password);
        } catch (RuntimeException e) {
            LOG.error("looking for an earlier login of \"{}\" failed, its password is checked anew", user, e);
            return false;
        }
    }

    private boolean verify(String user, byte[] password) {
        try {
            return connection.services().users().verify(user, password);
        } catch (RuntimeException e) {
            LOG.error("checking the password of \"{}\" failed, the login is refused", user, e);
            return false;
        }
    }

    private void verified(ChannelHandlerContext ctx, boolean isRight) {
        boolean good = isRight && connection.isLoginStillGood();
        if (connection.state() != Connection.State.LOGGING_IN) {
            if (good) {
                connection.provenAfterTheEnd();
                publishHeld();
            }
            releaseHeld();
            return;
        }
        if (good) {
            Optional<Refusal> tooMany = connection
                    .guard()
                    .tooManyConnections(request.user().orElse(""))
                    .filter(refusal -> !connection.guard().hasSession(request.sessionId()));
            tooMany.ifPresentOrElse(refusal -> refuse(busy(refusal)), () -> judgeWill(ctx));
        } else {
            tellTheAccount();
            Duration delay = connection.guard().loginFailures().add(connection.host());
            ctx.executor().schedule(() -> wrongPassword(delay), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Problem busy(Refusal refusal) {
        return new Problem(
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED,
                refusal);
    }

    private void wrongPassword(Duration delay) {
        if (connection.state() == Connection.State.LOGGING_IN) {
            refuse(new Problem(
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD,
                    delay.isZero()
                            ? Refusal.of("bad_credentials", "bad user name or password")
                            : Refusal.of(
                                    "login_delayed",
                                    "bad user name or password, again and again from your address: the answer was held back for %d ms"
                                            .formatted(delay.toMillis()))));
        }
    }

    private void judgeWill(ChannelHandlerContext ctx) {
        Optional<Problem> problem = request.willProblem(connection.services());
        if (problem.isEmpty()) {
            admit(ctx);
            return;
        }
        Refusal refusal = problem.get().refusal();
        connection.guard().diagnostics().explain(request.user(), request.willTopic(), refusal, Connection.NO_PAYLOAD);
        refuse(problem.get());
    }

    /** Whoever is logged in from the same address has probably another program with a wrong password. */
    private void tellTheAccount() {
        String user = request.user().orElse("");
        boolean sameAddress = connection.guard().connectionsOf(user).stream()
                .anyMatch(other -> other.host().equals(connection.host()));
        if (sameAddress) {
            connection
                    .guard()
                    .diagnostics()
                    .explain(
                            request.user(),
                            "",
                            new Refusal(
                                    "wrong_password",
                                    "a program at your address tried to log in as %s with a wrong password"
                                            .formatted(user),
                                    Optional.empty(),
                                    "Check the password in that program; this connection is not affected."),
                            Connection.NO_PAYLOAD);
        }
    }

    /** Waits until a former connection of the same session is gone, so that Moquette hears of its end first. */
    private void admit(ChannelHandlerContext ctx) {
        connection.state(Connection.State.OPENING);
        connection.loggedIn(request.sessionId());
        if (!connection.isLoginStillGood()) {
            // The account has lost this password while it was checked; from here on a reload finds the connection.
            refuse(new Problem(
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD,
                    Refusal.of("bad_credentials", "bad user name or password")));
            return;
        }
        connection.guard().weather().ifPresent(weather -> weather.loggedIn(connection));
        Connection former = connection.guard().claimSession(connection.session(), connection);
        if (former == null || former == connection) {
            passOn(ctx);
            return;
        }
        // [MQTT-3.1.4-3]
        former.closeWith(
                MqttReasonCodes.Disconnect.SESSION_TAKEN_OVER,
                Cause.TAKEN_OVER,
                "the same user connected again with the same client id");
        connection.follows(former);
        if (connection.guard().isFoughtOver(connection.session())) {
            // In a moment, when this one may have subscribed.
            ctx.executor().schedule(this::explainFight, FIGHT_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        }
        former.gone().addListener(gone -> ctx.executor().execute(() -> passOn(ctx)));
    }

    private void explainFight() {
        connection
                .guard()
                .diagnostics()
                .explain(
                        request.user(),
                        "",
                        new Refusal(
                                "client_id_in_use",
                                "two programs of yours use the client id \"%s\" and push each other out"
                                        .formatted(request.clientId()),
                                Optional.empty(),
                                "Give each program its own client id, or leave it empty."),
                        Connection.NO_PAYLOAD);
    }

    private void passOn(ChannelHandlerContext ctx) {
        if (connection.state() != Connection.State.OPENING) {
            return;
        }
        takeSession();
        AdmittedLogin.during(request.user(), () -> ctx.fireChannelRead(request.forMoquette(limits())));
    }

    /** Whether the Will waits for its delay or the session's end; before the end of this connection is known. */
    private boolean delay(ConnectRequest.Will will) {
        Duration expiry = connection.durable() == null ? Duration.ZERO : connection.sessionExpiry();
        Duration delay = will.delay().compareTo(expiry) < 0 ? will.delay() : expiry;
        if (delay.isZero()) {
            return false;
        }
        connection
                .guard()
                .delayedWills()
                .add(
                        connection.session(),
                        connection.loop(),
                        delay,
                        () -> connection.guard().router().publishWill(connection, will));
        return true;
    }

    /** [MQTT-3.1.2-4], [MQTT-3.1.2-5] */
    private void takeSession() {
        Sessions sessions = connection.guard().sessions();
        String user = request.user().orElse("");
        Duration expiry = request.sessionExpiry(limits());
        if (request.isCleanStart()) {
            sessions.discard(user, request.clientId());
        } else {
            resumed = sessions.resume(user, request.clientId());
        }
        if (resumed.isPresent()) {
            connection.guard().delayedWills().drop(request.sessionId());
        } else {
            connection.guard().delayedWills().publish(request.sessionId());
        }
        if (resumed.isPresent() || !expiry.isZero()) {
            connection.holds(resumed.orElseGet(() -> sessions.create(user, request.clientId())), expiry);
        }
    }

    private void refuse(Problem problem) {
        connection.report(new BrokerEvent.LoginRefused(connection.now(), connection.identity(), problem.refusal()));
        connection.tracer().refused(problem.refusal());
        MqttConnectReturnCode code = connection.isVersion5() ? problem.code5() : problem.code3();
        String words = problem.refusal().words();
        String reason = connection.fits(words, 0) ? words : "";
        connection.channel().writeAndFlush(Replies.connAck(code, reason));
        connection.closeWith(MqttReasonCodes.Disconnect.NOT_AUTHORIZED, Cause.CLOSED_BY_BROKER, "");
    }

    private Limits limits() {
        return connection.services().settings().limits();
    }

    private void hold(Object msg) {
        connection.tracer().held();
        held.add(msg);
        if (held.size() == HELD_BEFORE_PAUSE) {
            heldPause = true;
            connection.pauseReading();
        }
    }

    private void later(ChannelHandlerContext ctx, MqttMessage packet) {
        if (connection.hasSaidGoodbye()) {
            // An acknowledgement behind DISCONNECT would end one of Moquette's threads.
            ReferenceCountUtil.release(packet);
            return;
        }
        MqttMessageType type = packet.fixedHeader().messageType();
        if (type == MqttMessageType.CONNECT) {
            // [MQTT-3.1.0-2]
            ReferenceCountUtil.release(packet);
            connection.closeFor(
                    MqttReasonCodes.Disconnect.PROTOCOL_ERROR,
                    "CONNECT",
                    Refusal.of("second_connect", "a second CONNECT on one connection"));
            return;
        }
        if (type == MqttMessageType.DISCONNECT) {
            Optional<Refusal> wrong = sayGoodbye(packet);
            if (wrong.isPresent()) {
                connection.closeFor(MqttReasonCodes.Disconnect.PROTOCOL_ERROR, "DISCONNECT", wrong.get());
                return;
            }
        }
        ctx.fireChannelRead(packet);
    }

    /** Takes a DISCONNECT for what it is; gives what is wrong with it, and then it is none. */
    private Optional<Refusal> sayGoodbye(MqttMessage disconnect) {
        Optional<Refusal> wrong = newExpiry(disconnect);
        if (wrong.isEmpty()) {
            boolean withWill = disconnect.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader reason
                    && reason.reasonCode() == DISCONNECT_WITH_WILL;
            if (!withWill) {
                // [MQTT-3.14.4-3]
                request.dropWill();
            }
            connection.saidGoodbye();
        }
        return wrong;
    }

    /** Takes what DISCONNECT says of the session's expiry; gives what is wrong with that. */
    private Optional<Refusal> newExpiry(MqttMessage disconnect) {
        if (!(disconnect.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header)
                || header.properties() == null) {
            return Optional.empty();
        }
        MqttProperties.MqttProperty<?> property =
                header.properties().getProperty(MqttPropertyType.SESSION_EXPIRY_INTERVAL.value());
        if (property == null) {
            return Optional.empty();
        }
        Duration expiry = ConnectRequest.expiry((Integer) property.value(), limits());
        if (connection.sessionExpiry().isZero() && !expiry.isZero()) {
            return Optional.of(Refusal.of(
                    "protocol_error", "DISCONNECT asks for a session that CONNECT has not asked for [MQTT-3.14.2-2]"));
        }
        connection.sessionExpiry(expiry);
        return Optional.empty();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (!(msg instanceof MqttConnAckMessage connAck)
                || connAck.variableHeader().connectReturnCode() != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
            ctx.write(msg, promise);
            return;
        }
        MqttMessage answer = connection.isVersion5()
                ? Replies.connAck(
                        resumed.isPresent(),
                        request.answerProperties(connection.services().settings()))
                : Replies.connAck(
                        resumed.isPresent() && request.version() == MqttVersion.MQTT_3_1_1,
                        MqttProperties.NO_PROPERTIES);
        ctx.write(answer, promise).addListener(written -> {
            if (written.isSuccess()) {
                connection.reportConnected(request.keepAliveSeconds(limits()));
                releaseWhenMoquetteIsReady(ctx);
            }
        });
    }

    /** Moquette takes packets once its own listener of the same write has run. */
    private void releaseWhenMoquetteIsReady(ChannelHandlerContext ctx) {
        if (connection.state() != Connection.State.OPENING || !ctx.channel().isActive()) {
            return;
        }
        if (ctx.channel().attr(TAKES_PACKETS).get() == null) {
            ctx.executor().schedule(() -> releaseWhenMoquetteIsReady(ctx), 1, TimeUnit.MILLISECONDS);
            return;
        }
        connection.state(Connection.State.OPEN);
        connection.delivery().opened();
        resumed.ifPresent(session -> {
            Session.Parked parked = session.takeParked();
            connection.delivery().resume(parked);
            connection.publisher().resume(parked);
            connection.subscriber().resume(session);
        });
        takeHeld(ctx);
        if (heldPause) {
            heldPause = false;
            connection.resumeReading();
        }
    }

    private void takeHeld(ChannelHandlerContext ctx) {
        if (held.isEmpty()) {
            return;
        }
        for (Object packet = held.poll(); packet != null; packet = held.poll()) {
            if (connection.state() == Connection.State.OPEN) {
                connection.tracer().incoming((MqttMessage) packet);
                later(ctx, (MqttMessage) packet);
                connection.tracer().incomingIsSettled();
            } else {
                ReferenceCountUtil.release(packet);
            }
        }
        ctx.fireChannelReadComplete();
    }

    /** What the client published before it left. */
    private void publishHeld() {
        for (Object packet = held.poll(); packet != null; packet = held.poll()) {
            if (packet instanceof MqttPublishMessage publish) {
                connection.tracer().incoming(publish);
                connection.publisher().publishAfterTheEnd(publish);
                connection.tracer().incomingIsSettled();
            } else {
                ReferenceCountUtil.release(packet);
                if (packet instanceof MqttMessage message
                        && message.fixedHeader().messageType() == MqttMessageType.DISCONNECT) {
                    sayGoodbye(message);
                    return;
                }
            }
        }
    }

    private void releaseHeld() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        // A client that publishes at QoS 0 and closes right behind it, even before CONNACK, has done nothing wrong.
        if (connection.state() == Connection.State.OPENING) {
            publishHeld();
        }
        if (connection.state() != Connection.State.LOGGING_IN) {
            releaseHeld();
        }
        ctx.fireChannelInactive();
        Optional<ConnectRequest.Will> will = connection.session() == null ? Optional.empty() : request.takeWill();
        boolean isLater = will.filter(this::delay).isPresent();
        connection.ended();
        if (!isLater) {
            will.ifPresent(now -> connection.guard().router().publishWill(connection, now));
        }
    }
}
