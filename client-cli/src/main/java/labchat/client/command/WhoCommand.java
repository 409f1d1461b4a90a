package labchat.client.command;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.Interest;
import labchat.client.ui.ChatLine;
import labchat.client.ui.Contact;
import labchat.client.ui.TerminalPasswordPrompt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code who}: who is connected, for scripts. */
@Command(
        name = "who",
        description = "Print who is connected, and since when the others are not.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class WhoCommand implements Callable<Integer> {

    @ParentCommand
    private LabchatCommand parent;

    @Option(
            names = "--json",
            description = "One JSON object a line: id, status (online or offline), since (null if never connected).")
    private boolean json;

    @Override
    public Integer call() throws UsageException, CommandFailure, InterruptedException {
        ResolvedOptions options = parent.connect.resolve(System.getenv(), Optional.of(new TerminalPasswordPrompt()));
        Printing printing = new Printing(options, json);
        List<Contact> people;
        try (Asking asking = Asking.open(options, Interest.PRESENCE)) {
            // This command's own connection makes its user online; that is no news to its user.
            people = asking.presence().values().stream()
                    .filter(presence ->
                            !presence.id().equals(options.connection().user()))
                    .map(presence ->
                            new Contact(presence.id(), Optional.of(presence.online()), presence.since(), false))
                    .sorted(Contact.BY_NAME)
                    .toList();
        }
        if (people.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.FAILURE,
                    "the server at %s does not say who is connected."
                            .formatted(options.connection().address()));
        }
        printing.people(new ChatLine.People(true, people, Clock.systemUTC().instant()));
        return ExitCode.GOOD;
    }
}
