package labchat.broker.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import labchat.broker.store.StoreException;
import labchat.broker.store.sqlite.StoreBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code backup}: copies the store. */
@Command(
        name = "backup",
        description = {"Copies the store, also while a broker runs.", "What it has acknowledged is in the copy."},
        versionProvider = Version.class,
        sortOptions = false)
final class BackupCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "Where to; a file that exists is not touched.")
    private Path target;

    @Mixin
    private DataOptions data;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Path file = data.file();
        try {
            StoreBackup.backup(file, target);
        } catch (StoreException e) {
            throw CommandFailure.failure(e.getMessage(), e);
        }
        if (!common.quiet()) {
            System.out.println(Messages.printable("%s: copied to %s".formatted(file, target)));
        }
        return ExitCode.GOOD;
    }
}
