package labchat.client.ui;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RoomInfo;
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

        R missed(Missed line);

        R past(Past line);

        R rooms(Rooms line);
    }

    /**
     * Somebody wrote.
     *
     * @param room where; empty if to this user
     * @param now from when on the day of {@code at} is told
     */
    record Incoming(Instant at, ChatId from, Optional<ChatId> room, String text, Instant now) implements ChatLine {

        /** To this user, at this moment. */
        Incoming(Instant at, ChatId from, String text) {
            this(at, from, Optional.empty(), text, at);
        }

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
     * How far a message to all, or to a room, has come.
     *
     * @param room empty for all
     * @param delivered how many have it, those who read it included
     * @param failed whom the server would not pass it to
     */
    record Tally(Optional<ChatId> room, String text, int total, int delivered, int read, List<ChatId> failed)
            implements ChatLine {
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
     * @param now from when on days are told
     */
    record People(boolean presenceKnown, List<Contact> contacts, Instant now) implements ChatLine {
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

    /**
     * What came while this user was away follows.
     *
     * @param since when the first of it was sent, if known
     */
    record Missed(int count, Optional<Instant> since, Instant now) implements ChatLine {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.missed(this);
        }
    }

    /**
     * What was said before.
     *
     * @param title what it is, such as {@code history with team2a}
     * @param entries oldest first
     * @param hint what to type for more; empty if there is no more
     */
    record Past(ChatId me, String title, List<HistoryEntry> entries, String hint, Instant now) implements ChatLine {
        public Past {
            entries = List.copyOf(entries);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.past(this);
        }
    }

    /** The rooms there are. */
    record Rooms(List<RoomInfo> rooms) implements ChatLine {
        public Rooms {
            rooms = List.copyOf(rooms);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.rooms(this);
        }
    }
}
