package labchat.broker.command;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.broker.store.StoreException;
import labchat.broker.store.sqlite.StoreBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code restore}: puts a backup in the store's place. */
@Command(
        name = "restore",
        description = {
            "Puts a copy of a backup in the store's place, while no broker runs.",
            "What was there before is kept beside it."
        },
        versionProvider = Version.class,
        sortOptions = false)
final class RestoreCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "What backup has written; it is checked first.")
    private Path backup;

    @Mixin
    private DataOptions data;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Path file = data.file();
        Optional<Path> former;
        try {
            former = StoreBackup.restore(backup, file, Clock.systemUTC());
        } catch (StoreException e) {
            throw CommandFailure.failure(e.getMessage(), e);
        }
        if (!common.quiet()) {
            String kept = former.map(path ->
                            "; what was there before is in %s".formatted(file.resolveSibling(path.getFileName())))
                    .orElse("");
            System.out.println(Messages.printable("%s: restored from %s%s".formatted(file, backup, kept)));
        }
        return ExitCode.GOOD;
    }
}
