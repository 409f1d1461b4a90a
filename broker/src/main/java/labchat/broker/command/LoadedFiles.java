package labchat.broker.command;

import java.util.ArrayList;
import java.util.List;
import labchat.broker.acl.AclFile;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.ConfigProblem;
import labchat.broker.users.UsersFile;

/** The settings and the two files that they name, all without problems. */
record LoadedFiles(BrokerConfig config, UsersFile users, AclFile acl) {

    /** @throws CommandFailure with every problem of all of them */
    static LoadedFiles load(ServeOptions options) {
        ConfigLoader.Loaded loaded = options.load();
        UsersFile users = UsersFile.read(loaded.config().passwordFile());
        AclFile acl = AclFile.read(loaded.config().aclFile());
        List<ConfigProblem> problems = new ArrayList<>(loaded.problems());
        problems.addAll(users.problems());
        problems.addAll(acl.problems());
        if (!problems.isEmpty()) {
            throw CommandFailure.problems(problems);
        }
        return new LoadedFiles(loaded.config(), users, acl);
    }
}
