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

/** Messages for receivers who are not there; then all of them come back at once and get them. */
public final class OfflineLoad implements Link.Listener {

    /**
     * How it is done.
     *
     * @param messages for each receiver
     * @param window messages of the sender that are not acknowledged
     * @param session whether each receiver leaves a session with a subscription on the server (clean session 0); without,
     *     the server has to keep messages for users of its own accord
     */
    public record Options(
            int receivers, int messages, int qos, int window, boolean session, int textLength, int drainSeconds) {

        public Options {
            if (receivers < 1 || receivers > 65_000 || messages < 1 || window < 1) {
                throw new BenchException("--receivers is 1 to 65000, --messages and --window are at least 1");
            }
            if (qos < 1) {
                throw new BenchException("--qos %d: nobody keeps messages of QoS 0; use 1 or 2".formatted(qos));
            }
        }
    }

    private final Crowd crowd;
    private final Options options;
    private final Link[] links;
    private final byte[][] topics;
    private final BitSet[] arrived;
    private final long[] complete;
    private final Payloads payloads;
    private Crowd.Opening opening;
    private CompletableFuture<Void> allAcknowledged;
    private CompletableFuture<Void> allArrived;
    private int sent;
    private long acknowledged;
    private long delivered;
    private long duplicated;
    private long outOfOrder;
    private volatile long progress;
    private final long[] sentAt;
    private final Histogram acknowledgement = new Histogram();

    public OfflineLoad(Crowd crowd, Options options) {
        this.crowd = crowd;
        this.options = options;
        int all = options.receivers() + 1;
        if (crowd.target().users() < all) {
            throw new BenchException("one sender and %d receivers are %d users; --users says %d"
                    .formatted(options.receivers(), all, crowd.target().users()));
        }
        links = new Link[all];
        topics = new byte[all][];
        arrived = new BitSet[all];
        complete = new long[all];
        payloads = new Payloads(crowd.target(), all, crowd.run(), options.textLength());
        sentAt = new long[options.receivers() * options.messages()];
        for (int i = 0; i < all; i++) {
            topics[i] = crowd.target().topic(crowd.target().user(i), "message").getBytes(StandardCharsets.UTF_8);
            arrived[i] = new BitSet();
        }
    }

    /** @param server whose CPU time is taken; null for nobody's */
    public JsonLine run(ServerProcess server) {
        JsonLine result = new JsonLine()
                .put("workload", "offline")
                .put("receivers", options.receivers())
                .put("messages_each", options.messages())
                .put("qos", options.qos())
                .put("session", options.session() ? 1 : 0);
        if (options.session()) {
            connect(1, links.length, false, "leaving sessions");
            disconnect(1, links.length);
        }
        connect(0, 1, true, "connecting the sender");
        long start = System.nanoTime();
        long cpuAtStart = server == null ? 0 : server.cpuNanos();
        allAcknowledged = new CompletableFuture<>();
        crowd.await(
                () -> {
                    fill();
                    links[0].flush();
                    return allAcknowledged;
                },
                60 + sentAt.length / 500,
                "sending %d messages".formatted(sentAt.length));
        double sendSeconds = (System.nanoTime() - start) / 1e9;
        result.put("stored_per_second", acknowledged / sendSeconds);
        if (server != null) {
            result.put("store_cpu_us_each", (server.cpuNanos() - cpuAtStart) / 1e3 / sentAt.length);
        }
        long cpuBefore = server == null ? 0 : server.cpuNanos();
        long back = System.nanoTime();
        allArrived = new CompletableFuture<>();
        connect(1, links.length, !options.session(), "coming back");
        long seen = -1;
        long since = System.nanoTime();
        while (!allArrived.isDone() && System.nanoTime() - since < TimeUnit.SECONDS.toNanos(options.drainSeconds())) {
            if (progress != seen) {
                seen = progress;
                since = System.nanoTime();
            }
            try {
                allArrived.get(20, TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                // Looks again whether something comes.
            } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
                throw new BenchException("while waiting for messages: " + e, e);
            }
        }
        long last = 0;
        for (long at : complete) {
            last = Math.max(last, at);
        }
        long lost = sentAt.length - delivered;
        if (lost == 0) {
            double drainSeconds = (last - back) / 1e9;
            result.put("drain_seconds", drainSeconds).put("drained_per_second", delivered / drainSeconds);
        }
        if (server != null) {
            result.put("drain_cpu_us_each", (server.cpuNanos() - cpuBefore) / 1e3 / Math.max(1, delivered))
                    .put("server_rss_kb", server.residentBytes() / 1024);
        }
        result.put("sent", sent)
                .put("acknowledged", acknowledged)
                .put("delivered", delivered)
                .put("lost", lost)
                .put("acknowledged_not_delivered", acknowledged == sent ? lost : Double.NaN)
                .put("duplicated", duplicated)
                .put("out_of_order", outOfOrder)
                .put("ack", acknowledgement);
        disconnect(0, links.length);
        if (options.session()) {
            // Takes the sessions away again.
            connect(1, links.length, true, "removing sessions");
            disconnect(1, links.length);
        }
        return result;
    }

