package labchat.broker.command;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of this program, from its jar. */
final class Version implements IVersionProvider {

    static String number() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "Labchat broker %s".formatted(number()),
            "Java %s, %s %s".formatted(Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
        };
    }
}
