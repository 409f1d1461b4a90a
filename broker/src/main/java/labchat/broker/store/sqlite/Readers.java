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

    /** Who knows when what was appended is on disk. */
    interface Commits {
        /**
         * Completes when every publish with this sequence number or a lower one is in the journal or in the tables, or was
         * refused; fails with {@link StoreException} if nobody will know.
         */
        CompletionStage<Void> committed(long upTo);

        /** The highest sequence number given so far. */
        long lastSequence();
    }

    /** A query of the tables and of what is in the journal only. */
    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection, JournalTail tail) throws SQLException;
    }

    /** A connection, and what its transactions have seen of the journal. */
    private record Reader(Connection connection, JournalTail tail) {}

    private final Path file;
    private final Commits commits;
    private final Queue<Reader> idle = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads;

    Readers(Path file, Commits commits) {
        this(file, commits, THREADS, "labchat-store-read-");
    }

    /** @param name what the threads are called, but for their number */
    Readers(Path file, Commits commits, int count, String name) {
        this.file = file;
        this.commits = commits;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs a query that sees everything that was appended so far.
     *
     * @param query runs in one read transaction on a reader's thread; the connection is not to be kept, closed or
     *     written to; its SQLException becomes a {@link StoreException}
     */
    <T> CompletionStage<T> afterCommit(Query<T> query) {
        return afterCommit(commits.lastSequence(), query);
    }

    /** The same, once all publishes with this sequence number or a lower one can be seen. */
    <T> CompletionStage<T> afterCommit(long upTo, Query<T> query) {
        return commits.committed(Math.min(upTo, commits.lastSequence()))
                .thenCompose(done -> start(reader -> {
                    reader.tail().refresh(reader.connection());
                    return query.run(reader.connection(), reader.tail());
                }));
    }

    /** Runs a query at once, on what is in the tables now. */
    <T> CompletionStage<T> read(SqlFunction<Connection, T> query) {
        return start(reader -> query.apply(reader.connection()));
    }

    private <T> CompletionStage<T> start(SqlFunction<Reader, T> query) {
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

    private <T> T run(SqlFunction<Reader, T> query) throws SQLException {
        Reader reader = idle.poll();
        if (reader == null) {
            reader = new Reader(Database.openReader(file), new JournalTail(file));
        }
        boolean good = false;
        try (Statement transaction = reader.connection().createStatement()) {
            transaction.execute("BEGIN");
            T answer = query.apply(reader);
            transaction.execute("COMMIT");
            good = true;
            return answer;
        } finally {
            // After an error its state is unknown: the next query gets a fresh one.
            if (!good || threads.isShutdown() || !idle.offer(reader)) {
                Database.closeQuietly(reader.connection());
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
        for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
            Database.closeQuietly(reader.connection());
        }
    }
}
