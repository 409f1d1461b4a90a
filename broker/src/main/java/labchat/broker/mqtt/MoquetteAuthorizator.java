package labchat.broker.mqtt;

import io.moquette.broker.security.IAuthorizatorPolicy;
import io.moquette.broker.subscriptions.Topic;
import java.util.Optional;
import java.util.function.Function;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclSubject;
import labchat.protocol.topic.TopicFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second lock: the guard has judged each of these before. Moquette asks {@code canRead} with filters, at SUBSCRIBE
 * only. Refuses whatever goes wrong, because an exception here would end one of Moquette's session loops; only an error of
 * the Java machine itself, such as no memory left, may do so, and with it the process.
 */
final class MoquetteAuthorizator implements IAuthorizatorPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(MoquetteAuthorizator.class);

    private final AclPolicy acl;
    private final Function<String, Optional<AclSubject>> subjectOfSession;

    /** @param subjectOfSession whose a session of Moquette's is */
    MoquetteAuthorizator(AclPolicy acl, Function<String, Optional<AclSubject>> subjectOfSession) {
        this.acl = acl;
        this.subjectOfSession = subjectOfSession;
    }

    @Override
    public boolean canWrite(Topic topic, String user, String client) {
        try {
            return subjectOfSession
                    .apply(client)
                    .map(subject -> acl.publish(subject, topic.toString()).isAllowed())
                    .orElse(false);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return refused(topic, e);
        }
    }

    @Override
    public boolean canRead(Topic topic, String user, String client) {
        try {
            return subjectOfSession
                    .apply(client)
                    .map(subject -> acl.subscribe(subject, new TopicFilter(topic.toString()))
                            .isAllowed())
                    .orElse(false);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return refused(topic, e);
        }
    }

    private static boolean refused(Topic topic, Throwable problem) {
        LOG.error("judging \"{}\" failed, it is refused", topic, problem);
        return false;
    }
}
