package labchat.broker.command;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import labchat.broker.acl.AclFile;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.Setting;
import labchat.broker.reload.NewFiles;
import labchat.broker.tls.CertificateReload;
import labchat.broker.tls.ClientCertificates;
import labchat.broker.tls.ServerTls;
import labchat.broker.users.UsersFile;

/** Reads the settings and the files that they name. */
final class LoadedFiles {

    private LoadedFiles() {}

    /** Reads them, with every problem of all of them. */
    static NewFiles read(ServeOptions options) {
        ConfigLoader.Loaded loaded = options.load();
        UsersFile users = UsersFile.read(loaded.config().passwordFile());
        AclFile acl = AclFile.read(loaded.config().aclFile());
        List<ConfigProblem> problems = new ArrayList<>(loaded.problems());
        problems.addAll(users.problems());
        problems.addAll(acl.problems());
        loaded.config()
                .lobby()
                .filter(lobby -> users.names().contains(lobby.value()))
                .ifPresent(lobby -> problems.add(ConfigProblem.of(
                        Setting.LOBBY.word(),
                        "\"%s\" is a user in %s; choose another id for the room, or off"
                                .formatted(lobby, users.name()))));
        List<String> warnings = new ArrayList<>();
        acl.warnings().forEach(warning -> warnings.add(warning.toString()));
        if (loaded.config().tls().hasCertificate()) {
            CertificateReload.Prepared certificates =
                    ServerTls.check(loaded.config().tls(), System.getenv(), Clock.systemUTC());
            problems.addAll(certificates.problems());
            warnings.addAll(certificates.warnings());
            ClientCertificates.Loaded clients =
                    ClientCertificates.load(loaded.config().tls(), Clock.systemUTC());
            problems.addAll(clients.problems());
            warnings.addAll(clients.warnings());
        }
        return new NewFiles(
                loaded.config(), loaded.texts(), loaded.passwordIterations(), users, acl, warnings, problems);
    }

    /** @throws CommandFailure with every problem of all of them */
    static NewFiles load(ServeOptions options) {
        NewFiles files = read(options);
        if (!files.problems().isEmpty()) {
            throw CommandFailure.problems(files.problems());
        }
        return files;
    }
}
