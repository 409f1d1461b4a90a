package labchat.client.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.identity.ChatId;

/** Collects effects. */
final class Effects {

    private final List<Effect> list = new ArrayList<>();

    List<Effect> list() {
        return list;
    }

    void show(ChatLine line) {
        list.add(new Effect.Show(line));
    }

    void note(String text) {
        show(new ChatLine.Note(text));
    }

    void problem(String text) {
        show(new ChatLine.Problem(text));
    }

    void publish(ChatEvent event) {
        list.add(new Effect.Publish(event));
    }

    <A> void ask(ServerRequest<A> request, Effect.Ask.Then<A> then) {
        list.add(new Effect.Ask<>(request, then));
    }

    void typing(Set<ChatId> ids) {
        list.add(new Effect.ShowTyping(ids));
    }

    void wire(UserInput.Wire input) {
        list.add(new Effect.ShowWire(input));
    }

    void leave(Optional<SessionFailure> failure) {
        list.add(new Effect.Leave(failure));
    }
}
