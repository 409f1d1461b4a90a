package labchat.client.ui;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;

/**
 * Holds back what a new connection brings until all of it is there, asks the server when it was sent, and lets it go in
 * that order, behind one line that counts it. What comes carries no time of its own, so without the server's answer it
 * goes in the order it came, without times.
 */
final class MissedMessages {

    /** How far back the times of one conversation are looked up. */
    private static final int MAX_PAGES = 50;

    private enum Stage {
        LIVE,
        COLLECTING,
        ASKING
    }

    private final ChatId me;
    private final BooleanSupplier receipts;
    private final Map<MessageId, ChatMessage> held = new LinkedHashMap<>();
    private final Map<MessageId, Instant> times = new HashMap<>();
    private Stage stage = Stage.LIVE;
    private int open;

    /** @param receipts whether others are told what was read */
    MissedMessages(ChatId me, BooleanSupplier receipts) {
        this.me = me;
        this.receipts = receipts;
    }

    /** A connection was made. */
    void begin() {
        if (stage == Stage.LIVE) {
            stage = Stage.COLLECTING;
        }
    }

    /** Whether a message that comes now is to be held. */
    boolean isHolding() {
        return stage != Stage.LIVE;
    }

    void hold(ChatMessage message) {
        held.put(message.id(), message);
    }

    /** Whether it was not yet let go. */
    boolean holds(MessageId message) {
        return held.containsKey(message);
    }

    /**
     * All is there.
     *
     * @param serverAnswers whether it is worth asking for the times
     */
    void caughtUp(boolean serverAnswers, Effects effects, Instant now) {
        if (stage != Stage.COLLECTING) {
            return;
        }
        if (held.isEmpty() || !serverAnswers) {
            release(effects, now);
            return;
        }
        stage = Stage.ASKING;
        Map<ChatId, Set<MessageId>> conversations = new LinkedHashMap<>();
        held.values()
                .forEach(message -> conversations
                        .computeIfAbsent(conversation(message), id -> new HashSet<>())
                        .add(message.id()));
        open = conversations.size();
        conversations.forEach((with, unknown) -> ask(with, unknown, Optional.empty(), 1, effects));
    }

    private ChatId conversation(ChatMessage message) {
        return message.receiver().equals(me) ? message.sender() : message.receiver();
    }

    private void ask(ChatId with, Set<MessageId> unknown, Optional<String> before, int page, Effects effects) {
        // Own messages and earlier ones may stand between them.
        int limit = Math.min(HistoryRequest.MAX_LIMIT, 2 * unknown.size() + 10);
        HistoryRequest request = new HistoryRequest(me, Optional.of(with), before, limit, Optional.empty());
        effects.ask(new ServerRequest.History(request), new Effect.Ask.Then<>() {
            @Override
            public List<Effect> answered(HistoryAnswer answer, Instant now) {
                Effects next = new Effects();
                for (HistoryEntry entry : answer.messages()) {
                    if (unknown.remove(entry.message().id())) {
                        times.put(entry.message().id(), entry.sent());
                    }
                }
                if (!unknown.isEmpty() && answer.more() && !answer.messages().isEmpty() && page < MAX_PAGES) {
                    String oldest = answer.messages().get(0).message().uuid().value();
                    ask(with, unknown, Optional.of(oldest), page + 1, next);
                } else {
                    finished(next, now);
                }
                return next.list();
            }

            @Override
            public List<Effect> failed(SessionFailure failure, Instant now) {
                // The messages are there; only when they were sent is not known.
                Effects next = new Effects();
                finished(next, now);
                return next.list();
            }
        });
    }

    private void finished(Effects effects, Instant now) {
        open--;
        if (open == 0 && stage == Stage.ASKING) {
            release(effects, now);
        }
    }

    /** Lets go of all at once, as it is. */
    void release(Effects effects, Instant now) {
        List<ChatMessage> messages = new ArrayList<>(held.values());
        boolean timed = times.keySet().containsAll(held.keySet());
        if (timed) {
            messages.sort(Comparator.comparing(message -> times.get(message.id())));
        }
        if (!messages.isEmpty()) {
            Optional<Instant> since = timed
                    ? Optional.of(times.get(messages.get(0).id()))
                    : times.values().stream().min(Comparator.naturalOrder());
            effects.show(new ChatLine.Missed(messages.size(), since, now));
        }
        for (ChatMessage message : messages) {
            Optional<ChatId> room = message.receiver().equals(me) ? Optional.empty() : Optional.of(message.receiver());
            Instant at = times.getOrDefault(message.id(), now);
            effects.show(new ChatLine.Incoming(at, message.sender(), room, message.text(), now));
            if (receipts.getAsBoolean()) {
                effects.publish(new Receipt(ChatKind.READ, me, message.sender(), message.uuid(), room));
            }
        }
        held.clear();
        times.clear();
        open = 0;
        stage = Stage.LIVE;
    }
}
