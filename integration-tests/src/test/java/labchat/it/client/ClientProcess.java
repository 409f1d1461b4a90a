package labchat.it.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import labchat.it.support.BrokerProcess;
import labchat.it.support.TestProcess;

/** Starts the packaged client with a home of its own. */
public final class ClientProcess {

    private final Path home;
    private final int port;

    /** @param home empty, so that nothing of the machine's settings is picked up */
    public ClientProcess(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    /** Runs as a user with its demo password, which is the name. */
    public TestProcess as(String user, String... arguments) throws IOException {
        return with(user, Map.of("LABCHAT_PASSWORD", user), arguments);
    }

    /** Runs with just these variables added. */
    public TestProcess with(String user, Map<String, String> variables, String... arguments) throws IOException {
        List<String> command = command(user, arguments);
        return TestProcess.start(home, environment(variables), command);
    }

    /** Runs with its output in a pipe to another command; the exit code is the client's, unless it is zero. */
    TestProcess pipedInto(String other, String user, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "set -o pipefail; \"$@\" | " + other, "bash"));
        command.addAll(command(user, arguments));
        return TestProcess.start(home, environment(Map.of("LABCHAT_PASSWORD", user)), command);
    }

    /** The command that runs as a user. */
    List<String> command(String user, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                BrokerProcess.root().resolve("client-cli/target/client-cli.jar").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-p", Integer.toString(port), "-u", user));
        return command;
    }

    private Map<String, String> environment(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        return environment;
    }
}
