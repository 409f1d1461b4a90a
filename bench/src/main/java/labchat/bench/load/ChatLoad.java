package labchat.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import labchat.bench.report.BenchException;
import labchat.bench.report.Histogram;
import labchat.bench.report.JsonLine;
import labchat.bench.server.ServerProcess;

/**
 * Everybody writes to everybody else in turn, and whoever gets a message sends the receipt {@code delivered}. Either each
 * client has a number of messages under way (a message ends when it is acknowledged and its receipt is back), or all
 * together keep a rate, whatever the server does. Belongs to the loop.
 */
public final class ChatLoad implements Link.Listener {

    /**
     * How it is done.
     *
     * @param window messages under way for each client; 0 if there is a rate
     * @param rate messages a second of all clients together; 0 if there is a window
     * @param rising whether the rate rises from nothing during the warm-up
     * @param warmUpMessages measuring begins no earlier than when so many have been delivered, for a server that a compiler
     *     still makes faster; but after a minute it does
     * @param receipts whether receivers answer with {@code delivered}
     * @param slowReaders further clients that are connected and read nothing; every hundredth message goes to one
     * @param lateMillis a message that takes longer is counted as late
     */
    public record Options(
            int clients,
            int qos,
            int window,
            int rate,
            boolean rising,
            boolean receipts,
            int textLength,
            double warmUpSeconds,
            long warmUpMessages,
            double seconds,
            int drainSeconds,
            int lateMillis,
            int slowReaders) {

        public Options {
            if (clients < 2 || clients + slowReaders > 65_536) {
                throw new BenchException("--clients %d: 2 to 65536 are possible".formatted(clients));
            }
            if ((window > 0) == (rate > 0)) {
                throw new BenchException("give either --window (messages under way for each client) or --rate (all"
                        + " clients' messages a second), not both and not neither");
            }
        }
    }

    /** What is known of a message. */
    private static final int ACKNOWLEDGED = 1;

    private static final int ARRIVED = 2;
    private static final int RECEIPT_SENT = 4;
    private static final int RECEIPT_ACKNOWLEDGED = 8;
    private static final int RECEIPT_ARRIVED = 16;
    private static final int ENDED = 32;

    private static final long TICK_NANOS = 1_000_000;
    private static final int SLOW_EVERY = 100;
    private static final long RECEIPT = 1L << 62;
    private static final long TO_SLOW = 1L << 61;
    private static final int MOST_COMPLAINTS = 3;
    private static final int LONGEST_WARM_UP_SECONDS = 60;

    /** One client's messages. */
    private static final class Author {
        private long[] sentAt = new long[1024];
        private byte[] state = new byte[1024];
        private int count;
        private int underWay;

        int add(long now) {
            if (count == state.length) {
                state = Arrays.copyOf(state, count * 2);
                sentAt = Arrays.copyOf(sentAt, count * 2);
            }
            sentAt[count] = now;
            return count++;
        }
    }

    private final Crowd crowd;
    private final Options options;
    private final Link[] links;
    private final Author[] authors;
    private final byte[][] messageTopics;
    private final byte[][] deliveredTopics;
    private final int[] newestFrom;
    private final Payloads payloads;
    private final Pace pace;
    private final List<String> complaints = new ArrayList<>();
    private final Deque<Link> touched = new ArrayDeque<>();
    private Crowd.Opening opening;

    private boolean sending;
    private boolean measuring;
    private long windowStart;
    private long paceStart;
    private long paced;
    private int nextAuthor;
    private int nextSlow;
    private long progress;

    private long sent;
    private long acknowledged;
    private long delivered;
    private long receiptsSent;
    private long receiptsAcknowledged;
    private long receiptsDelivered;
    private long duplicated;
    private long late;
    private long outOfOrder;
    private long stray;
    private long sentLate;
    private long toSlow;
    private long toSlowAcknowledged;
    private int slowDisconnected;
    private int disconnected;

    private long windowSent;
    private long windowDelivered;
    private long windowReceipts;
    private long windowAcknowledged;
    private final Histogram acknowledgement = new Histogram();
    private final Histogram arrival = new Histogram();
    private final Histogram roundTrip = new Histogram();

