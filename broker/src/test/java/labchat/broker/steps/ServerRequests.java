package labchat.broker.steps;

import java.util.Optional;

/** Requests as the server takes them. */
final class ServerRequests {

    private ServerRequests() {}

    /** A practice partner tells a checklist, which is taken. */
    static void checklist(LabProgress progress, String partner) {
        progress.noticing((user, payload, answers) -> Optional.empty())
                .handle(Optional.of(partner), new byte[0], (asker, payload) -> {});
    }
}
