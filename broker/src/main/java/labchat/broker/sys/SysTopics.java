package labchat.broker.sys;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import labchat.broker.event.BrokerCounts;
import labchat.broker.event.OutboundPublisher;
import labchat.protocol.topic.TopicFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes {@code $SYS/broker/…}, with the names, the units, the QoS and the averages of mosquitto(8), as far as this
 * broker has the number. A topic is published when its value has changed and is retained. Who may read it is the business
 * of the rules, and nobody but this class publishes there. {@link #retained} may be called by any thread.
 */
public final class SysTopics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SysTopics.class);

    private static final String ROOT = "$SYS/broker/";

    /** As Mosquitto publishes them. */
    private static final int QOS = 2;

    private static final int[] MINUTES = {1, 5, 15};

    /** Something of which the load is told. */
    private static final class Load {
        private final String topic;
        private final ToLongFunction<BrokerCounts> count;
        private final List<LoadAverage> averages =
                Arrays.stream(MINUTES).mapToObj(LoadAverage::new).toList();
        private long before;

        Load(String topic, ToLongFunction<BrokerCounts> count) {
            this.topic = topic;
            this.count = count;
        }

        void add(BrokerCounts counts, double elapsed, Map<String, String> values) {
            long now = count.applyAsLong(counts);
            for (int i = 0; i < MINUTES.length; i++) {
                averages.get(i).add(now - before, elapsed);
                values.put(
                        "load/%s/%dmin".formatted(topic, MINUTES[i]),
                        String.format(Locale.ROOT, "%.2f", averages.get(i).value()));
            }
            before = now;
        }
    }

    private final List<Load> loads = List.of(
            new Load("messages/received", BrokerCounts::packetsReceived),
            new Load("messages/sent", BrokerCounts::packetsSent),
            new Load("publish/received", BrokerCounts::publishesReceived),
            new Load("publish/sent", BrokerCounts::publishesSent),
            new Load("publish/dropped", BrokerCounts::publishesDropped),
            new Load("bytes/received", BrokerCounts::bytesReceived),
            new Load("bytes/sent", BrokerCounts::bytesSent),
            new Load("sockets", BrokerCounts::sockets),
            new Load("connections", BrokerCounts::connects));

    private final Supplier<BrokerCounts> counts;
    private final LongSupplier heap;
    private final OutboundPublisher out;
    private final LongSupplier nanoTime;
    private final String version;
    private final long started;
    private final ConcurrentMap<String, byte[]> published = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread;
    private long last;
    private long mostClients;
    private long mostHeap;

    /**
     * Topics that nobody publishes yet.
     *
     * @param version of the broker
     * @param heap the memory in use, in bytes
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    SysTopics(
            Supplier<BrokerCounts> counts,
            String version,
            LongSupplier heap,
            OutboundPublisher out,
            LongSupplier nanoTime) {
        this.counts = counts;
        this.version = version;
        this.heap = heap;
        this.out = out;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
        this.last = started;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "labchat-sys");
            made.setDaemon(true);
            return made;
        });
    }

    /** Topics of a running broker, which are there from {@link #start} on. */
    public static SysTopics of(Supplier<BrokerCounts> counts, String version, OutboundPublisher out) {
        Runtime runtime = Runtime.getRuntime();
        return new SysTopics(
                counts, version, () -> runtime.totalMemory() - runtime.freeMemory(), out, System::nanoTime);
    }

    /** Publishes at once and then again and again, on a thread of its own. */
    public void start(Duration interval) {
        publish();
        thread.scheduleAtFixedRate(this::publish, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Publishes what has changed. */
    void publish() {
        try {
            values().forEach(this::publish);
        } catch (RuntimeException e) {
            // An exception would end the schedule without a word.
            LOG.error("$SYS/broker could not be published", e);
        }
    }

    private void publish(String name, String value) {
        byte[] payload = value.getBytes(StandardCharsets.UTF_8);
        // Kept first: whoever subscribes meanwhile gets the newest, one way or the other.
        byte[] former = published.put(ROOT + name, payload);
        if (!Arrays.equals(former, payload)) {
            out.publish(ROOT + name, payload, QOS);
        }
    }

    private Map<String, String> values() {
        long now = nanoTime.getAsLong();
        BrokerCounts c = counts.get();
        Map<String, String> values = new TreeMap<>();
        double elapsed = (now - last) / 1e9;
        if (elapsed > 0) {
            loads.forEach(load -> load.add(c, elapsed, values));
            last = now;
        }
        mostClients = Math.max(mostClients, c.clients());
        long heapNow = heap.getAsLong();
        mostHeap = Math.max(mostHeap, heapNow);
        values.put("version", "labchat version " + version);
        values.put("uptime", TimeUnit.NANOSECONDS.toSeconds(now - started) + " seconds");
        put(values, c.clients(), "clients/connected", "clients/active");
        put(values, c.sessionsAway(), "clients/disconnected", "clients/inactive");
        put(values, c.clients() + c.sessionsAway(), "clients/total");
        put(values, mostClients, "clients/maximum");
        put(values, c.sessionsExpired(), "clients/expired");
        put(values, c.packetsReceived(), "messages/received");
        put(values, c.packetsSent(), "messages/sent");
        put(values, c.bytesReceived(), "bytes/received");
        put(values, c.bytesSent(), "bytes/sent");
        put(values, c.publishesReceived(), "publish/messages/received");
        put(values, c.publishesSent(), "publish/messages/sent");
        put(values, c.publishesDropped(), "publish/messages/dropped");
        put(values, c.publishBytesReceived(), "publish/bytes/received");
        put(values, c.publishBytesSent(), "publish/bytes/sent");
        put(values, c.subscriptions(), "subscriptions/count");
        put(values, heapNow, "heap/current");
        put(values, mostHeap, "heap/maximum");
        // With these, and itself.
        put(values, c.retained() + values.size() + 1, "retained messages/count");
        return values;
    }

    private static void put(Map<String, String> values, long number, String... names) {
        for (String name : names) {
            values.put(name, Long.toString(number));
        }
    }

    /** Gives the topic and value of each topic that the filter matches. */
    public void retained(TopicFilter filter, BiConsumer<String, byte[]> to) {
        if (!filter.value().startsWith("$")) {
            return;
        }
        List<String> topics = new ArrayList<>(published.keySet());
        topics.sort(null);
        for (String topic : topics) {
            if (filter.matches(topic)) {
                to.accept(topic, published.get(topic));
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