    public ChatLoad(Crowd crowd, Options options) {
        this.crowd = crowd;
        this.options = options;
        int clients = options.clients();
        int all = clients + options.slowReaders();
        links = new Link[all];
        authors = new Author[clients];
        messageTopics = new byte[all][];
        deliveredTopics = new byte[all][];
        newestFrom = clients <= 2000 ? new int[clients * clients] : new int[0];
        Arrays.fill(newestFrom, -1);
        pace = new Pace(options.rate(), options.rising() ? options.warmUpSeconds() : 0);
        payloads = new Payloads(crowd.target(), all, crowd.run(), options.textLength());
        for (int i = 0; i < all; i++) {
            String user = crowd.target().user(i);
            links[i] = new Link(i, user, this);
            messageTopics[i] = crowd.target().topic(user, "message").getBytes(StandardCharsets.UTF_8);
            deliveredTopics[i] = crowd.target().topic(user, "delivered").getBytes(StandardCharsets.UTF_8);
            if (i < clients) {
                authors[i] = new Author();
            }
        }
        if (crowd.target().users() < all) {
            throw new BenchException("%d clients write to each other, so they need as many users; --users says %d"
                    .formatted(all, crowd.target().users()));
        }
    }

    /**
     * Connects, warms up, measures, waits for what is under way, disconnects.
     *
     * @param server whose CPU time is taken; null for nobody's
     */
    public JsonLine run(ServerProcess server) {
        crowd.await(
                () -> {
                    opening = crowd.open(links, 0, options.clients(), options.qos(), true, Crowd.LOGINS_AT_ONCE);
                    return opening.done();
                },
                Crowd.Opening.patience(options.clients()),
                "connecting %d clients".formatted(options.clients()));
        JsonLine result = new JsonLine().put("workload", options.slowReaders() > 0 ? "slow" : "chat");
        describe(result);
        if (options.slowReaders() == 0) {
            measure(server, result, "");
        } else {
            measure(server, result, "before_");
            long resident = server == null ? 0 : server.residentBytes();
            crowd.await(this::openSlow, 60, "connecting the slow readers");
            measure(server, result, "");
            result.put("slow_readers", options.slowReaders())
                    .put("slow_sent", toSlow)
                    .put("slow_acknowledged", toSlowAcknowledged)
                    .put("slow_disconnected", slowDisconnected);
            if (server != null) {
                result.put("server_rss_growth_kb", (server.residentBytes() - resident) / 1024);
            }
        }
        counts(result);
        if (server != null) {
            result.put("server_rss_kb", server.residentBytes() / 1024);
        }
        crowd.await(
                () -> {
                    for (Link link : links) {
                        link.disconnect();
                    }
                    return CompletableFuture.completedFuture(null);
                },
                10,
                "disconnecting");
        return result;
    }

    private CompletableFuture<Void> openSlow() {
        opening = crowd.open(links, options.clients(), links.length, options.qos(), true, Crowd.LOGINS_AT_ONCE)
                .withReceiveBuffer(4096);
        return opening.done().thenRun(() -> {
            for (int i = options.clients(); i < links.length; i++) {
                links[i].stopReading();
            }
            nextSlow = options.clients();
        });
    }

    private void describe(JsonLine result) {
        result.put("clients", options.clients()).put("qos", options.qos());
        if (options.window() > 0) {
            result.put("window", options.window());
        } else {
            result.put("rate", options.rate());
        }
        result.put("text_length", options.textLength()).put("seconds", options.seconds());
    }

    /** Warms up, measures and lets come home what is under way. */
    private void measure(ServerProcess server, JsonLine result, String prefix) {
        ServerProcess self = ServerProcess.self();
        on(() -> {
            sending = true;
            paceStart = System.nanoTime();
            paced = 0;
            if (options.window() > 0) {
                for (int i = 0; i < options.clients(); i++) {
                    fill(i);
                    links[i].flush();
                }
            } else {
                crowd.loop().schedule(this::tick, TICK_NANOS, TimeUnit.NANOSECONDS);
            }
        });
        sleep(options.warmUpSeconds());
        for (int i = 0; i < LONGEST_WARM_UP_SECONDS * 10 && delivered < options.warmUpMessages(); i++) {
            sleep(0.1);
            on(() -> {});
        }
        long[] before = new long[3];
        on(() -> {
            windowSent = 0;
            windowDelivered = 0;
            windowReceipts = 0;
            windowAcknowledged = 0;
            windowStart = System.nanoTime();
            measuring = true;
            before[0] = windowStart;
        });
        before[1] = server == null ? 0 : server.cpuNanos();
        before[2] = self.cpuNanos();
        sleep(options.seconds());
        long[] after = new long[3];
        after[1] = server == null ? 0 : server.cpuNanos();
        after[2] = self.cpuNanos();
        on(() -> {
            measuring = false;
            after[0] = System.nanoTime();
            sending = false;
        });
        double seconds = (after[0] - before[0]) / 1e9;
        long deliveries = windowDelivered + windowReceipts;
        result.put(prefix + "sent_per_second", windowSent / seconds)
                .put(prefix + "acknowledged_per_second", windowAcknowledged / seconds)
                .put(prefix + "messages_per_second", windowDelivered / seconds)
                .put(prefix + "deliveries_per_second", deliveries / seconds);
        if (server != null) {
            double cpu = (after[1] - before[1]) / 1e3;
            result.put(prefix + "server_cpu_percent", cpu / 1e4 / seconds)
                    .put(prefix + "server_cpu_us_per_delivery", deliveries == 0 ? Double.NaN : cpu / deliveries);
        }
        result.put(prefix + "load_cpu_percent", (after[2] - before[2]) / 1e7 / seconds);
        drain();
    }

