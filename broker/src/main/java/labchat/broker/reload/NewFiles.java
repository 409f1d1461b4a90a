package labchat.broker.reload;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import labchat.broker.acl.AclFile;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.Setting;
import labchat.broker.users.UsersFile;

/**
 * All that the broker reads at its start, read anew.
 *
 * @param texts what each setting is, as it would be written
 * @param passwordIterations for the passwords that the broker hashes
 * @param warnings what staff should know of them
 * @param problems every mistake; with one of them nothing of it is to be used
 */
public record NewFiles(
        BrokerConfig config,
        Map<Setting, String> texts,
        int passwordIterations,
        UsersFile users,
        AclFile acl,
        List<String> warnings,
        List<ConfigProblem> problems) {

    public NewFiles {
        Objects.requireNonNull(config, "config");
        texts = Map.copyOf(texts);
        Objects.requireNonNull(users, "users");
        Objects.requireNonNull(acl, "acl");
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
    }
}
