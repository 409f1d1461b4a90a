package labchat.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A broker as it is started.
 *
 * @param id short, for the command line
 * @param title in the table
 * @param keepsRooms whether rooms have members there, who join by a request
 */
record Candidate(String id, String title, boolean keepsRooms, Start start) {

    /** Makes the command line. */
    @FunctionalInterface
    interface Start {
        /** @param folder of this run alone, with users.conf, acl.conf, broker.conf and mosquitto.conf */
        List<String> command(Path folder, int port);
    }

    static final String BASE = "mosquitto";

    /** Shows how the cost grows with the rules; that takes one workload only, and only when it is asked for. */
    static final String MANY_RULES = "many-rules";

    static List<Candidate> all(Installation installed) {
        List<Candidate> all = new ArrayList<>();
        all.add(new Candidate(
                BASE,
                "Mosquitto " + installed.mosquittoVersion(),
                false,
                (folder, port) -> List.of(
                        installed.mosquitto(),
                        "-c",
                        folder.resolve("mosquitto.conf").toString())));
        all.add(ours(installed, "labchat", "Labchat, everything on"));
        all.add(ours(installed, "no-log", "without traffic log", "--traffic-log", "off"));
        all.add(ours(installed, "no-store", "without store", "--store", "off"));
        all.add(ours(
                installed, "no-checks", "without payload checks, so nothing is kept", "--config", "unchecked.conf"));
        all.add(ours(installed, "no-store-no-log", "without store and log", "--store", "off", "--traffic-log", "off"));
        all.add(ours(
                installed,
                MANY_RULES,
                "the same with 10,000 rules more",
                "--store",
                "off",
                "--traffic-log",
                "off",
                "--acl",
                "many.conf"));
        all.add(new Candidate(
                "moquette",
                "bare Moquette",
                false,
                (folder, port) -> List.of(
                        installed.java(),
                        "-cp",
                        installed.benchJar() + ":" + installed.brokerJar(),
                        "labchat.bench.peer.MoquettePeer",
                        Integer.toString(port))));
        installed
                .hiveMqClassPath()
                .ifPresent(classPath -> all.add(new Candidate(
                        "hivemq",
                        "HiveMQ CE",
                        false,
                        (folder, port) -> List.of(
                                installed.java(),
                                "-cp",
                                classPath,
                                "labchat.bench.hivemq.HiveMqPeer",
                                Integer.toString(port),
                                folder.resolve("hivemq").toString()))));
        return all;
    }

    /** As ./run starts it. */
    private static Candidate ours(Installation installed, String id, String title, String... options) {
        return new Candidate(id, title, true, (folder, port) -> {
            List<String> command = new ArrayList<>(List.of(installed.java()));
            command.addAll(installed.brokerJavaOptions());
            command.addAll(List.of(
                    "-jar",
                    installed.brokerJar(),
                    "serve",
                    "--quiet",
                    "--bind",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--ws-port",
                    "off",
                    "--http-port",
                    "0",
                    "--users",
                    folder.resolve("users.conf").toString(),
                    "--data",
                    folder.resolve("data").toString()));
            List<String> more = new ArrayList<>(List.of(options));
            if (!more.contains("--config")) {
                more.addAll(List.of("--config", "broker.conf"));
            }
            if (!more.contains("--acl")) {
                more.addAll(List.of("--acl", "acl.conf"));
            }
            more.replaceAll(
                    word -> word.endsWith(".conf") ? folder.resolve(word).toString() : word);
            command.addAll(more);
            return command;
        });
    }
}
