package labchat.bench.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import labchat.bench.report.BenchException;
import labchat.bench.report.Histogram;
import labchat.bench.report.JsonLine;
import labchat.bench.server.ServerProcess;

/** Logs in and out, many at once; the first login of each user is counted apart from the later ones. */
public final class ConnectLoad implements Link.Listener {

    /**
     * How it is done.
     *
     * @param users each logs in once in each round
     * @param rounds the first is that of first logins
     * @param atOnce logins under way at the same time
     * @param warmUp logins before that, by further users, so that the server is not one that has just been started
     */
    public record Options(int users, int rounds, int atOnce, int warmUp) {

        public Options {
            if (users < 1 || rounds < 1 || atOnce < 1) {
                throw new BenchException("--clients, --rounds and --at-once are at least 1 each");
            }
        }
    }

    private final Crowd crowd;
    private final Options options;
    private CompletableFuture<Void> roundOver;
    private Histogram took;
    private long[] startedAt;
    private int next;
    private int done;
    private int refused;
    private long broken;
    private String complaint;

    private int firstUser;
    private int usersOfRound;

    public ConnectLoad(Crowd crowd, Options options) {
        this.crowd = crowd;
        this.options = options;
        if (options.warmUp() > 0 && crowd.target().users() <= options.users()) {
            throw new BenchException("--warm-up %d: needs further users; --clients %d are all that --users %d leaves"
                    .formatted(options.warmUp(), options.users(), crowd.target().users()));
        }
    }

    /** @param server whose CPU time is taken; null for nobody's */
    public JsonLine run(ServerProcess server) {
        JsonLine result = new JsonLine()
                .put("workload", "connect")
                .put("clients", options.users())
                .put("rounds", options.rounds())
                .put("at_once", options.atOnce());
        if (options.warmUp() > 0) {
            firstUser = options.users();
            usersOfRound = crowd.target().users() - options.users();
            round(server, new JsonLine(), "", options.warmUp());
            firstUser = 0;
        }
        usersOfRound = options.users();
        round(server, result, "first_", options.users());
        if (options.rounds() > 1) {
            round(server, result, "again_", options.users() * (options.rounds() - 1));
        }
        result.put("refused", refused).put("broken", broken);
        if (complaint != null) {
            System.err.println("bench: " + complaint);
        }
        return result;
    }

    private void round(ServerProcess server, JsonLine result, String prefix, int all) {
        took = new Histogram();
        startedAt = new long[all];
        next = 0;
        done = 0;
        roundOver = new CompletableFuture<>();
        long cpu = server == null ? 0 : server.cpuNanos();
        long start = System.nanoTime();
        crowd.await(
                () -> {
                    for (int i = 0; i < options.atOnce(); i++) {
                        login();
                    }
                    return roundOver;
                },
                120 + all / 20,
                "logging in");
        double seconds = (System.nanoTime() - start) / 1e9;
        long letIn = took.count();
        result.put(prefix + "connects", letIn).put(prefix + "per_second", letIn / seconds);
        if (server != null) {
            result.put(prefix + "server_cpu_us_each", (server.cpuNanos() - cpu) / 1e3 / Math.max(1, letIn));
        }
        result.put(prefix + "connack", took);
    }

    private void login() {
        if (next < startedAt.length) {
            int index = next++;
            startedAt[index] = System.nanoTime();
            String user = crowd.target().user(firstUser + index % usersOfRound);
            crowd.open(new Link(index, user, this), true, 0);
        }
    }

    @Override
    public void connected(Link link, int code, boolean sessionPresent) {
        if (code == 0) {
            took.record(System.nanoTime() - startedAt[link.index()]);
        } else {
            refused++;
            complaint = "user \"%s\" was refused with code %d".formatted(link.user(), code);
        }
        crowd.loop().execute(link::disconnect);
        ended();
    }

    @Override
    public void closed(Link link, String why) {
        broken++;
        complaint = "user \"%s\": %s".formatted(link.user(), why);
        if (broken > 100) {
            roundOver.completeExceptionally(new BenchException("more than 100 logins failed; the last: " + complaint));
        }
        // Not at once, so that a server that takes nobody is not flooded.
        crowd.loop().schedule(this::ended, 10, TimeUnit.MILLISECONDS);
    }

    private void ended() {
        done++;
        if (done == startedAt.length) {
            roundOver.complete(null);
        } else {
            login();
        }
    }
}
