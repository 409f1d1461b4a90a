package labchat.broker.mqtt.guard;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.RuleOrigin;
import labchat.broker.config.Limits;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.Refusal;
import labchat.broker.store.KeptSession.KeptSubscription;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges SUBSCRIBE filter by filter. Moquette gets what is granted; its SUBACK is completed with the refusals, in the
 * order of the request, and what was granted is noted for the delivery of chat as SUBACK leaves. Until then the client's
 * later packets wait, because they must find the subscription in force.
 */
final class SubscribeHandler extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SubscribeHandler.class);

    /** So many packets wait for SUBACK before the connection is no longer read from. */
    private static final int HELD_BEFORE_PAUSE = 64;

    private static final Duration ADVICE_DELAY = Duration.ofMillis(250);
    private static final int REFUSED_3 = 0x80;

    private static final short UNSUBSCRIBED = 0x00;
    private static final short NO_SUBSCRIPTION_EXISTED = 0x11;

    /**
     * A SUBSCRIBE that Moquette has not answered yet; {@code codes} has null where Moquette's answer goes.
     *
     * @param resumed the session whose subscriptions these were; null for what the client asks for now
     * @param aclEpoch the state of the rights when they were judged
     */
    private record Asked(
            int packetId,
            List<MqttTopicSubscription> subscriptions,
            List<Integer> codes,
            int subscriptionId,
            String reason,
            Session resumed,
            long aclEpoch) {}

    /** A subscription that SUBACK grants. */
    private record Fresh(MqttTopicSubscription subscription, boolean isNew, int qos, int subscriptionId) {
        /** Whether it brings what is retained: MQTT 5, section 3.8.3.1; version 3 always asks for it. */
        boolean wantsRetained() {
            return switch (subscription.option().retainHandling()) {
                case SEND_AT_SUBSCRIBE -> true;
                case SEND_AT_SUBSCRIBE_IF_NOT_YET_EXISTS -> isNew;
                case DONT_SEND_AT_SUBSCRIBE -> false;
            };
        }
    }

    private record Unasked(int packetId, List<Short> codes) {}

    private final Connection connection;
    private final Queue<Object> held = new ArrayDeque<>();
    private ChannelHandlerContext context;
    private Asked asked;
    private Unasked unasked;
    private boolean heldPause;
    private Future<?> advice;
    private final Set<String> filters = new HashSet<>();

    /** Those of {@link #filters} that Moquette does not know, because they are the session's from before. */
    private final Set<String> resumedFilters = new HashSet<>();

    SubscribeHandler(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (holdsPacketsBack()) {
            connection.tracer().held();
            held.add(msg);
            if (held.size() == HELD_BEFORE_PAUSE) {
                heldPause = true;
                connection.pauseReading();
            }
            return;
        }
        take(ctx, msg);
    }

    /** Whether a SUBACK or UNSUBACK is under way, and what comes now waits for it. */
    boolean holdsPacketsBack() {
        return asked != null || unasked != null || !held.isEmpty();
    }

    private void take(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof MqttSubscribeMessage subscribe) {
            subscribe(ctx, subscribe);
        } else if (msg instanceof MqttUnsubscribeMessage unsubscribe) {
            unsubscribe(ctx, unsubscribe);
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    private void subscribe(ChannelHandlerContext ctx, MqttSubscribeMessage subscribe) {
        List<MqttTopicSubscription> wanted = subscribe.payload().topicSubscriptions();
        int packetId = subscribe.variableHeader().messageId();
        if (wanted.isEmpty() || packetId == 0) {
            // [MQTT-3.8.3-2], [MQTT-2.2.1-3]
            malformed("SUBSCRIBE", "SUBSCRIBE needs a packet id and at least one filter");
            return;
        }
        var ids = subscribe
                .idAndPropertiesVariableHeader()
                .properties()
                .getProperties(MqttPropertyType.SUBSCRIPTION_IDENTIFIER.value());
        int subscriptionId = ids.isEmpty() ? 0 : (Integer) ids.get(0).value();
        if (ids.size() > 1 || !ids.isEmpty() && subscriptionId == 0) {
            // [MQTT-3.8.2.1.2]
            malformed("SUBSCRIBE", "SUBSCRIBE has one Subscription Identifier, not 0");
            return;
        }
        List<Integer> codes = new ArrayList<>();
        List<MqttTopicSubscription> granted = new ArrayList<>();
        String reason = "";
        long aclEpoch = connection.services().acl().epoch();
        for (MqttTopicSubscription subscription : wanted) {
            Optional<Refused> refused = judge(subscription.topicFilter());
            if (refused.isPresent()) {
                Refusal refusal = connection
                        .services()
                        .explainer()
                        .subscribe(
                                connection.subject().user(),
                                subscription.topicFilter(),
                                refused.get().refusal());
                connection.reportRefusedPacket("SUBSCRIBE", subscription.topicFilter(), refusal, Connection.NO_PAYLOAD);
                codes.add(connection.isVersion5() ? refused.get().code5() : REFUSED_3);
                reason = reason.isEmpty() ? refusal.words() : reason;
            } else {
                codes.add(null);
                granted.add(subscription);
            }
        }
        String shown = connection.fits(reason, codes.size()) ? reason : "";
        if (granted.isEmpty()) {
            ctx.writeAndFlush(Replies.subAck(packetId, codes, shown));
            return;
        }
        asked = new Asked(packetId, wanted, codes, subscriptionId, shown, null, aclEpoch);
        ctx.fireChannelRead(new MqttSubscribeMessage(
                subscribe.fixedHeader(), subscribe.idAndPropertiesVariableHeader(), new MqttSubscribePayload(granted)));
    }

    private record Refused(int code5, Refusal refusal) {}

    private Optional<Refused> judge(String filter) {
        if (filter.startsWith("$share/")) {
            return Optional.of(new Refused(
                    MqttReasonCodes.SubAck.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED.byteValue() & 0xff,
                    Refusal.of(
                            "shared_subscription",
                            "shared subscriptions are not available: subscribe without $share/<group>/")));
        }
        Limits limits = connection.services().settings().limits();
        Optional<Refusal> problem = Topics.problemOfFilter(filter, limits);
        if (problem.isPresent()) {
            return Optional.of(
                    new Refused(MqttReasonCodes.SubAck.TOPIC_FILTER_INVALID.byteValue() & 0xff, problem.get()));
        }
        if (filters.size() >= limits.maxSubscriptions() && !filters.contains(filter)) {
            return Optional.of(new Refused(
                    MqttReasonCodes.SubAck.QUOTA_EXCEEDED.byteValue() & 0xff,
                    Refusal.of(
                            "too_many_subscriptions",
                            "a client has at most %d subscriptions".formatted(limits.maxSubscriptions()))));
        }
        AclDecision decision = connection.services().acl().subscribe(connection.subject(), new TopicFilter(filter));
        if (decision instanceof AclDecision.Denied denied) {
            return Optional.of(new Refused(
                    MqttReasonCodes.SubAck.NOT_AUTHORIZED.byteValue() & 0xff,
                    new Refusal("acl_denied", denied.reason(), denied.rule().map(RuleOrigin::toString))));
        }
        return Optional.empty();
    }

    private void unsubscribe(ChannelHandlerContext ctx, MqttUnsubscribeMessage unsubscribe) {
        List<String> topics = unsubscribe.payload().topics();
        int packetId = unsubscribe.variableHeader().messageId();
        if (topics.isEmpty() || packetId == 0) {
            // [MQTT-3.10.3-2]
            malformed("UNSUBSCRIBE", "UNSUBSCRIBE needs a packet id and at least one filter");
            return;
        }
        List<Short> codes = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (String filter : topics) {
            connection.guard().subscriptions().remove(connection, filter);
            // Only what was granted is known to Moquette, and only that may reach it: some filters kill its threads.
            if (filters.remove(filter)) {
                ended.add(filter);
                codes.add(UNSUBSCRIBED);
                if (!resumedFilters.remove(filter)) {
                    known.add(filter);
                }
            } else {
                codes.add(NO_SUBSCRIPTION_EXISTED);
            }
        }
        forget(ended);
        if (known.isEmpty()) {
            ctx.writeAndFlush(connection.isVersion5() ? Replies.unsubAck(packetId, codes) : Replies.unsubAck(packetId));
            return;
        }
        unasked = new Unasked(packetId, codes);
        ctx.fireChannelRead(new MqttUnsubscribeMessage(
                unsubscribe.fixedHeader(),
                unsubscribe.idAndPropertiesVariableHeader(),
                new MqttUnsubscribePayload(known)));
    }

    private void malformed(String packet, String reason) {
        connection.closeFor(MqttReasonCodes.Disconnect.PROTOCOL_ERROR, packet, Refusal.of("protocol_error", reason));
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (asked != null && msg instanceof MqttSubAckMessage subAck && isAnswer(asked.packetId(), subAck)) {
            granted(ctx, subAck, promise);
        } else if (unasked != null
                && msg instanceof MqttUnsubAckMessage unsubAck
                && isAnswer(unasked.packetId(), unsubAck)) {
            // Moquette answers with one code, however many filters were asked about [MQTT-3.11.3-1].
            ctx.write(connection.isVersion5() ? Replies.unsubAck(unasked.packetId(), unasked.codes()) : msg, promise);
            unasked = null;
            ctx.executor().execute(() -> goOn(ctx));
        } else {
            ctx.write(msg, promise);
        }
    }

    /** Moquette has answered. */
    private void granted(ChannelHandlerContext ctx, MqttSubAckMessage subAck, ChannelPromise promise) {
        List<Integer> codes = allCodes(asked, subAck);
        Session session = connection.durable();
        if (session == null) {
            ctx.write(Replies.subAck(asked.packetId(), codes, asked.reason()), promise);
            inForce(ctx, codes);
        } else {
            remember(session, codes);
            // What SUBACK promises must be on disk: the subscription outlives this process.
            connection
                    .guard()
                    .sessions()
                    .save(session, connection.settledUpTo())
                    .whenComplete((done, problem) -> ctx.executor().execute(() -> {
                        if (problem != null) {
                            LOG.warn("a subscription of {} is not durable: {}", connection, problem.getMessage());
                        }
                        ctx.writeAndFlush(Replies.subAck(asked.packetId(), codes, asked.reason()), promise);
                        inForce(ctx, codes);
                    }));
        }
    }

    private static List<Integer> allCodes(Asked question, MqttSubAckMessage answer) {
        List<Integer> moquettes = answer.payload().reasonCodes();
        List<Integer> codes = new ArrayList<>();
        int next = 0;
        for (Integer code : question.codes()) {
            if (code == null) {
                codes.add(next < moquettes.size() ? moquettes.get(next) : Integer.valueOf(REFUSED_3));
                next++;
            } else {
                codes.add(code);
            }
        }
        return codes;
    }

    private void remember(Session session, List<Integer> codes) {
        for (int i = 0; i < codes.size(); i++) {
            if (codes.get(i) <= 2) {
                MqttTopicSubscription subscription = asked.subscriptions().get(i);
                session.subscriptions()
                        .put(
                                subscription.topicFilter(),
                                new KeptSubscription(
                                        subscription.topicFilter(),
                                        codes.get(i),
                                        subscription.option().isNoLocal(),
                                        subscription.option().isRetainAsPublished(),
                                        subscription.option().retainHandling().value(),
                                        asked.subscriptionId()));
            }
        }
    }

    /** What was granted counts from here on: behind SUBACK comes what is retained and what waited, then later packets. */
    private void inForce(ChannelHandlerContext ctx, List<Integer> codes) {
        Asked answered = asked;
        asked = null;
        List<Fresh> fresh = new ArrayList<>();
        for (int i = 0; i < codes.size(); i++) {
            if (codes.get(i) <= 2) {
                fresh.add(add(answered, answered.subscriptions().get(i), codes.get(i)));
            }
        }
        for (Fresh one : fresh) {
            // What changed while a session's client was away was kept for nobody: it gets the newest instead.
            if (answered.resumed() != null || one.wantsRetained()) {
                sendRetained(one, answered.resumed() == null);
            }
        }
        sendWaiting(fresh, answered.resumed());
        if (answered.resumed() == null) {
            adviseLater(ctx);
        }
        if (answered.aclEpoch() != connection.services().acl().epoch()) {
            // Rights have changed while SUBACK was on its way, when the filter was in no list yet.
            endRefused();
        }
        ctx.executor().execute(() -> goOn(ctx));
    }

    private Fresh add(Asked question, MqttTopicSubscription subscription, int qos) {
        String filter = subscription.topicFilter();
        int id = question.resumed() == null
                ? question.subscriptionId()
                : question.resumed().subscriptions().get(filter).id();
        boolean isNew = filters.add(filter);
        if (question.resumed() == null) {
            resumedFilters.remove(filter);
        } else {
            resumedFilters.add(filter);
        }
        connection
                .guard()
                .subscriptions()
                .add(
                        connection,
                        filter,
                        qos,
                        subscription.option().isNoLocal(),
                        subscription.option().isRetainAsPublished(),
                        id);
        return new Fresh(subscription, isNew, qos, id);
    }

    /**
     * The subscriptions of a session that its client has taken up again. They are in force before anything leaves that was
     * under way; Moquette does not hear of them, because it delivers nothing.
     */
    void resume(Session session) {
        List<MqttTopicSubscription> still = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        long aclEpoch = connection.services().acl().epoch();
        for (KeptSubscription kept : List.copyOf(session.subscriptions().values())) {
            Optional<Refused> refused = judge(kept.filter());
            if (refused.isPresent()) {
                session.subscriptions().remove(kept.filter());
                connection.reportRefusedPacket(
                        "SUBSCRIBE", kept.filter(), refused.get().refusal(), Connection.NO_PAYLOAD);
            } else {
                MqttSubscriptionOption option = new MqttSubscriptionOption(
                        MqttQoS.valueOf(kept.qos()),
                        kept.noLocal(),
                        kept.retainAsPublished(),
                        RetainedHandlingPolicy.valueOf(kept.retainHandling()));
                still.add(new MqttTopicSubscription(kept.filter(), option));
                codes.add(kept.qos());
            }
        }
        if (still.isEmpty()) {
            return;
        }
        asked = new Asked(0, still, codes, 0, "", session, aclEpoch);
        inForce(context, codes);
        for (int i = 0; i < codes.size(); i++) {
            connection.report(new BrokerEvent.Subscribed(
                    connection.now(), connection.identity(), still.get(i).topicFilter(), codes.get(i)));
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** What was published while no client of the user took it. */
    private void sendWaiting(List<Fresh> fresh, Session resumed) {
        Set<Inbox> covered = new LinkedHashSet<>();
        for (Fresh granted : fresh) {
            covered.addAll(connection
                    .guard()
                    .inboxes()
                    .coveredBy(
                            new TopicFilter(granted.subscription().topicFilter()),
                            connection.subject().user()));
        }
        if (resumed != null) {
            connection.replay().resume(covered, filters, resumed.position());
        } else if (!covered.isEmpty()) {
            connection.replay().start(covered);
        }
    }

    private void sendRetained(Fresh granted, boolean alsoBesideChat) {
        int[] ids = granted.subscriptionId() == 0 ? new int[0] : new int[] {granted.subscriptionId()};
        TopicFilter filter = new TopicFilter(granted.subscription().topicFilter());
        connection
                .services()
                .server()
                .retained(filter, (topic, payload) -> sendRetained(Delivery.retained(topic, payload), granted, ids));
        if (alsoBesideChat) {
            connection.guard().retained().matching(filter).forEach(one -> sendRetained(one, granted, ids));
        }
    }

    private void sendRetained(Delivery one, Fresh granted, int[] ids) {
        if (connection.services().acl().read(connection.subject(), one.topic()).isAllowed()) {
            connection.delivery().deliver(one, Math.min(one.qos(), granted.qos()), ids);
        }
    }

    /** The user may no longer read this part of the tree: subscriptions to nothing else end. */
    void endSubscriptions(String tree) {
        List<String> ended =
                filters.stream().filter(filter -> filter.startsWith(tree)).toList();
        end(ended);
    }

    /** Rules were replaced: subscriptions that would not be granted now end, and the client is told; gives how many. */
    int endRefused() {
        List<String> ended = new ArrayList<>();
        for (String filter : filters) {
            AclDecision decision = connection.services().acl().subscribe(connection.subject(), new TopicFilter(filter));
            if (decision instanceof AclDecision.Denied denied) {
                ended.add(filter);
                connection.reportAdvice(
                        filter,
                        new Refusal(
                                "subscription_ended",
                                "your subscription has ended, because the rules have changed: " + denied.reason(),
                                denied.rule().map(RuleOrigin::toString),
                                "Your other subscriptions go on; ask the staff what you may read."),
                        Connection.NO_PAYLOAD);
            }
        }
        end(ended);
        return ended.size();
    }

    /** What the client is subscribed to. */
    List<String> filters() {
        return filters.stream().sorted().toList();
    }

    private void end(List<String> ended) {
        ended.forEach(filter -> connection.guard().subscriptions().remove(connection, filter));
        filters.removeAll(ended);
        resumedFilters.removeAll(ended);
        forget(ended);
    }

    /** Subscriptions often come one after the other; what is missing after a moment is missing. */
    private void adviseLater(ChannelHandlerContext ctx) {
        if (advice == null) {
            advice = ctx.executor().schedule(this::advise, ADVICE_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void advise() {
        advice = null;
        Optional<ChatId> me = connection.subject().user().flatMap(ChatId::parse);
        if (connection.state() != Connection.State.OPEN || me.isEmpty()) {
            return;
        }
        for (String filter : filters) {
            connection
                    .services()
                    .explainer()
                    .deafFilter(me.get(), filter)
                    .ifPresent(why -> connection.reportAdvice(filter, why, Connection.NO_PAYLOAD));
        }
        if (!isSubscribed(me.get(), ChatKind.MESSAGE)) {
            return;
        }
        List<String> missing = Arrays.stream(ChatKind.values())
                .filter(kind -> !isSubscribed(me.get(), kind))
                .map(ChatKind::level)
                .toList();
        // Who asks for one of the receipts has chosen; who asks for none has forgotten them.
        if (missing.contains(ChatKind.DELIVERED.level()) && missing.contains(ChatKind.READ.level())) {
            ChatTopics topics = connection.services().chatTopics();
            connection.reportAdvice(
                    topics.topic(me.get(), ChatKind.MESSAGE),
                    new Refusal(
                            "incomplete_subscription",
                            "your subscriptions bring you messages, but not: " + String.join(", ", missing),
                            Optional.empty(),
                            "Subscribe to %s".formatted(topics.inbox(me.get()))),
                    Connection.NO_PAYLOAD);
        }
    }

    private boolean isSubscribed(ChatId me, ChatKind kind) {
        String topic = connection.services().chatTopics().topic(me, kind);
        return filters.stream().anyMatch(filter -> TopicFilter.matches(filter, topic));
    }

    private static boolean isAnswer(int packetId, MqttMessage answer) {
        return answer.variableHeader() instanceof MqttMessageIdVariableHeader id && id.messageId() == packetId;
    }

    /** Takes what waited, up to the next question to Moquette. */
    private void goOn(ChannelHandlerContext ctx) {
        while (asked == null && unasked == null && !held.isEmpty()) {
            Object next = held.remove();
            if (connection.state() == Connection.State.OPEN) {
                connection.tracer().incoming((MqttMessage) next);
                take(ctx, next);
                connection.tracer().incomingIsSettled();
            } else {
                ReferenceCountUtil.release(next);
            }
        }
        ctx.fireChannelReadComplete();
        if (heldPause && held.isEmpty()) {
            heldPause = false;
            connection.resumeReading();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        for (Object next = held.poll(); next != null; next = held.poll()) {
            if (next instanceof MqttPublishMessage && connection.state() == Connection.State.OPEN) {
                // It came before the end, so it counts.
                connection.tracer().incoming((MqttMessage) next);
                ctx.fireChannelRead(next);
                connection.tracer().incomingIsSettled();
            } else {
                ReferenceCountUtil.release(next);
            }
        }
        ctx.fireChannelInactive();
    }

    private void forget(Collection<String> ended) {
        Session session = connection.durable();
        if (session != null && session.subscriptions().keySet().removeAll(ended)) {
            connection.guard().sessions().save(session, connection.settledUpTo());
        }
    }
}
