package labchat.protocol.event;

import java.util.List;
import java.util.Objects;
import labchat.protocol.identity.ChatId;

/**
 * How far somebody's program is with a step; published to {@code ROOT/<receiver>/steps}.
 *
 * @param title what the step is about, a few words
 * @param version changes with anything else of it; opaque
 * @param partners practice partners that are there to talk to
 * @param parts in the step's order
 */
public record StepsAnswer(
        ChatId receiver,
        int step,
        String title,
        String run,
        String version,
        List<ChatId> partners,
        List<StepPart> parts) {

    public StepsAnswer {
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(version, "version");
        partners = List.copyOf(partners);
        parts = List.copyOf(parts);
    }
}