    private void drain() {
        long seen = -1;
        long since = System.nanoTime();
        while (!complete()) {
            long now = progress;
            if (now != seen) {
                seen = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(options.drainSeconds())) {
                return;
            }
            sleep(0.02);
            on(() -> {});
        }
    }

    private boolean complete() {
        boolean[] complete = new boolean[1];
        on(() -> complete[0] = acknowledged == sent
                        && delivered == sent
                        && receiptsDelivered == receiptsSent
                        && receiptsAcknowledged == receiptsSent
                || options.qos() == 0 && delivered == sent && receiptsDelivered == receiptsSent);
        return complete[0];
    }

    private void counts(JsonLine result) {
        long[] ackedNotDelivered = new long[1];
        on(() -> {
            for (Author author : authors) {
                for (int i = 0; i < author.count; i++) {
                    int state = author.state[i];
                    if ((state & (ACKNOWLEDGED | ARRIVED)) == ACKNOWLEDGED) {
                        ackedNotDelivered[0]++;
                    }
                    if ((state & (RECEIPT_ACKNOWLEDGED | RECEIPT_ARRIVED)) == RECEIPT_ACKNOWLEDGED) {
                        ackedNotDelivered[0]++;
                    }
                }
            }
        });
        result.put("sent", sent)
                .put("acknowledged", acknowledged)
                .put("delivered", delivered)
                .put("receipts_sent", receiptsSent)
                .put("receipts_delivered", receiptsDelivered)
                .put("lost", sent - delivered + receiptsSent - receiptsDelivered)
                .put("acknowledged_not_delivered", ackedNotDelivered[0])
                .put("duplicated", duplicated)
                .put("late", late)
                .put("out_of_order", outOfOrder)
                .put("stray", stray)
                .put("disconnected", disconnected);
        if (options.rate() > 0) {
            result.put("sent_late", sentLate);
        }
        result.put("ack", acknowledgement).put("arrival", arrival).put("round_trip", roundTrip);
        for (String complaint : complaints) {
            System.err.println("bench: " + complaint);
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

    private void fill(int author) {
        Link link = links[author];
        while (sending && authors[author].underWay < options.window() && link.isOpen()) {
            send(author, System.nanoTime());
        }
    }

    /** Sends what is due. */
    private void tick() {
        if (!sending) {
            return;
        }
        long now = System.nanoTime();
        crowd.loop()
                .schedule(this::tick, Math.max(0, TICK_NANOS - (now - paceStart) % TICK_NANOS), TimeUnit.NANOSECONDS);
        long due = pace.due((now - paceStart) * 1e-9);
        int blocked = 0;
        while (paced < due && blocked < options.clients()) {
            int author = nextAuthor;
            nextAuthor = nextAuthor + 1 == options.clients() ? 0 : nextAuthor + 1;
            if (!links[author].isOpen() || !links[author].isReady()) {
                // Its turn goes to the next one; if nobody can send, the message stays due.
                blocked++;
                continue;
            }
            blocked = 0;
            long planned = paceStart + (long) (pace.seconds(paced) * 1e9);
            // What leaves late because the server takes nothing more, or this machine is busy, has waited since it was
            // due.
            boolean isLate = now - planned > 2 * TICK_NANOS;
            if (isLate) {
                sentLate++;
            }
            send(author, isLate ? planned : System.nanoTime());
            touched.add(links[author]);
            paced++;
        }
        for (Link link = touched.poll(); link != null; link = touched.poll()) {
            link.flush();
        }
    }

    private void send(int author, long now) {
        if (nextSlow > 0 && sent % SLOW_EVERY == 0) {
            sendToSlow(author);
        }
        Author from = authors[author];
        int number = from.add(now);
        int clients = options.clients();
        int receiver = author + 1 + number % (clients - 1);
        if (receiver >= clients) {
            receiver -= clients;
        }
        from.underWay++;
        sent++;
        if (measuring) {
            windowSent++;
        }
        int length = payloads.message(author, receiver, number);
        links[author].publish(messageTopics[receiver], payloads.bytes(), length, options.qos(), number);
        if (options.qos() == 0) {
            from.state[number] |= ACKNOWLEDGED;
        }
    }

    private void sendToSlow(int author) {
        int number = (int) toSlow++;
        int length = payloads.message(author, nextSlow, 0x4000_0000 + number);
        links[author].publish(messageTopics[nextSlow], payloads.bytes(), length, options.qos(), TO_SLOW);
        nextSlow = nextSlow + 1 == links.length ? options.clients() : nextSlow + 1;
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
        if (!opening.done().isDone()) {
            opening.closed(link, why);
        } else if (link.index() >= options.clients()) {
            slowDisconnected++;
        } else {
            disconnected++;
            complain("user \"%s\" was disconnected: %s".formatted(link.user(), why));
        }
    }

    private void complain(String what) {
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(what);
        }
    }

    @Override
    public void acknowledged(Link link, long token) {
        progress++;
        if (token == TO_SLOW) {
            toSlowAcknowledged++;
            return;
        }
        if ((token & RECEIPT) != 0) {
            receiptsAcknowledged++;
            authors[(int) (token >>> 32) & 0xffff].state[(int) token] |= RECEIPT_ACKNOWLEDGED;
            return;
        }
        acknowledged++;
        Author author = authors[link.index()];
        int number = (int) token;
        author.state[number] |= ACKNOWLEDGED;
        if (measuring) {
            windowAcknowledged++;
            if (author.sentAt[number] >= windowStart) {
                acknowledgement.record(System.nanoTime() - author.sentAt[number]);
            }
        }
        endIfComplete(link.index(), number);
    }

    @Override
    public void arrived(Link link, ByteBuf in, int topicAt, int topicEnd, int payloadAt, int payloadEnd) {
        int kind = in.getByte(topicEnd - 2);
        boolean isMessage = kind == 'g';
        if (!isMessage && kind != 'e') {
            other(in, topicAt, topicEnd, payloadAt, payloadEnd);
            return;
        }
        if (!payloads.isOfThisRun(in, payloadAt, payloadEnd)) {
            stray++;
            return;
        }
        progress++;
        int author = Payloads.author(in, payloadEnd);
        int number = Payloads.number(in, payloadEnd);
        if (number >= authors[author].count) {
            stray++;
            return;
        }
        if (isMessage) {
            message(link, author, number);
        } else {
            receipt(author, number);
        }
    }

    private void message(Link link, int author, int number) {
        Author from = authors[author];
        if ((from.state[number] & ARRIVED) != 0) {
            duplicated++;
            return;
        }
        from.state[number] |= ARRIVED;
        delivered++;
        long took = System.nanoTime() - from.sentAt[number];
        if (took > options.lateMillis() * 1_000_000L) {
            late++;
        }
        if (newestFrom.length > 0) {
            int pair = link.index() * options.clients() + author;
            if (number < newestFrom[pair]) {
                outOfOrder++;
            }
            newestFrom[pair] = number;
        }
        if (measuring) {
            windowDelivered++;
            if (from.sentAt[number] >= windowStart) {
                arrival.record(took);
            }
        }
        if (options.receipts()) {
            from.state[number] |= RECEIPT_SENT;
            receiptsSent++;
            int length = payloads.delivered(link.index(), author, number);
            link.publish(
                    deliveredTopics[author],
                    payloads.bytes(),
                    length,
                    options.qos(),
                    RECEIPT | (long) author << 32 | number);
        } else {
            endIfComplete(author, number);
        }
    }

    private void receipt(int author, int number) {
        Author from = authors[author];
        if ((from.state[number] & RECEIPT_ARRIVED) != 0) {
            duplicated++;
            return;
        }
        from.state[number] |= RECEIPT_ARRIVED;
        receiptsDelivered++;
        if (measuring) {
            windowReceipts++;
            if (from.sentAt[number] >= windowStart) {
                roundTrip.record(System.nanoTime() - from.sentAt[number]);
            }
        }
        endIfComplete(author, number);
    }

    private void endIfComplete(int author, int number) {
        Author from = authors[author];
        int needed = ACKNOWLEDGED | ARRIVED | (options.receipts() ? RECEIPT_ARRIVED : 0);
        if ((from.state[number] & (needed | ENDED)) == needed) {
            from.state[number] |= ENDED;
            from.underWay--;
            if (options.window() > 0) {
                fill(author);
                links[author].flushUnlessReading();
            }
        }
    }

    /** What is neither message nor receipt: presence, or why the server refuses what we send. */
    private void other(ByteBuf in, int topicAt, int topicEnd, int payloadAt, int payloadEnd) {
        String topic = in.toString(topicAt, topicEnd - topicAt, StandardCharsets.UTF_8);
        if (topic.endsWith("/diagnostics")) {
            complain("the server explains: " + in.toString(payloadAt, payloadEnd - payloadAt, StandardCharsets.UTF_8));
        } else if (!topic.endsWith("/presence")) {
            stray++;
        }
    }
}
