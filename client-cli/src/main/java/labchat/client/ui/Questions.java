package labchat.client.ui;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.identity.ChatId;

/** What the user asks of what was said; it remembers where the next page begins. */
final class Questions {

    /** @param before where the next page ends */
    private record Page(Optional<ChatId> with, Optional<String> search, Optional<String> before, int count) {}

    private final ChatId me;
    private Optional<Page> next = Optional.empty();

    Questions(ChatId me) {
        this.me = me;
    }

    /** The newest page. */
    void ask(Optional<ChatId> with, Optional<String> search, int count, Effects effects) {
        next = Optional.empty();
        ask(new Page(with, search, Optional.empty(), count), effects);
    }

    /** The page before the one that was shown last. */
    void older(Effects effects) {
        if (next.isEmpty()) {
            effects.problem("there is nothing older to show; /history shows the newest");
        } else {
            ask(next.get(), effects);
        }
    }

    private void ask(Page page, Effects effects) {
        HistoryRequest request = new HistoryRequest(me, page.with(), page.before(), page.count(), page.search());
        effects.ask(new ServerRequest.History(request), new Effect.Ask.Then<>() {
            @Override
            public List<Effect> answered(HistoryAnswer answer, Instant now) {
                Effects shown = new Effects();
                show(page, answer, now, shown);
                return shown.list();
            }

            @Override
            public List<Effect> failed(SessionFailure failure, Instant now) {
                Effects told = new Effects();
                told.problem("no history: " + failure.message());
                return told.list();
            }
        });
    }

    private void show(Page page, HistoryAnswer answer, Instant now, Effects effects) {
        List<HistoryEntry> entries = answer.messages();
        // The newest of each conversation has no pages.
        boolean more = answer.more()
                && !entries.isEmpty()
                && (page.with().isPresent() || page.search().isPresent());
        next = more ? Optional.of(before(page, entries.get(0))) : Optional.empty();
        if (entries.isEmpty()) {
            effects.note(nothing(page));
        } else {
            effects.show(
                    new ChatLine.Past(me, title(page), entries, more ? "/history more for what is older" : "", now));
        }
    }

    private static Page before(Page page, HistoryEntry oldest) {
        // A uuid says which message only within one conversation.
        String before = page.with().isPresent()
                ? oldest.message().uuid().value()
                : oldest.sent().toString();
        return new Page(page.with(), page.search(), Optional.of(before), page.count());
    }

    private static String title(Page page) {
        String where = page.with().map(id -> "with " + id).orElse("of all conversations");
        return page.search()
                .map(words -> "found \"%s\" in the history %s".formatted(words, where))
                .orElse(page.with().isPresent() ? "history " + where : "the newest message of each conversation");
    }

    private static String nothing(Page page) {
        String where = page.with().map(id -> " with " + id).orElse("");
        String older = page.before().isPresent() ? " older" : "";
        return page.search()
                .map(words -> "nothing%s found for \"%s\" in what was said%s".formatted(older, words, where))
                .orElse(older.isEmpty() ? "nothing was said%s yet".formatted(where) : "nothing older was said" + where);
    }
}
