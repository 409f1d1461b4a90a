package labchat.broker.mqtt.guard;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclSubject;
import labchat.broker.chat.ChatRules;
import labchat.broker.config.Limits;
import labchat.broker.config.ValidationMode;
import labchat.broker.diagnostics.Explainer;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.LateClientGateway;
import labchat.broker.event.Membership;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.ServerAccount;
import labchat.broker.store.Store;
import labchat.broker.tls.ClientCertificates;
import labchat.broker.users.UserDirectory;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;

/** A guard without a network. */
final class GuardFixture {

    /** Forbids to read one topic, as long as it is set. */
    static final class SwitchedAcl implements AclPolicy {
        private String forbidden = "";
        private long epoch;

        void forbid(String topic) {
            forbidden = topic;
            epoch++;
        }

        private AclDecision decide(String topic) {
            return topic.equals(forbidden)
                    ? new AclDecision.Denied(java.util.Optional.empty(), "forbidden")
                    : new AclDecision.Allowed(java.util.Optional.empty());
        }

        @Override
        public AclDecision publish(AclSubject subject, String topic) {
            return decide(topic);
        }

        @Override
        public AclDecision read(AclSubject subject, String topic) {
            return decide(topic);
        }

        @Override
        public AclDecision subscribe(AclSubject subject, TopicFilter filter) {
            return decide(filter.value());
        }

        @Override
        public long epoch() {
            return epoch;
        }
    }

    private static final class NoUsers implements UserDirectory {
        @Override
        public boolean contains(String user) {
            return true;
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }

        @Override
        public boolean verify(String user, byte[] password) {
            return false;
        }
    }

    private static final class Deaf implements BrokerEventListener {
        @Override
        public void onEvent(BrokerEvent event) {}

        @Override
        public void onPacket(PacketTrace packet) {}

        @Override
        public boolean wantsPackets() {
            return false;
        }
    }

    private final Guard guard;

    GuardFixture(AclPolicy acl) {
        this(acl, new Deaf());
    }

    GuardFixture(AclPolicy acl, BrokerEventListener events) {
        guard = new Guard(new GuardServices(
                GuardSettings.of(new LiveLimits(Limits.STANDARD), Duration.ofSeconds(3), 65_536),
                ChatTopics.DEFAULT,
                new NoUsers(),
                false,
                acl,
                new ChatRules(new ChatCodec(ProtocolLimits.DEFAULT), ValidationMode.ENFORCE, true, id -> true),
                new Explainer(ChatTopics.DEFAULT, Set::of),
                Store.none(),
                Membership.none(),
                ServerAccount.silent(),
                new LateClientGateway(),
                ClientCertificates.none(),
                Runnable::run,
                events,
                Clock.systemUTC()));
    }

    private Connection connection(EmbeddedChannel channel, String listener) {
        return new Connection(guard, channel, new LoopPace(channel.eventLoop()), listener);
    }

    Connection connection() {
        return connection(new EmbeddedChannel(), "tcp");
    }

    /** A connection whose handlers may close it. */
    Connection connection(EmbeddedChannel channel) {
        Connection connection = connection(channel, "tcp");
        DeliveryHandler delivery = new DeliveryHandler(connection);
        connection.attach(new SubscribeHandler(connection), new PublishHandler(connection), delivery);
        channel.pipeline().addLast(delivery);
        return connection;
    }
}
