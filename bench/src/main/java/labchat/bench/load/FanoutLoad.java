package labchat.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import labchat.bench.report.BenchException;
import labchat.bench.report.Histogram;
import labchat.bench.report.JsonLine;
import labchat.bench.server.ServerProcess;

/**
 * One client writes to all others: to each of them ("send to all"), or to a room. A round ends when everybody has the
 * message and it is acknowledged. Belongs to the loop.
 */
public final class FanoutLoad implements Link.Listener {

    /**
     * How it is done.
     *
     * @param receivers how many get each message, beside its sender
     * @param window rounds under way at once; 0 if there is a rate
     * @param rate rounds a second; 0 if there is a window
     * @param room the room's id; null to write to each receiver
     * @param membership whether the server keeps the room's members: then the room is made first and everybody joins;
     *     else a subscription is enough
     */
    public record Options(
            int receivers,
            int qos,
            int window,
            int rate,
            String room,
            boolean membership,
            int textLength,
            double warmUpSeconds,
            double seconds,
            int drainSeconds,
            int lateMillis) {

        public Options {
            if (receivers < 1 || receivers > 65_000) {
                throw new BenchException("--receivers %d: 1 to 65000 are possible".formatted(receivers));
            }
            if ((window > 0) == (rate > 0)) {
                throw new BenchException(
                        "give either --window (rounds under way) or --rate (rounds a second), not both and not neither");
            }
        }
    }

    private static final long TICK_NANOS = 1_000_000;

    /** Rounds that may be under way at once. */
    private static final int RING = 1 << 16;

    private final Crowd crowd;
    private final Options options;
    private final Link[] links;
    private final BitSet[] arrived;
    private final byte[][] topics;
    private final byte[] roomId;
    private final Payloads payloads;
    private Crowd.Opening opening;
    private CompletableFuture<Void> joined;
    private int waitingFor;

    private final long[] sentAt = new long[RING];
    private final int[] missing = new int[RING];
    private int rounds;
    private int underWay;
    private long planned;
    private long paceStart;
    private boolean sending;
    private boolean measuring;
    private long windowStart;
    private long progress;

    private long publishes;
    private long acknowledged;
    private long delivered;
    private long duplicated;
    private long late;
    private long outOfOrder;
    private long disconnected;
    private long heldBack;
    private long windowDelivered;
    private long windowRounds;
    private String complaint;
    private final Histogram acknowledgement = new Histogram();
    private final Histogram arrival = new Histogram();
    private final Histogram everybody = new Histogram();

