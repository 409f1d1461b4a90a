package labchat.broker.recording;

import java.util.Optional;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicName;

/** Below which topic a recording is played back: never within the chat itself. */
public final class ReplayPrefix {

    /** The level that all are below unless another is asked for. */
    public static final String STANDARD = "demo/";

    private ReplayPrefix() {}

    /** The prefix of a recording that nobody chose one for. */
    public static String of(String recording) {
        String name = recording.replaceFirst("\\.jsonl$", "").replaceAll("[^A-Za-z0-9_-]+", "-");
        return STANDARD + (name.isEmpty() ? "lesson" : name) + "/";
    }

    /** With a slash at the end. */
    static String whole(String prefix) {
        return prefix.endsWith("/") ? prefix : prefix + "/";
    }

    /** Why nothing may be played back below it, in words; empty if it may. */
    public static Optional<String> problem(String prefix, ChatTopics live) {
        if (prefix.isBlank()) {
            return Optional.of("the prefix is empty; expected a topic beside the chat, such as demo/lesson/");
        }
        if (prefix.startsWith("$")) {
            return Optional.of(
                    "prefix \"%s\": topics that begin with $ are the broker's; expected one such as demo/lesson/"
                            .formatted(prefix));
        }
        if (prefix.startsWith("/")) {
            return Optional.of(
                    "prefix \"%s\": it begins with a slash; expected one such as demo/lesson/".formatted(prefix));
        }
        if (prefix.indexOf('+') >= 0 || prefix.indexOf('#') >= 0) {
            return Optional.of(
                    "prefix \"%s\": nothing can be published to a topic with a wildcard (+ or #); expected one such as demo/lesson/"
                            .formatted(prefix));
        }
        Optional<String> bad = TopicName.problem(whole(prefix) + "x");
        if (bad.isPresent()) {
            return Optional.of("prefix \"%s\": %s".formatted(prefix, bad.get()));
        }
        if (live.contains(whole(prefix))) {
            return Optional.of(
                    "prefix \"%s\" is within %s/, where the class chats; a replay never goes there. Expected one such as demo/lesson/"
                            .formatted(prefix, live.root()));
        }
        return Optional.empty();
    }

    /** Why this topic of a recording cannot be published below the prefix; empty if it can. */
    static Optional<String> problemOf(String prefix, String topic, ChatTopics live) {
        String whole = prefix + topic;
        if (live.contains(whole) || whole.equals(live.root())) {
            return Optional.of("%s would be within %s/, where the class chats; choose another prefix"
                    .formatted(whole, live.root()));
        }
        return TopicName.problem(whole).map(reason -> "%s: %s; choose a shorter prefix".formatted(whole, reason));
    }
}
