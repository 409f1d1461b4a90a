package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.broker.store.StoreException;

/**
 * Threads that read, {@value #THREADS} of them unless said, each query on a connection that it has to itself. Any thread may ask;
 * nobody waits.
 */
final class Readers implements AutoCloseable {

    /** How many queries run at once. */
    static final int THREADS = 2;

    private static final long CLOSE_WITHIN_MILLIS = 500;

    /** Who brings what is only in the journal into the tables that queries read. */
    interface Filling {
        /**
         * Completes when every publish that is kept and has this sequence number or a lower one is in the tables; fails
         * with {@link StoreException} if that cannot be had at the moment.
         */
        CompletionStage<Void> filled(long upTo);

        /** The highest sequence number given so far. */
        long lastSequence();
    }

    private final Path file;
    private final Filling filling;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads;

    Readers(Path file, Filling filling) {
        this(file, filling, THREADS, "labchat-store-read-");
    }

    /** @param name what the threads are called, but for their number */
    Readers(Path file, Filling filling, int count, String name) {
        this.file = file;
        this.filling = filling;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs a query once everything that was appended so far can be seen by it.
     *
     * @param query runs in one read transaction on a reader's thread; the connection is not to be kept, closed or
     *     written to; its SQLException becomes a {@link StoreException}
     */
    <T> CompletionStage<T> afterFill(SqlFunction<Connection, T> query) {
        return afterFill(filling.lastSequence(), query);
    }

    /** The same, once all publishes with this sequence number or a lower one can be seen. */
    <T> CompletionStage<T> afterFill(long upTo, SqlFunction<Connection, T> query) {
        return filling.filled(Math.min(upTo, filling.lastSequence())).thenCompose(done -> read(query));
    }

    /** Runs a query at once, on what is in the tables now. */
    <T> CompletionStage<T> read(SqlFunction<Connection, T> query) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(run(query));
                } catch (SQLException e) {
                    answer.completeExceptionally(
                            new StoreException("%s cannot be read: %s".formatted(file, Database.reason(e)), e));
                } catch (Throwable e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new StoreException("%s is closed".formatted(file), e));
        }
        return answer;
    }

    private <T> T run(SqlFunction<Connection, T> query) throws SQLException {
        Connection connection = idle.poll();
        if (connection == null) {
            connection = Database.openReader(file);
        }
        boolean good = false;
        try (Statement transaction = connection.createStatement()) {
            transaction.execute("BEGIN");
            T answer = query.apply(connection);
            transaction.execute("COMMIT");
            good = true;
            return answer;
        } finally {
            // After an error its state is unknown: the next query gets a fresh one.
            if (!good || threads.isShutdown() || !idle.offer(connection)) {
                Database.closeQuietly(connection);
            }
        }
    }

    /** Ends within half a second; what has not begun by then fails. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            Database.closeQuietly(connection);
        }
    }
}
