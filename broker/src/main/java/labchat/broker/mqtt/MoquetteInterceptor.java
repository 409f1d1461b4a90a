package labchat.broker.mqtt;

import io.moquette.interception.AbstractInterceptHandler;
import io.moquette.interception.messages.InterceptExceptionMessage;
import io.moquette.interception.messages.InterceptSubscribeMessage;
import io.moquette.interception.messages.InterceptUnsubscribeMessage;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.ClientIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from Moquette what it did with subscriptions; publishes never reach it. Moquette calls it on one thread of its
 * own, whose queue has no bound, and hides an event from everybody when a handler throws: so everything is caught and
 * handed on at once.
 */
final class MoquetteInterceptor extends AbstractInterceptHandler {

    private static final Logger LOG = LoggerFactory.getLogger(MoquetteInterceptor.class);

    private final BrokerEventListener events;
    private final Function<String, Optional<ClientIdentity>> clientOfSession;
    private final Clock clock;
    private final Consumer<Throwable> onLoopDeath;

    /**
     * @param clientOfSession who is behind a session of Moquette's
     * @param onLoopDeath called when one of Moquette's session loops has died, with the reason
     */
    MoquetteInterceptor(
            BrokerEventListener events,
            Function<String, Optional<ClientIdentity>> clientOfSession,
            Clock clock,
            Consumer<Throwable> onLoopDeath) {
        this.events = events;
        this.clientOfSession = clientOfSession;
        this.clock = clock;
        this.onLoopDeath = onLoopDeath;
    }

    @Override
    public String getID() {
        return "labchat";
    }

    /** What is not here costs a connection no task on Moquette's thread. */
    @Override
    public Class<?>[] getInterceptedMessageTypes() {
        return new Class<?>[] {
            InterceptSubscribeMessage.class, InterceptUnsubscribeMessage.class, InterceptExceptionMessage.class
        };
    }

    @Override
    public void onSubscribe(InterceptSubscribeMessage msg) {
        report(
                msg.getClientID(),
                client -> new BrokerEvent.Subscribed(
                        clock.instant(),
                        client,
                        msg.getTopicFilter(),
                        msg.getRequestedQos().value()));
    }

    @Override
    public void onUnsubscribe(InterceptUnsubscribeMessage msg) {
        report(
                msg.getClientID(),
                client -> new BrokerEvent.Unsubscribed(clock.instant(), client, msg.getTopicFilter()));
    }

    @Override
    public void onSessionLoopError(Throwable error) {
        onLoopDeath.accept(error);
    }

    private void report(String session, Function<ClientIdentity, BrokerEvent> event) {
        try {
            clientOfSession.apply(session).ifPresent(client -> events.onEvent(event.apply(client)));
        } catch (RuntimeException e) {
            LOG.error("an event of session \"{}\" could not be reported", session, e);
        }
    }
}
