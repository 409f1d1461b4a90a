package labchat.client.ui.full;

import java.util.List;
import java.util.Optional;
import labchat.client.session.ServerRequest;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;

/** Brings what was said before into the conversations. */
final class History {

    private static final int PAGE = 50;

    /** How many pages are read to come to a message that was found. */
    private static final int MOST_PAGES = 40;

    private final ScreenModel model;
    private final Outside outside;

    History(ScreenModel model, Outside outside) {
        this.model = model;
        this.outside = outside;
    }

    /** The newest message of each conversation, so that the list is in its order. */
    void startPage() {
        HistoryRequest request =
                new HistoryRequest(model.me, Optional.empty(), Optional.empty(), PAGE, Optional.empty());
        outside.ask(
                new ServerRequest.History(request),
                answer -> answer.messages().forEach(entry -> {
                    Conversation conversation = model.with(conversationOf(entry));
                    take(conversation, List.of(entry));
                }),
                failure -> {});
    }

    /** The newest page of a conversation that is looked at for the first time. */
    void open(Conversation conversation) {
        if (!conversation.isOpened() && model.link == ScreenModel.Link.CONNECTED) {
            refresh(conversation);
        }
    }

    /** The newest page: what is there already learns its time and its receipts. */
    void refresh(Conversation conversation) {
        if (conversation.with().isPresent()) {
            conversation.opened(true);
            page(conversation, Optional.empty(), 0, Optional.empty());
        }
    }

    /** The page before the oldest message that is there. */
    void older(Conversation conversation) {
        if (!conversation.isAsking() && conversation.hasOlder()) {
            page(conversation, oldest(conversation), 0, Optional.empty());
        }
    }

    /** Reads until this message is there, and shows it. */
    void goTo(HistoryEntry entry) {
        Conversation conversation = model.with(conversationOf(entry));
        MessageId id = entry.message().id();
        if (conversation.find(id).isPresent()) {
            show(conversation, id);
        } else {
            conversation.opened(true);
            page(conversation, oldest(conversation), 1, Optional.of(id));
        }
    }

    private static Optional<String> oldest(Conversation conversation) {
        return conversation.items().stream()
                .flatMap(item -> item.id().stream())
                .findFirst()
                .map(id -> id.uuid().value());
    }

    private static void show(Conversation conversation, MessageId id) {
        conversation.find(id).ifPresent(item -> conversation.anchor(item, 0));
    }

    private void page(Conversation conversation, Optional<String> before, int count, Optional<MessageId> wanted) {
        conversation.asking(true);
        HistoryRequest request = new HistoryRequest(model.me, conversation.with(), before, PAGE, Optional.empty());
        outside.ask(
                new ServerRequest.History(request),
                answer -> {
                    conversation.asking(false);
                    // The newest page says nothing of what is before others that are here.
                    boolean reachesBack = before.isPresent()
                            || answer.messages().size() >= conversation.items().size();
                    if (reachesBack) {
                        conversation.older(answer.more());
                    }
                    take(conversation, answer.messages());
                    if (wanted.isPresent() && conversation.find(wanted.get()).isPresent()) {
                        show(conversation, wanted.get());
                    } else if (wanted.isPresent() && answer.more() && count < MOST_PAGES) {
                        page(conversation, oldest(conversation), count + 1, wanted);
                    }
                },
                failure -> {
                    conversation.asking(false);
                    conversation.older(false);
                    // Without a server that keeps messages there is nothing to tell before somebody asks for it.
                    if (before.isPresent()) {
                        model.hint = Optional.of("no history: " + failure.message());
                    }
                });
    }

    private void take(Conversation conversation, List<HistoryEntry> entries) {
        for (HistoryEntry entry : entries) {
            ChatMessage message = entry.message();
            boolean mine = message.sender().equals(model.me);
            Item item = conversation.find(message.id()).orElse(null);
            boolean isNew = item == null;
            if (isNew) {
                item = mine
                        ? Item.outgoing(message.id(), message.text(), entry.sent())
                        : Item.incoming(message.id(), message.text(), entry.sent());
            }
            item.sentAt(entry.sent());
            if (mine) {
                entry.delivered().forEach(item::delivered);
                entry.read().forEach(item::read);
            } else if (isNew && entry.read().containsKey(model.me)) {
                item.see();
            }
            if (isNew) {
                item.fromHistory(true);
                conversation.insert(item);
            }
        }
        conversation.sort();
        if (conversation == model.current) {
            conversation.markLeftOff();
        }
    }

    private ChatId conversationOf(HistoryEntry entry) {
        ChatMessage message = entry.message();
        return entry.room() || message.sender().equals(model.me) ? message.receiver() : message.sender();
    }
}
