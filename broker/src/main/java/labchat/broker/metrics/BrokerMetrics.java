package labchat.broker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.Advised;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.event.BrokerEvent.MessagePublished;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.broker.event.BrokerEvent.Subscribed;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.PacketTrace;
import labchat.broker.store.Store;

/**
 * Counts what happens. No label holds what a client chose: kinds, codes and versions are closed sets, so the number of
 * series is bounded. Any thread.
 */
public final class BrokerMetrics implements BrokerEventListener, AutoCloseable {

    private static final Set<String> KINDS = Set.of("message", "delivered", "read", "typing");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong waiting = new AtomicLong();
    private final LongAdder deliveries = new LongAdder();
    private final ConcurrentMap<String, LongAdder> publishes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Counter> others = new ConcurrentHashMap<>();
    private final Timer toDisk;

    public BrokerMetrics() {
        gauge("labchat.connections", "clients that are logged in", connections, AtomicInteger::get);
        gauge("labchat.store.waiting", "publishes that wait to be on disk", waiting, AtomicLong::get);
        counter("labchat.deliveries", "publishes handed to receivers' connections", deliveries);
        for (String kind : KINDS) {
            publishesOf(kind);
        }
        publishesOf("other");
        toDisk = Timer.builder("labchat.store.commit")
                .description("from a publish's acceptance until it is on disk, which is when it is acknowledged")
                .serviceLevelObjectives(
                        Duration.ofNanos(500_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5))
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbage.bindTo(registry);
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private void counter(String name, String description, LongAdder of, String... tags) {
        FunctionCounter.builder(name, of, LongAdder::sum)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    @Override
    public boolean wantsPackets() {
        return false;
    }

    @Override
    public void onPacket(PacketTrace packet) {
        // Events are what is counted.
    }

    @Override
    public void onEvent(BrokerEvent event) {
        if (event instanceof MessagePublished e) {
            publishesOf(e.chat()
                            .map(chat -> chat.kind())
                            .filter(KINDS::contains)
                            .orElse("other"))
                    .increment();
            deliveries.add(Math.max(0, e.receivers()));
        } else if (event instanceof ClientConnected e) {
            connections.incrementAndGet();
            count("labchat.logins", "clients that were let in", "version", e.version(), "listener", e.listener());
        } else if (event instanceof ClientDisconnected e) {
            connections.decrementAndGet();
            String cause = e.cause().name().toLowerCase(Locale.ROOT);
            count("labchat.disconnects", "connections that ended", "cause", cause);
        } else if (event instanceof LoginRefused e) {
            count(
                    "labchat.refusals",
                    "what was refused",
                    "packet",
                    "CONNECT",
                    "code",
                    e.refusal().code());
        } else if (event instanceof PacketRefused e) {
            count(
                    "labchat.refusals",
                    "what was refused",
                    "packet",
                    e.packet(),
                    "code",
                    e.refusal().code());
        } else if (event instanceof Advised e) {
            count(
                    "labchat.advice",
                    "what was passed on and explained",
                    "code",
                    e.advice().code());
        } else if (event instanceof Subscribed) {
            count("labchat.subscriptions", "subscriptions that were granted");
        }
    }

    private LongAdder publishesOf(String kind) {
        LongAdder known = publishes.get(kind);
        return known != null
                ? known
                : publishes.computeIfAbsent(kind, k -> {
                    LongAdder adder = new LongAdder();
                    counter("labchat.publishes", "publishes that were passed on", adder, "kind", k);
                    return adder;
                });
    }

    private void count(String name, String description, String... tags) {
        String key = name + '|' + String.join("|", tags);
        Counter known = others.get(key);
        if (known == null) {
            known = others.computeIfAbsent(
                    key,
                    k -> Counter.builder(name)
                            .description(description)
                            .tags(tags)
                            .register(registry));
        }
        known.increment();
    }

    /** The store, with a clock beside it: to be used in its place. */
    public Store timed(Store store) {
        return new TimedStore(store, toDisk, waiting);
    }

    /** A number that somebody else knows, asked for at each look. */
    public <T> void ask(String name, String description, T of, ToDoubleFunction<T> value) {
        gauge(name, description, of, value);
    }

    /** Everything in Prometheus' text form. */
    public String scrape() {
        return registry.scrape();
    }

    MeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }
}
