package labchat.client.options;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where what is kept between two runs belongs. */
public final class StateDirectory {

    private StateDirectory() {}

    /**
     * {@code $XDG_STATE_HOME/labchat}, or {@code .local/state/labchat} at home.
     *
     * @return empty where there is no home
     */
    public static Optional<Path> of(Map<String, String> environment) {
        // The XDG base directory specification: a relative path is to be ignored.
        String stateHome = environment.getOrDefault("XDG_STATE_HOME", "");
        if (stateHome.startsWith("/")) {
            return Optional.of(Path.of(stateHome, "labchat"));
        }
        return ConfigFile.home(environment).map(home -> home.resolve(Path.of(".local", "state", "labchat")));
    }
}