    private void connect(int from, int to, boolean clean, String what) {
        crowd.await(
                () -> {
                    for (int i = from; i < to; i++) {
                        links[i] = new Link(i, crowd.target().user(i), this);
                    }
                    opening = crowd.open(links, from, to, options.qos(), clean, Crowd.LOGINS_AT_ONCE);
                    return opening.done();
                },
                Crowd.Opening.patience(to - from),
                what);
    }

    private void disconnect(int from, int to) {
        crowd.await(
                () -> {
                    for (int i = from; i < to; i++) {
                        links[i].disconnect();
                    }
                    CompletableFuture<Void> closed = new CompletableFuture<>();
                    // The server must have seen it before the same clients come again.
                    crowd.loop().schedule(() -> closed.complete(null), 500, TimeUnit.MILLISECONDS);
                    return closed;
                },
                30,
                "disconnecting");
    }

    private void fill() {
        while (sent < sentAt.length && sent - acknowledged < options.window() && links[0].isOpen()) {
            int receiver = 1 + sent % options.receivers();
            sentAt[sent] = System.nanoTime();
            int length = payloads.message(0, receiver, sent);
            links[0].publish(topics[receiver], payloads.bytes(), length, options.qos(), sent);
            sent++;
        }
    }

    @Override
    public void connected(Link link, int code, boolean sessionPresent) {
        opening.connected(link, code);
    }

    @Override
    public void subscribed(Link link, int code) {
        opening.subscribed(link, code);
    }

    @Override
    public void closed(Link link, String why) {
        BenchException problem = new BenchException("user \"%s\" was disconnected: %s".formatted(link.user(), why));
        if (!opening.done().isDone()) {
            opening.closed(link, why);
        } else if (link.index() == 0 && allAcknowledged != null) {
            allAcknowledged.completeExceptionally(problem);
        } else {
            System.err.println("bench: " + problem.getMessage());
        }
    }

    @Override
    public void acknowledged(Link link, long token) {
        acknowledged++;
        acknowledgement.record(System.nanoTime() - sentAt[(int) token]);
        if (acknowledged == sentAt.length) {
            allAcknowledged.complete(null);
        } else {
            fill();
        }
    }

    @Override
    public void arrived(Link link, ByteBuf in, int topicAt, int topicEnd, int payloadAt, int payloadEnd) {
        if (in.getByte(topicEnd - 2) != 'g' || !payloads.isOfThisRun(in, payloadAt, payloadEnd)) {
            return;
        }
        progress++;
        int number = Payloads.number(in, payloadEnd);
        BitSet own = arrived[link.index()];
        if (own.get(number)) {
            duplicated++;
            return;
        }
        if (own.length() > number) {
            outOfOrder++;
        }
        own.set(number);
        delivered++;
        complete[link.index()] = System.nanoTime();
        if (delivered == sentAt.length) {
            allArrived.complete(null);
        }
    }
}
