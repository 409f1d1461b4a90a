package labchat.it.support;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.PacketTrace;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Keeps all that the broker tells its listeners. */
public final class Recorder implements BrokerEventListener {

    private final Queue<BrokerEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<PacketTrace> packets = new ConcurrentLinkedQueue<>();

    @Override
    public void onEvent(BrokerEvent event) {
        events.add(event);
    }

    @Override
    public void onPacket(PacketTrace packet) {
        packets.add(packet);
    }

    /** All events so far, oldest first. */
    public List<BrokerEvent> events() {
        return List.copyOf(events);
    }

    /** All packets so far, oldest first. */
    public List<PacketTrace> packets() {
        return List.copyOf(packets);
    }

    /** Events of one connection so far, oldest first. */
    public <E extends BrokerEvent> List<E> eventsOf(RawMqtt client, Class<E> type) {
        return events.stream()
                .filter(event -> event.client().clientId().equals(client.name()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Waits for an event of one connection. */
    public <E extends BrokerEvent> E await(RawMqtt client, Class<E> type, Predicate<E> fits) {
        try {
            return Awaitility.await()
                    .atMost(RawMqtt.PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> eventsOf(client, type).stream().filter(fits).findFirst(), found -> found.isPresent())
                    .orElseThrow();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "no such %s of %s; its events:%n%s"
                            .formatted(
                                    type.getSimpleName(),
                                    client.name(),
                                    eventsOf(client, BrokerEvent.class).stream()
                                            .map(Object::toString)
                                            .collect(Collectors.joining("\n"))),
                    e);
        }
    }

    /** Waits for an event of one connection, whatever it says. */
    public <E extends BrokerEvent> E await(RawMqtt client, Class<E> type) {
        return await(client, type, any -> true);
    }
}
