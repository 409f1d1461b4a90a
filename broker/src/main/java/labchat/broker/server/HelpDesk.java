package labchat.broker.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import labchat.broker.event.ClientGateway;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.Presence;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * Answers messages to the server: {@code help} with what one can do here, anything else with one line that says so. A
 * user gets at most one answer a second; what comes sooner is not answered. May be used by any thread.
 */
final class HelpDesk {

    /** From one answer to a user to the next. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    static final String SHORT_ANSWER =
            "I am the server, no person, and I understand one word: send me help, and I tell you what you can do here.";

    private final ChatTopics topics;
    private final Set<String> requests;
    private final ClientGateway gateway;
    private final Supplier<MessageUuid> uuids;
    private final Clock clock;

    /** Users answered within the last {@link #PAUSE}, oldest first; guarded by this. */
    private final Map<ChatId, Instant> answered = new LinkedHashMap<>();

    /**
     * @param requests the kinds of requests that the server takes; others are not spoken of
     * @param uuids gives each answer its own
     */
    HelpDesk(ChatTopics topics, Set<String> requests, ClientGateway gateway, Supplier<MessageUuid> uuids, Clock clock) {
        this.topics = topics;
        this.requests = Set.copyOf(requests);
        this.gateway = gateway;
        this.uuids = uuids;
        this.clock = clock;
    }

    /** Answers its sender; returns at once. */
    void answer(ChatMessage question) {
        ChatId asker = question.sender();
        if (asker.equals(ChatId.SERVER) || !isDue(asker)) {
            return;
        }
        boolean help = question.text().strip().toLowerCase(Locale.ROOT).equals("help");
        gateway.say(new ChatMessage(ChatId.SERVER, asker, help ? help(asker) : SHORT_ANSWER, uuids.get()));
    }

    private synchronized boolean isDue(ChatId asker) {
        Instant now = clock.instant();
        Iterator<Instant> oldest = answered.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next().plus(PAUSE))) {
            oldest.remove();
        }
        return answered.putIfAbsent(asker, now) == null;
    }

    /** The text for one user, up to about 1,500 characters. */
    private String help(ChatId me) {
        StringBuilder text = new StringBuilder();
        line(text, "Hei %s! I am the server. This is what you can do here. All of it is MQTT.", me);
        line(text, "");
        line(text, "Hear what is for you: subscribe to %s", topics.inbox(me));
        line(
                text,
                "Write to team2a: publish {\"sender\":\"%s\",\"receiver\":\"team2a\",\"message\":\"Hei!\",\"uuid\":\"16fd2706\"} to %s"
                        + " with a new uuid each time.",
                me,
                topics.topic(new ChatId("team2a"), ChatKind.MESSAGE));
        line(
                text,
                "See who is online, and when others were last here: subscribe to %s/+/%s",
                topics.root(),
                Presence.LEVEL);
        if (requests.contains(RoomsRequest.LEVEL)) {
            line(
                    text,
                    "See which rooms there are: publish {\"sender\":\"%s\",\"action\":\"list\"} to %s; the answer comes to %s",
                    me,
                    topics.topic(ChatId.SERVER, RoomsRequest.LEVEL),
                    topics.topic(me, RoomsRequest.LEVEL));
        }
        if (requests.contains(HistoryRequest.LEVEL)) {
            line(
                    text,
                    "Read what was said: publish {\"sender\":\"%s\",\"with\":\"team2a\",\"limit\":20} to %s; the answer comes to %s",
                    me,
                    topics.topic(ChatId.SERVER, HistoryRequest.LEVEL),
                    topics.topic(me, HistoryRequest.LEVEL));
        }
        line(text, "With Labchat's own client you need none of this: type /help there.");
        text.append("Something does not work? I say what is wrong with what you sent, and what to do, on %s"
                .formatted(topics.topic(me, Diagnostic.LEVEL)));
        return text.toString();
    }

    private static void line(StringBuilder to, String format, Object... values) {
        to.append(format.formatted(values)).append('\n');
    }
}
