package labchat.bench.compare;

import java.util.List;
import java.util.Set;

/**
 * What is run against each broker.
 *
 * @param measured seconds, where that is a question; {@code --warm-up} and {@code --seconds} are then added
 * @param quick whether it belongs to the short comparison
 * @param only the candidates it is run with; empty for all
 */
record Workload(String id, List<String> arguments, boolean measured, boolean quick, Set<String> only) {

    private static final Set<String> FULL = Set.of(Candidate.BASE, "labchat", "no-store-no-log", "moquette", "hivemq");

    private static Workload timed(String id, boolean quick, Set<String> only, String... arguments) {
        return new Workload(id, List.of(arguments), true, quick, only);
    }

    static List<Workload> all() {
        return List.of(
                timed(
                        "chat36",
                        true,
                        Set.of(),
                        "chat",
                        "--clients",
                        "36",
                        "--window",
                        "4",
                        "--warm-up-messages",
                        "200000"),
                timed("pace", true, Set.of(), "chat", "--clients", "36", "--rate", "1000"),
                timed("chat1000", true, Set.of(), "chat", "--clients", "1000", "--window", "1"),
                timed("room36", true, Set.of(), "fanout", "--to", "room", "--receivers", "36"),
                timed("room1000", false, Set.of(), "fanout", "--to", "room", "--receivers", "999"),
                timed("all36", false, FULL, "fanout", "--to", "all", "--receivers", "36", "--window", "1"),
                timed("qos0", false, FULL, "chat", "--clients", "36", "--window", "4", "--qos", "0"),
                timed("qos2", false, FULL, "chat", "--clients", "36", "--window", "4", "--qos", "2"),
                new Workload(
                        "connect",
                        List.of("connect", "--clients", "1000", "--rounds", "11", "--warm-up", "30000"),
                        false,
                        true,
                        Set.of(Candidate.BASE, "labchat", "moquette", "hivemq")),
                new Workload(
                        "idle",
                        List.of("idle", "--clients", "10000"),
                        false,
                        false,
                        Set.of(Candidate.BASE, "labchat", "moquette", "hivemq")),
                new Workload(
                        "offline",
                        List.of("offline", "--receivers", "36", "--messages", "500"),
                        false,
                        false,
                        Set.of(Candidate.BASE, "labchat", "moquette", "hivemq")),
                timed("slow", false, Set.of(Candidate.BASE, "labchat", "moquette", "hivemq"), "slow", "--rate", "2000"),
                timed(
                        "flood",
                        false,
                        Set.of(Candidate.BASE, "labchat", "no-store-no-log", "moquette", "hivemq"),
                        "chat",
                        "--rate",
                        "60000",
                        "--rising",
                        "--no-receipts"));
    }

    boolean isFor(Candidate candidate) {
        if (candidate.id().equals(Candidate.MANY_RULES)) {
            return id.equals("chat36");
        }
        return only.isEmpty() || only.contains(candidate.id());
    }

    boolean isFanoutToRoom() {
        return arguments.contains("room");
    }
}
