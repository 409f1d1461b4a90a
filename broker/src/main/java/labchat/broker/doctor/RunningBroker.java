package labchat.broker.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import labchat.broker.control.ControlSocket;

/**
 * The broker that runs on a data directory, as it says itself.
 *
 * @param process its number; empty if it does not say
 * @param ports where it listens
 */
public record RunningBroker(Optional<Long> process, Set<Integer> ports) {

    /** What it is asked. */
    public static final String WORD = "ports";

    private static final int ANSWER_SECONDS = 5;

    public RunningBroker {
        ports = Set.copyOf(ports);
    }

    /** The answer that the running broker gives. */
    public static List<String> answer(long process, List<Integer> ports) {
        List<String> lines = new ArrayList<>();
        lines.add("process " + process);
        ports.forEach(port -> lines.add("port " + port));
        return lines;
    }

    /** Asks; empty if none runs there, or it does not answer in time. */
    static Optional<RunningBroker> at(Path dataDir) {
        CompletableFuture<Optional<RunningBroker>> asked = CompletableFuture.supplyAsync(() -> {
            try {
                return Optional.of(of(ControlSocket.ask(dataDir, WORD, "").lines()));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
        try {
            return asked.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** One of another version says nothing that is understood. */
    static RunningBroker of(List<String> lines) {
        Optional<Long> process = Optional.empty();
        Set<Integer> ports = new HashSet<>();
        for (String line : lines) {
            if (line.matches("process [0-9]{1,10}")) {
                process = Optional.of(Long.parseLong(line.substring("process ".length())));
            } else if (line.matches("port [0-9]{1,5}")) {
                ports.add(Integer.parseInt(line.substring("port ".length())));
            }
        }
        return new RunningBroker(process, ports);
    }
}
