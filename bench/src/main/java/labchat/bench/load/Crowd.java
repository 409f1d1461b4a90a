package labchat.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import labchat.bench.report.BenchException;

/**
 * The one event loop on which all clients of a run live, and what opens their connections. One loop is one thread, so the
 * workloads need no locks, and the other core is the server's.
 */
public final class Crowd implements AutoCloseable {

    /** How many logins are under way at once, unless a workload says otherwise. */
    static final int LOGINS_AT_ONCE = 32;

    private static final int CONNECT_PATIENCE_SECONDS = 60;

    private final Target target;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final String run = "%08x".formatted(ThreadLocalRandom.current().nextInt());

    public Crowd(Target target) {
        this.target = target;
        DefaultThreadFactory threads = new DefaultThreadFactory("bench", true);
        group = Epoll.isAvailable() ? new EpollEventLoopGroup(1, threads) : new NioEventLoopGroup(1, threads);
        loop = group.next();
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 20_000);
    }

    Target target() {
        return target;
    }

    EventLoop loop() {
        return loop;
    }

    /** Different in each run: for client ids and uuids. 8 hex digits. */
    String run() {
        return run;
    }

    /** A client id that no other client of this or another run has. */
    String clientId(int index) {
        return "bench-" + run + "-" + index;
    }

    /** Runs it on the loop and waits for the future that it gives. */
    <T> T await(java.util.concurrent.Callable<CompletableFuture<T>> task, long seconds, String what) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                task.call().whenComplete((value, problem) -> {
                    if (problem == null) {
                        done.complete(value);
                    } else {
                        done.completeExceptionally(problem);
                    }
                });
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new BenchException("no end after %d s: %s".formatted(seconds, what), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BenchException known) {
                throw known;
            }
            throw new BenchException("while " + what + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    /** Opens one connection; the link hears of it. On the loop. */
    void open(Link link, boolean clean, int receiveBuffer) {
        Bootstrap own = bootstrap.clone().handler(new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(link);
                if (receiveBuffer > 0) {
                    channel.config().setReceiveBufferSize(receiveBuffer);
                }
            }
        });
        own.connect(new InetSocketAddress(target.host(), target.port())).addListener((Future<Void> opened) -> {
            if (opened.isSuccess()) {
                link.connect(clientId(link.index()), target.password(), clean);
            } else {
                link.unreachable(opened.cause());
            }
        });
    }

    /**
     * Opens connections for links, a few at a time, and subscribes each to its user's part of the chat tree unless the QoS
     * is less than 0. On the loop. The links' listener must pass connected, subscribed and closed on to the result.
     */
    Opening open(Link[] links, int from, int to, int qos, boolean clean, int atOnce) {
        return new Opening(links, from, to, qos, clean, atOnce);
    }

    /** Many connections being opened. */
    final class Opening {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Deque<Link> waiting = new ArrayDeque<>();
        private final int qos;
        private final boolean clean;
        private int left;
        private int receiveBuffer;

        Opening(Link[] links, int from, int to, int qos, boolean clean, int atOnce) {
            this.qos = qos;
            this.clean = clean;
            for (int i = from; i < to; i++) {
                waiting.add(links[i]);
            }
            left = waiting.size();
            if (left == 0) {
                done.complete(null);
            }
            loop.execute(() -> {
                for (int i = 0; i < atOnce; i++) {
                    next();
                }
            });
        }

        Opening withReceiveBuffer(int bytes) {
            receiveBuffer = bytes;
            return this;
        }

        CompletableFuture<Void> done() {
            return done;
        }

        private void next() {
            Link link = waiting.poll();
            if (link != null && !done.isDone()) {
                open(link, clean, receiveBuffer);
            }
        }

        void connected(Link link, int code) {
            if (code != 0) {
                done.completeExceptionally(new BenchException(refusal(link, code)));
            } else if (qos >= 0) {
                link.subscribe(target.root() + "/" + link.user() + "/#", qos);
            } else {
                ready();
            }
        }

        private String refusal(Link link, int code) {
            String meaning = switch (code) {
                case 2 -> "client id refused";
                case 3 -> "server unavailable";
                case 4, 5 -> "bad user name or password, or not allowed: \"bench users\" writes a password file for it";
                default -> "see MQTT 3.1.1, 3.2.2.3";
            };
            return "the server refused the login of user \"%s\" with code %d (%s)"
                    .formatted(link.user(), code, meaning);
        }

        void subscribed(Link link, int code) {
            if (code >= 0x80) {
                done.completeExceptionally(new BenchException(
                        "the server refused user \"%s\" the subscription to \"%s/%s/#\"; is --chat-root right, and does the ACL allow it?"
                                .formatted(link.user(), target.root(), link.user())));
            } else {
                ready();
            }
        }

        private void ready() {
            left--;
            if (left == 0) {
                done.complete(null);
            } else {
                next();
            }
        }

        void closed(Link link, String why) {
            done.completeExceptionally(new BenchException("%s:%d, user \"%s\", while connecting: %s"
                    .formatted(target.host(), target.port(), link.user(), why)));
        }

        /** Waits until all are connected and subscribed; not on the loop. */
        static int patience(int links) {
            return CONNECT_PATIENCE_SECONDS + links / 50;
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
