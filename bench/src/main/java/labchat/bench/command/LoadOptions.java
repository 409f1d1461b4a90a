package labchat.bench.command;

import java.nio.file.Path;
import java.util.function.BiFunction;
import labchat.bench.accounts.Accounts;
import labchat.bench.load.Crowd;
import labchat.bench.load.Target;
import labchat.bench.report.BenchException;
import labchat.bench.report.JsonLine;
import labchat.bench.server.ServerProcess;
import picocli.CommandLine.Option;

/** What all workloads ask for. */
final class LoadOptions {

    @Option(
            names = {"-h", "--host"},
            defaultValue = "127.0.0.1",
            description = "The server's name or address; ${DEFAULT-VALUE} by default.")
    private String host;

    @Option(
            names = {"-p", "--port"},
            defaultValue = "1883",
            description = "Its port for MQTT over TCP; ${DEFAULT-VALUE} by default.")
    private int port;

    @Option(
            names = "--pid",
            description =
                    "The server's process, if it runs on this machine: then its CPU time and memory are reported.")
    private Long pid;

    @Option(
            names = "--label",
            defaultValue = "",
            description = "Stands in the result as \"server\", so that runs can be told apart.")
    private String label;

    @Option(
            names = "--users",
            defaultValue = "1000",
            description = "How many users there are, as \"bench users\" has written them; ${DEFAULT-VALUE} by default.")
    private int users;

    @Option(
            names = "--user-pattern",
            defaultValue = Accounts.PATTERN,
            description = "The users' names, with %%d for the number; \"${DEFAULT-VALUE}\" by default.")
    private String userPattern;

    @Option(
            names = "--password-file",
            description = "A file whose first line is the password of all users; without, it is \"" + Accounts.PASSWORD
                    + "\".")
    private Path passwordFile;

    @Option(
            names = "--chat-root",
            defaultValue = "ttm4175/chat",
            description = "The root of the chat's topics; ${DEFAULT-VALUE} by default.")
    private String root;

    private Target target() {
        if (port < 1 || port > 65_535) {
            throw new BenchException("--port %d: 1 to 65535 are possible".formatted(port));
        }
        return new Target(host, port, root, userPattern, users, UsersCommand.password(passwordFile));
    }

    /** Runs it and prints its line. */
    Integer run(BiFunction<Crowd, ServerProcess, JsonLine> load) {
        ServerProcess server = pid == null ? null : new ServerProcess(pid);
        try (Crowd crowd = new Crowd(target())) {
            JsonLine result = load.apply(crowd, server);
            if (!label.isEmpty()) {
                result.put("server", label);
            }
            System.out.println(result);
        }
        return 0;
    }
}
