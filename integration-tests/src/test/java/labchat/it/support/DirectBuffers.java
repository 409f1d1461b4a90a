package labchat.it.support;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;

/** Netty's pooled buffers of this process. */
public final class DirectBuffers {

    private DirectBuffers() {}

    /**
     * How many buffers are in use. Counted one by one: how much memory they take depends on how full the allocator's
     * chunks were before.
     */
    public static long inUse() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    /** How much memory the allocator holds, in bytes; whole chunks of 4 MiB. */
    public static long memory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }
}
