package labchat.it.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import labchat.broker.BrokerApp;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclSubject;
import labchat.broker.config.AclSubscribe;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.Limits;
import labchat.broker.config.StoreConfig;
import labchat.broker.config.StoreSync;
import labchat.broker.config.TlsConfig;
import labchat.broker.config.ValidationMode;
import labchat.broker.config.WebConfig;
import labchat.broker.store.Store;
import labchat.it.support.MapUsers;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;

/** The broker in a process of its own, with rules that end one of Moquette's threads at the first SUBSCRIBE. */
final class DyingBroker {

    /** Followed by the port, on standard output. */
    static final String PORT = "port ";

    /** What the thread dies of. */
    static final String REASON = "no memory left, says the test";

    private DyingBroker() {}

    public static void main(String[] arguments) throws IOException {
        Path nowhere = Path.of("not-used");
        BrokerConfig config = new BrokerConfig(
                "127.0.0.1",
                Optional.of(0),
                Optional.empty(),
                TlsConfig.OFF,
                WebConfig.OFF,
                nowhere,
                nowhere,
                true,
                AclSubscribe.STRICT,
                nowhere,
                ChatTopics.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                false,
                64L << 20,
                14,
                ValidationMode.ENFORCE,
                true,
                262_144,
                4_096,
                Duration.ofSeconds(3),
                Limits.STANDARD,
                new StoreConfig(false, StoreSync.FULL, Duration.ZERO, 0),
                0,
                Duration.ZERO,
                Optional.empty(),
                false);
        BrokerApp app = BrokerApp.start(config, MapUsers.CLASS, new DeadlyPolicy(), Store.none(), List.of());
        System.out.println(PORT + app.mqttPort().orElseThrow());
    }

    /** Allows everything, but Moquette's threads do not survive the question. */
    private static final class DeadlyPolicy implements AclPolicy {

        private static final AclDecision YES = new AclDecision.Allowed(Optional.empty());

        @Override
        public AclDecision publish(AclSubject subject, String topic) {
            return YES;
        }

        @Override
        public AclDecision read(AclSubject subject, String topic) {
            return YES;
        }

        @Override
        public AclDecision subscribe(AclSubject subject, TopicFilter filter) {
            if (Thread.currentThread().getName().startsWith("Session Executor")) {
                throw new OutOfMemoryError(REASON);
            }
            return YES;
        }

        @Override
        public long epoch() {
            return 0;
        }
    }
}
