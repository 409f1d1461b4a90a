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
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import labchat.broker.event.BrokerCounts;
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
import labchat.broker.store.MessageStore;
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
    private final Timer login;
    private final Timer acknowledgement;

    public BrokerMetrics() {
        gauge("labchat.connections", "clients that are logged in", connections, AtomicInteger::get);
        gauge("labchat.store.waiting", "publishes that wait to be on disk", waiting, AtomicLong::get);
        counter("labchat.deliveries", "publishes handed to receivers' connections", deliveries);
        for (String kind : KINDS) {
            publishesOf(kind);
        }
        publishesOf("other");
        toDisk = timer(
                "labchat.store.commit",
                "from a publish's acceptance until it is on disk, which is when it is acknowledged");
        login = timer("labchat.login.wait", "from CONNECT to CONNACK, of logins that were good");
        acknowledgement = timer(
                "labchat.acknowledgement.wait", "from a publish of the chat with QoS 1 or 2 to its PUBACK or PUBREC");
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        garbage.bindTo(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
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
    public boolean wantsWaits() {
        return true;
    }

    @Override
    public void onWait(Wait what, long nanos) {
        (what == Wait.LOGIN ? login : acknowledgement).record(nanos, TimeUnit.NANOSECONDS);
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

    /**
     * Watches what only the running broker knows.
     *
     * @param counts what it has counted
     * @param messages where publishes go
     * @param waitingLogins how many passwords wait to be checked
     */
    public void watch(Supplier<BrokerCounts> counts, MessageStore messages, IntSupplier waitingLogins) {
        count("labchat.packets", "MQTT packets", "received", counts, BrokerCounts::packetsReceived);
        count("labchat.packets", "MQTT packets", "sent", counts, BrokerCounts::packetsSent);
        count("labchat.bytes", "bytes of MQTT packets", "received", counts, BrokerCounts::bytesReceived);
        count("labchat.bytes", "bytes of MQTT packets", "sent", counts, BrokerCounts::bytesSent);
        FunctionCounter.builder("labchat.sockets", counts, c -> c.get().sockets())
                .description("connections that were accepted")
                .register(registry);
        FunctionCounter.builder(
                        "labchat.publishes.dropped", counts, c -> c.get().publishesDropped())
                .description("publishes that a subscriber should have had and that are kept for nobody")
                .register(registry);
        FunctionCounter.builder("labchat.sessions.expired", counts, c -> c.get().sessionsExpired())
                .description("durable sessions that nobody took up again in time")
                .register(registry);
        gauge(
                "labchat.sessions.away",
                "durable sessions without a client",
                counts,
                c -> c.get().sessionsAway());
        gauge(
                "labchat.subscriptions.active",
                "subscriptions of clients that are connected",
                counts,
                c -> c.get().subscriptions());
        gauge("labchat.retained", "retained messages", counts, c -> c.get().retained());
        gauge(
                "labchat.delivery.waiting",
                "publishes that wait for a client to take them",
                counts,
                c -> c.get().waitingPublishes());
        gauge(
                "labchat.delivery.waiting.bytes",
                "their size",
                counts,
                c -> c.get().waitingBytes());
        gauge(
                "labchat.loops.waiting",
                "what waits for the threads that serve connections",
                counts,
                c -> c.get().waitingTasks());
        gauge("labchat.logins.waiting", "passwords that wait to be checked", waitingLogins, IntSupplier::getAsInt);
        gauge("labchat.store.unsorted", "publishes on disk that no search finds yet", messages, MessageStore::unsorted);
        gauge(
                "labchat.store.failing",
                "1 while nothing can be kept",
                messages,
                m -> m.problem().isPresent() ? 1 : 0);
    }

    private void count(
            String name,
            String description,
            String direction,
            Supplier<BrokerCounts> counts,
            ToLongFunction<BrokerCounts> what) {
        FunctionCounter.builder(name, counts, c -> what.applyAsLong(c.get()))
                .description(description)
                .tag("direction", direction)
                .register(registry);
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
