package labchat.protocol.event;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import labchat.protocol.identity.ChatId;

/**
 * What was said.
 *
 * @param receiver who asked
 * @param with as in the request
 * @param messages oldest first
 * @param more whether there are older ones
 * @param fault why there is no answer; empty if there is
 */
public record HistoryAnswer(
        ChatId receiver,
        Optional<ChatId> with,
        List<HistoryEntry> messages,
        boolean more,
        Optional<RequestFault> fault) {

    public HistoryAnswer {
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(with, "with");
        messages = List.copyOf(messages);
        Objects.requireNonNull(fault, "fault");
    }
}
