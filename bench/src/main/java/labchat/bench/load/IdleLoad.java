package labchat.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import labchat.bench.report.BenchException;
import labchat.bench.report.JsonLine;
import labchat.bench.server.ServerProcess;

/** Opens connections that do nothing, and looks what memory they take of the server. */
public final class IdleLoad implements Link.Listener {

    private final Crowd crowd;
    private final int clients;
    private final boolean subscribe;
    private Crowd.Opening opening;
    private int disconnected;

    /** @param subscribe whether each subscribes to its user's part of the chat tree */
    public IdleLoad(Crowd crowd, int clients, boolean subscribe) {
        this.crowd = crowd;
        this.clients = clients;
        this.subscribe = subscribe;
        if (clients < 1) {
            throw new BenchException("--clients %d: at least 1 is needed".formatted(clients));
        }
        long files = openFiles();
        if (clients + 200 > files) {
            throw new BenchException(
                    "--clients %d: this process may open %d files, and each connection is one; try: ulimit -n %d"
                            .formatted(clients, files, clients + 1000));
        }
    }

    private static long openFiles() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line ->
                            line.substring("Max open files".length()).trim().split("\\s+")[0])
                    .filter(value -> !value.equals("unlimited"))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** @param server whose memory is looked at */
    public JsonLine run(ServerProcess server) {
        Link[] links = new Link[clients];
        for (int i = 0; i < clients; i++) {
            links[i] = new Link(i, crowd.target().user(i), this);
        }
        // A few first, so that what is loaded once is not counted.
        int few = Math.min(200, clients / 10);
        connect(links, 0, few);
        OptionalLong heapBefore = server.liveHeapBytes();
        long residentBefore = server.residentBytes();
        long start = System.nanoTime();
        connect(links, few, clients);
        double seconds = (System.nanoTime() - start) / 1e9;
        OptionalLong heapAfter = server.liveHeapBytes();
        long residentAfter = server.residentBytes();
        int counted = clients - few;
        JsonLine result = new JsonLine()
                .put("workload", "idle")
                .put("clients", clients)
                .put("subscribed", subscribe ? 1 : 0)
                .put("connects_per_second", counted / seconds);
        if (heapBefore.isPresent() && heapAfter.isPresent()) {
            result.put("heap_bytes_per_connection", (heapAfter.getAsLong() - heapBefore.getAsLong()) / counted)
                    .put("heap_kb", heapAfter.getAsLong() / 1024);
        }
        result.put("rss_bytes_per_connection", (residentAfter - residentBefore) / counted)
                .put("server_rss_kb", residentAfter / 1024)
                .put("server_threads", server.threads())
                .put("disconnected", disconnected);
        crowd.await(
                () -> {
                    for (Link link : links) {
                        link.disconnect();
                    }
                    return CompletableFuture.completedFuture(null);
                },
                30,
                "disconnecting");
        return result;
    }

    private void connect(Link[] links, int from, int to) {
        crowd.await(
                () -> {
                    opening = crowd.open(links, from, to, subscribe ? 1 : -1, true, Crowd.LOGINS_AT_ONCE);
                    return opening.done();
                },
                Crowd.Opening.patience(to - from),
                "connecting %d clients".formatted(to - from));
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
        if (opening.done().isDone()) {
            disconnected++;
        } else {
            opening.closed(link, why);
        }
    }
}
