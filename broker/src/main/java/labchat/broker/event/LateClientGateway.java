package labchat.broker.event;

import java.util.Objects;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.identity.ChatId;

/**
 * Stands for the gateway where it is needed before there is one. What is said before {@link #connect} reaches nobody,
 * because nobody can be connected yet.
 */
public final class LateClientGateway implements ClientGateway {

    private volatile ClientGateway gateway;

    /** From now on all goes there; to be called once, before the listeners are open. */
    public void connect(ClientGateway target) {
        gateway = Objects.requireNonNull(target, "target");
    }

    @Override
    public void publish(String topic, byte[] payload, int qos) {
        ClientGateway target = gateway;
        if (target != null) {
            target.publish(topic, payload, qos);
        }
    }

    @Override
    public void say(ChatEvent event) {
        ClientGateway target = gateway;
        if (target != null) {
            target.say(event);
        }
    }

    @Override
    public void endSubscriptions(ChatId user, ChatId room) {
        ClientGateway target = gateway;
        if (target != null) {
            target.endSubscriptions(user, room);
        }
    }
}
