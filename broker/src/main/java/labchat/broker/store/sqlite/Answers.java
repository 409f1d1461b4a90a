package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import labchat.broker.store.StoreException;

/** Waits for what is asked for at the start, where there is nothing else to do. */
final class Answers {

    private Answers() {}

    /** @throws StoreException if it failed */
    static <T> T await(Path file, CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new StoreException(
                    e.getCause() instanceof StoreException known
                            ? known.getMessage()
                            : "%s cannot be read (%s)".formatted(file, e.getCause()),
                    e);
        }
    }
}
