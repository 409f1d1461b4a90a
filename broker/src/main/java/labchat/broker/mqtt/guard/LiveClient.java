package labchat.broker.mqtt.guard;

import java.util.List;
import labchat.broker.acl.AclSubject;

/**
 * A client that is connected.
 *
 * @param subject whose rights count
 * @param filters what it is subscribed to
 */
public record LiveClient(AclSubject subject, List<String> filters) {
    public LiveClient {
        filters = List.copyOf(filters);
    }
}
