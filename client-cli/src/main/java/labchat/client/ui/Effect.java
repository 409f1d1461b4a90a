package labchat.client.ui;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.identity.ChatId;

/** What the model wants done, in order. */
public sealed interface Effect {

    /** Does one thing for each kind of effect; the compiler reports a forgotten one. */
    void accept(Visitor visitor);

    /** One method for each kind of effect. */
    interface Visitor {
        void show(ChatLine line);

        void publish(ChatEvent event);

        <A> void ask(Ask<A> question);

        void typing(Set<ChatId> ids);

        void wire(UserInput.Wire input);

        void leave(Optional<SessionFailure> failure);
    }

    /** Print it. */
    record Show(ChatLine line) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.show(line);
        }
    }

    /** Hand it to the session. */
    record Publish(ChatEvent event) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.publish(event);
        }
    }

    /**
     * Ask the server, and go on with its answer.
     *
     * @param then to be called on the model's thread
     */
    record Ask<A>(ServerRequest<A> request, Then<A> then) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.ask(this);
        }

        /** What follows from an answer. */
        interface Then<A> {
            List<Effect> answered(A answer, Instant now);

            List<Effect> failed(SessionFailure failure, Instant now);
        }
    }

    /** Those who are typing now; empty when nobody is. */
    record ShowTyping(Set<ChatId> ids) implements Effect {
        public ShowTyping {
            ids = Set.copyOf(ids);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.typing(ids);
        }
    }

    /** Do what was asked about the packets on the wire. */
    record ShowWire(UserInput.Wire input) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.wire(input);
        }
    }

    /** End the chat; with a failure if it was not the user's wish. */
    record Leave(Optional<SessionFailure> failure) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.leave(failure);
        }
    }
}