    public FanoutLoad(Crowd crowd, Options options) {
        this.crowd = crowd;
        this.options = options;
        int all = options.receivers() + 1;
        if (crowd.target().users() < all) {
            throw new BenchException("one sender and %d receivers are %d users; --users says %d"
                    .formatted(options.receivers(), all, crowd.target().users()));
        }
        links = new Link[all];
        arrived = new BitSet[all];
        topics = new byte[all][];
        payloads = new Payloads(crowd.target(), all, crowd.run(), options.textLength());
        roomId = options.room() == null ? null : options.room().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < all; i++) {
            String user = crowd.target().user(i);
            links[i] = new Link(i, user, this);
            arrived[i] = new BitSet();
            topics[i] = crowd.target()
                    .topic(options.room() == null ? user : options.room(), "message")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** @param server whose CPU time is taken; null for nobody's */
    public JsonLine run(ServerProcess server) {
        crowd.await(
                () -> {
                    opening = crowd.open(links, 0, links.length, options.qos(), true, Crowd.LOGINS_AT_ONCE);
                    return opening.done();
                },
                Crowd.Opening.patience(links.length),
                "connecting %d clients".formatted(links.length));
        if (roomId != null) {
            crowd.await(this::joinAll, 60 + links.length / 50, "joining the room %s".formatted(options.room()));
        }
        JsonLine result = new JsonLine()
                .put("workload", "fanout")
                .put("to", roomId == null ? "all" : "room")
                .put("receivers", options.receivers())
                .put("qos", options.qos())
                .put(options.window() > 0 ? "window" : "rate", options.window() > 0 ? options.window() : options.rate())
                .put("text_length", options.textLength())
                .put("seconds", options.seconds());
        measure(server, result);
        drain();
        long lost = (long) rounds * options.receivers() - delivered;
        result.put("rounds", rounds)
                .put("sent", publishes)
                .put("acknowledged", acknowledged)
                .put("delivered", delivered)
                .put("lost", lost)
                .put("acknowledged_not_delivered", acknowledged == publishes ? lost : Double.NaN)
                .put("duplicated", duplicated)
                .put("late", late)
                .put("out_of_order", outOfOrder)
                .put("disconnected", disconnected)
                .put("held_back", heldBack)
                .put("ack", acknowledgement)
                .put("arrival", arrival)
                .put("everybody", everybody);
        if (server != null) {
            result.put("server_rss_kb", server.residentBytes() / 1024);
        }
        if (complaint != null) {
            System.err.println("bench: " + complaint);
        }
        on(() -> {
            for (Link link : links) {
                link.disconnect();
            }
        });
        return result;
    }

    /** All join before anybody subscribes, so that nobody is told of a thousand others who join. */
    private CompletableFuture<Void> joinAll() {
        joined = new CompletableFuture<>();
        if (options.membership()) {
            request(0, "create");
        } else {
            subscribeAll();
        }
        return joined;
    }

    private void subscribeAll() {
        waitingFor = links.length;
        for (Link link : links) {
            link.subscribe(crowd.target().topic(options.room(), "#"), options.qos());
        }
    }

    private void request(int who, String action) {
        String isPublic = action.equals("create") ? ",\"public\":true" : "";
        byte[] payload = "{\"sender\":\"%s\",\"action\":\"%s\",\"room\":\"%s\"%s}"
                .formatted(links[who].user(), action, options.room(), isPublic)
                .getBytes(StandardCharsets.UTF_8);
        byte[] topic = crowd.target().topic("server", "rooms").getBytes(StandardCharsets.UTF_8);
        links[who].publish(topic, payload, payload.length, 1, -1);
        links[who].flushUnlessReading();
    }

    /** The answer to a request about rooms. */
    private void roomAnswer(Link link, String answer) {
        if (joined == null || joined.isDone()) {
            return;
        }
        if (!answer.contains("\"status\":\"ok\"") && !answer.contains("exists") && !answer.contains("already")) {
            joined.completeExceptionally(new BenchException(
                    "user \"%s\" and room \"%s\": the server says %s".formatted(link.user(), options.room(), answer)));
        } else if (waitingFor == 0) {
            // The room is there.
            waitingFor = links.length - 1;
            for (int i = 1; i < links.length; i++) {
                request(i, "join");
            }
        } else {
            waitingFor--;
            if (waitingFor == 0) {
                subscribeAll();
            }
        }
    }

    private void isSubscribed() {
        waitingFor--;
        if (waitingFor == 0) {
            joined.complete(null);
        }
    }

    private void measure(ServerProcess server, JsonLine result) {
        ServerProcess self = ServerProcess.self();
        on(() -> {
            sending = true;
            paceStart = System.nanoTime();
            if (options.window() > 0) {
                fill();
                links[0].flush();
            } else {
                crowd.loop().schedule(this::tick, TICK_NANOS, TimeUnit.NANOSECONDS);
            }
        });
        sleep(options.warmUpSeconds());
        on(() -> {
            windowDelivered = 0;
            windowRounds = 0;
            windowStart = System.nanoTime();
            measuring = true;
        });
        long serverBefore = server == null ? 0 : server.cpuNanos();
        long selfBefore = self.cpuNanos();
        sleep(options.seconds());
        long serverAfter = server == null ? 0 : server.cpuNanos();
        long selfAfter = self.cpuNanos();
        long[] end = new long[1];
        on(() -> {
            measuring = false;
            sending = false;
            end[0] = System.nanoTime();
        });
        double seconds = (end[0] - windowStart) / 1e9;
        result.put("messages_per_second", windowRounds / seconds)
                .put("deliveries_per_second", windowDelivered / seconds);
        if (server != null) {
            double cpu = (serverAfter - serverBefore) / 1e3;
            result.put("server_cpu_percent", cpu / 1e4 / seconds)
                    .put("server_cpu_us_per_delivery", windowDelivered == 0 ? Double.NaN : cpu / windowDelivered);
        }
        result.put("load_cpu_percent", (selfAfter - selfBefore) / 1e7 / seconds);
    }

    private void drain() {
        long seen = -1;
        long since = System.nanoTime();
        while (true) {
            boolean[] complete = new boolean[1];
            on(() -> complete[0] = delivered == (long) rounds * options.receivers()
                    && (options.qos() == 0 || acknowledged == publishes));
            if (complete[0]) {
                return;
            }
            if (progress != seen) {
                seen = progress;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(options.drainSeconds())) {
                return;
            }
            sleep(0.02);
        }
    }

    private void on(Runnable task) {
        crowd.await(
                () -> {
                    task.run();
                    return CompletableFuture.completedFuture(null);
                },
                60,
                "measuring");
    }

    private static void sleep(double seconds) {
        try {
            Thread.sleep((long) (seconds * 1000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private void tick() {
        if (!sending) {
            return;
        }
        long now = System.nanoTime();
        crowd.loop()
                .schedule(this::tick, Math.max(0, TICK_NANOS - (now - paceStart) % TICK_NANOS), TimeUnit.NANOSECONDS);
        long due = (long) ((now - paceStart) * 1e-9 * options.rate());
        while (planned < due) {
            if (underWay >= RING - 1 || !links[0].isReady()) {
                heldBack++;
                break;
            }
            planned++;
            send();
        }
        links[0].flush();
    }

    private void fill() {
        while (sending && underWay < options.window() && links[0].isOpen()) {
            send();
        }
    }

    private void send() {
        int number = rounds++;
        underWay++;
        sentAt[number & RING - 1] = System.nanoTime();
        int acknowledgements = options.qos() == 0 ? 0 : roomId == null ? options.receivers() : 1;
        missing[number & RING - 1] = options.receivers() + acknowledgements;
        if (roomId != null) {
            publish(topics[0], payloads.message(0, roomId, number), number);
        } else {
            for (int i = 1; i < links.length; i++) {
                publish(topics[i], payloads.message(0, i, number), number);
            }
        }
    }

    private void publish(byte[] topic, int length, int number) {
        publishes++;
        links[0].publish(topic, payloads.bytes(), length, options.qos(), number);
    }

    @Override
    public void connected(Link link, int code, boolean sessionPresent) {
        opening.connected(link, code);
    }

    @Override
    public void subscribed(Link link, int code) {
        if (!opening.done().isDone()) {
            opening.subscribed(link, code);
        } else if (code >= 0x80) {
            joined.completeExceptionally(new BenchException(
                    "the server refused user \"%s\" the subscription to the room \"%s\": on a server that keeps rooms use --membership, on another let the ACL allow it"
                            .formatted(link.user(), options.room())));
        } else {
            isSubscribed();
        }
    }

    @Override
    public void closed(Link link, String why) {
        if (!opening.done().isDone()) {
            opening.closed(link, why);
        } else {
            disconnected++;
            complaint = "user \"%s\" was disconnected: %s".formatted(link.user(), why);
        }
    }

    @Override
    public void acknowledged(Link link, long token) {
        if (token < 0) {
            return;
        }
        progress++;
        acknowledged++;
        int number = (int) token;
        if (measuring && sentAt[number & RING - 1] >= windowStart) {
            acknowledgement.record(System.nanoTime() - sentAt[number & RING - 1]);
        }
        part(number);
    }

    @Override
    public void arrived(Link link, ByteBuf in, int topicAt, int topicEnd, int payloadAt, int payloadEnd) {
        if (in.getByte(topicEnd - 2) != 'g') {
            String topic = in.toString(topicAt, topicEnd - topicAt, StandardCharsets.UTF_8);
            String payload = in.toString(payloadAt, payloadEnd - payloadAt, StandardCharsets.UTF_8);
            if (topic.endsWith("/rooms")) {
                roomAnswer(link, payload);
            } else if (topic.endsWith("/diagnostics")) {
                complaint = "the server explains: " + payload;
            }
            return;
        }
        if (!payloads.isOfThisRun(in, payloadAt, payloadEnd) || link.index() == 0) {
            return;
        }
        int number = Payloads.number(in, payloadEnd);
        if (arrived[link.index()].get(number)) {
            duplicated++;
            return;
        }
        if (arrived[link.index()].length() > number) {
            outOfOrder++;
        }
        arrived[link.index()].set(number);
        progress++;
        delivered++;
        long took = System.nanoTime() - sentAt[number & RING - 1];
        if (took > options.lateMillis() * 1_000_000L) {
            late++;
        }
        if (measuring) {
            windowDelivered++;
            if (sentAt[number & RING - 1] >= windowStart) {
                arrival.record(took);
            }
        }
        part(number);
    }

    private void part(int number) {
        missing[number & RING - 1]--;
        if (missing[number & RING - 1] > 0) {
            return;
        }
        underWay--;
        if (measuring) {
            windowRounds++;
            if (sentAt[number & RING - 1] >= windowStart) {
                everybody.record(System.nanoTime() - sentAt[number & RING - 1]);
            }
        }
        if (options.window() > 0) {
            fill();
            links[0].flushUnlessReading();
        }
    }
}
