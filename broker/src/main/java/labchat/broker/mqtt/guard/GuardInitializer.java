package labchat.broker.mqtt.guard;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import java.util.concurrent.Callable;

/**
 * Puts the guard into every connection that a broker of ours accepts. Netty finds this class as a service and calls it
 * for every listener and every accepted connection of the process; those of other brokers are left alone.
 *
 * <p>A listener belongs to the broker that was starting on the thread that created it.
 */
public final class GuardInitializer extends ChannelInitializerExtension {

    /** The system property that switches Netty's extensions on; to be set before Netty's classes are loaded. */
    public static final String SWITCH = "io.netty.bootstrap.extensions";

    /** The switch's value. */
    public static final String SWITCH_VALUE = "serviceload";

    private static final AttributeKey<Guard> GUARD = AttributeKey.valueOf(GuardInitializer.class, "guard");
    private static final ThreadLocal<Guard> STARTING = new ThreadLocal<>();

    /** Runs the start of a broker; all listeners that it opens on this thread are guarded. */
    public static <T> T whileStarting(Guard guard, Callable<T> start) throws Exception {
        STARTING.set(guard);
        try {
            return start.call();
        } finally {
            STARTING.remove();
        }
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel listener) {
        Guard guard = STARTING.get();
        if (guard != null) {
            listener.attr(GUARD).set(guard);
            guard.addListener(listener);
        }
    }

    @Override
    public void postInitializeServerChildChannel(Channel child) {
        Guard guard = child.parent() == null ? null : child.parent().attr(GUARD).get();
        if (guard == null) {
            return;
        }
        // Runs after Moquette's own initializer, which stands before it in the pipeline.
        child.pipeline().addLast(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                guard.install(channel);
            }
        });
    }
}
