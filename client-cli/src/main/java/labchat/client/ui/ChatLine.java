package labchat.client.ui;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/** One entry of the transcript, before it is put into words and colours. */
public sealed interface ChatLine {

    /** Does one thing for each kind of entry; the compiler reports a forgotten one. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of entry. */
    interface Visitor<R> {
        R incoming(Incoming line);

        R outgoing(Outgoing line);

        R status(Status line);

        R tally(Tally line);

        R people(People line);

        R note(Note line);

        R problem(Problem line);

        R help(Help line);
    }

    /** Somebody wrote. */
    record Incoming(Instant at, ChatId from, String text) implements ChatLine {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.incoming(this);
        }
    }

    /**
     * This user wrote.
     *
     * @param to one receiver, or empty for all
     * @param receivers how many are meant
     */
    record Outgoing(Instant at, Optional<ChatId> to, int receivers, String text) implements ChatLine {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.outgoing(this);
        }
    }

    /** A message of this user's has risen to delivered or read. */
    record Status(ChatKind kind, ChatId receiver, String text) implements ChatLine {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.status(this);
        }
    }

    /**
     * How far a message to all has come.
     *
     * @param delivered how many have it, those who read it included
     * @param failed whom the server would not pass it to
     */
    record Tally(String text, int total, int delivered, int read, List<ChatId> failed) implements ChatLine {
        public Tally {
            failed = List.copyOf(failed);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.tally(this);
        }
    }

    /**
     * Who is there.
     *
     * @param presenceKnown whether the server says who is connected
     */
    record People(boolean presenceKnown, List<Contact> contacts) implements ChatLine {
        public People {
            contacts = List.copyOf(contacts);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.people(this);
        }
    }

    /** The client says something. */
    record Note(String text) implements ChatLine {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.note(this);
        }
    }

    /** The client says what went wrong. */
    record Problem(String text) implements ChatLine {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.problem(this);
        }
    }

    /** What can be typed. */
    record Help() implements ChatLine {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.help(this);
        }
    }
}
