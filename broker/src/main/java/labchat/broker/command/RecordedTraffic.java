package labchat.broker.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import labchat.broker.diagram.DiagramBuilder;
import labchat.broker.recording.Recording;
import labchat.broker.recording.RecordingException;
import labchat.broker.recording.RecordingSummary;
import labchat.broker.traffic.TrafficFilter;
import labchat.protocol.topic.ChatTopics;

/** A recording as {@code diagram} reads it. What cannot be read fails the command, in words. */
final class RecordedTraffic {

    private static final int SHOWN = 6;

    private RecordedTraffic() {}

    /** The chat's topics at the time of the recording. */
    static ChatTopics topics(Path file) {
        try (Recording recording = Recording.open(file)) {
            return new ChatTopics(recording.header().root());
        } catch (RecordingException e) {
            throw CommandFailure.failure(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.failure("%s:1: %s".formatted(file, e.getMessage()), e);
        }
    }

    static void read(Path file, TrafficFilter filter, DiagramBuilder builder) {
        try (Recording recording = Recording.open(file)) {
            for (Optional<Recording.Entry> next = recording.next(); next.isPresent(); next = recording.next()) {
                Recording.Entry entry = next.get();
                if (filter.wants(entry.packet().time()) && filter.wants(entry.packet())) {
                    builder.add(entry.packet(), recording.name() + ":" + entry.line());
                }
            }
        } catch (RecordingException e) {
            throw CommandFailure.failure(e.getMessage(), e);
        }
    }

    /** What to say if nobody was named: the names are the recording's own. */
    static CommandFailure whoIsThere(Path file) {
        RecordingSummary summary = summary(file);
        if (summary.pairs().isEmpty()) {
            return CommandFailure.usage("--between is missing; %s".formatted(users(file, summary)));
        }
        return CommandFailure.usage("--between is missing; who wrote to each other in %s: %s"
                .formatted(
                        file.getFileName(),
                        summary.pairs().stream()
                                .limit(SHOWN)
                                .map(pair -> "--between %s %s (%d message%s)"
                                        .formatted(
                                                pair.one(),
                                                pair.other(),
                                                pair.messages(),
                                                pair.messages() == 1 ? "" : "s"))
                                .collect(Collectors.joining(", "))));
    }

    static CommandFailure notFound(Path file, String missing) {
        return CommandFailure.failure("%s: no packet of %s in that time; %s"
                .formatted(file.getFileName(), missing, users(file, summary(file))));
    }

    private static String users(Path file, RecordingSummary summary) {
        return summary.users().isEmpty()
                ? "nobody was connected in %s".formatted(file.getFileName())
                : "%s has %s".formatted(file.getFileName(), String.join(", ", summary.users()));
    }

    private static RecordingSummary summary(Path file) {
        try (Recording recording = Recording.open(file)) {
            return RecordingSummary.of(recording);
        } catch (RecordingException e) {
            throw CommandFailure.failure(e.getMessage(), e);
        }
    }
}
