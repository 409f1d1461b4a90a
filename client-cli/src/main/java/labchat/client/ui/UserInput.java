package labchat.client.ui;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import labchat.protocol.text.NearestWord;

/** A line that was typed, understood. */
public sealed interface UserInput {

    /** The commands, as they are typed. */
    List<String> COMMANDS = List.of(
            "/to",
            "/all",
            "/who",
            "/history",
            "/search",
            "/rooms",
            "/checklist",
            "/receipts",
            "/typing",
            "/create",
            "/join",
            "/leave",
            "/invite",
            "/remove",
            "/wire",
            "/help",
            "/quit");

    /** How many messages {@code /history} brings without a number. */
    int HISTORY_MESSAGES = 20;

    /** Does one thing for each kind of input; the compiler reports a forgotten one. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of input. */
    interface Visitor<R> {
        R say(Say input);

        R sayTo(SayTo input);

        R sayToAll(SayToAll input);

        R choose(Choose input);

        R who(Who input);

        R history(History input);

        R older();

        R search(Search input);

        R rooms(Rooms input);

        R checklist(Checklist input);

        R tell(Tell input);

        R wire(Wire input);

        R help();

        R quit();

        R nothing();

        R wrong(Wrong input);
    }

    /** Text for whom one is talking to. */
    record Say(String text) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.say(this);
        }
    }

    /** Text for somebody named on the line. */
    record SayTo(ChatId receiver, String text) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sayTo(this);
        }
    }

    /** Text for every contact. */
    record SayToAll(String text) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sayToAll(this);
        }
    }

    /** From now on one talks to this one. */
    record Choose(ChatId receiver) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.choose(this);
        }
    }

    /**
     * Who is there?
     *
     * @param id one user, or the members of one room; empty for all contacts
     */
    record Who(Optional<ChatId> id) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.who(this);
        }
    }

    /**
     * What was said in this conversation; where nobody is chosen, the newest message of each conversation.
     *
     * @param count how many messages, 1 to {@value HistoryRequest#MAX_LIMIT}
     */
    record History(int count) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.history(this);
        }
    }

    /** What comes before the history that was shown last. */
    record Older() implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.older();
        }
    }

    /**
     * About the packets on the wire.
     *
     * @param what to do
     * @param number of a packet, for its command; empty for the last that has one
     */
    record Wire(Do what, OptionalInt number) implements UserInput {

        /** What can be done. */
        public enum Do {
            SWITCH,
            ON,
            OFF,
            COMMAND
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.wire(this);
        }
    }

    /**
     * Messages with these words.
     *
     * @param everywhere in all conversations, not only in this one
     */
    record Search(String words, boolean everywhere) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.search(this);
        }
    }

    /**
     * About rooms.
     *
     * @param room empty for the list, and for the room that one is talking in
     * @param isPublic for a new one: whether anybody may join
     * @param user whom to invite or remove
     */
    record Rooms(Action action, Optional<ChatId> room, boolean isPublic, Optional<ChatId> user) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.rooms(this);
        }
    }

    /**
     * A practice partner is asked for the checklist.
     *
     * @param partner empty for whom one is talking to
     */
    record Checklist(Optional<ChatId> partner) implements UserInput {

        /** The message that asks for it. */
        public static final String TEXT = "checklist";

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.checklist(this);
        }
    }

    /**
     * Whether others are to be told something from now on.
     *
     * @param receipts that one has read what they wrote; otherwise that one types
     */
    record Tell(boolean receipts, boolean on) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.tell(this);
        }
    }

    /** What can one type? */
    record Help() implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.help();
        }
    }

    /** Enough. */
    record Quit() implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.quit();
        }
    }

    /** An empty line. */
    record Nothing() implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.nothing();
        }
    }

    /**
     * Not understood.
     *
     * @param reason what is wrong and what to type instead
     */
    record Wrong(String reason) implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.wrong(this);
        }
    }

    /**
     * Understands a line. {@code team2a: text} is for team2a only if team2a is known: {@code note: bring cables} must
     * reach neither somebody called {@code note} nor, unasked, the present partner when a name was meant. A line that
     * begins with a space, or with a second slash, is text whatever it says.
     *
     * @param isKnown whether an id is a contact's
     * @param hasPartner whether there is somebody whom plain text would go to
     */
    static UserInput parse(String line, Predicate<ChatId> isKnown, boolean hasPartner) {
        if (line.isBlank()) {
            return new Nothing();
        }
        if (line.startsWith(" ") || line.startsWith("//")) {
            return new Say(line.substring(1));
        }
        if (line.startsWith("/")) {
            return command(line);
        }
        Optional<ChatId> named = addressee(line);
        if (named.isEmpty()) {
            return new Say(line);
        }
        ChatId id = named.get();
        String text = line.substring(id.value().length() + 1).strip();
        if (isKnown.test(id) || !hasPartner && line.startsWith(" ", id.value().length() + 1)) {
            return text.isEmpty()
                    ? new Wrong("nothing to send: write the text behind \"%s:\"".formatted(id))
                    : new SayTo(id, text);
        }
        if (!line.startsWith(" ", id.value().length() + 1)) {
            // Such as http://…
            return new Say(line);
        }
        return new Wrong(("\"%s\" is no contact you have. To write to %s, type /to %s first; to send the line as it is,"
                        + " begin it with a space.")
                .formatted(id, id, id));
    }

    /** The id that stands before the first colon of the line. */
    static Optional<ChatId> addressee(String line) {
        int colon = line.indexOf(':');
        return colon < 1 ? Optional.empty() : ChatId.parse(line.substring(0, colon));
    }

    private static UserInput command(String line) {
        String[] parts = line.strip().split("\\s+", 2);
        String rest = parts.length == 1 ? "" : parts[1];
        return switch (parts[0]) {
            case "/to" -> choose(rest);
            case "/all" ->
                rest.isEmpty() ? new Wrong("nothing to send: write the text behind /all") : new SayToAll(rest);
            case "/who" -> who(rest);
            case "/history" -> history(rest);
            case "/search" -> search(rest);
            case "/rooms" -> alone(parts[0], rest, new Rooms(Action.LIST, Optional.empty(), false, Optional.empty()));
            case "/create" -> create(rest);
            case "/join" ->
                rest.isEmpty()
                        ? new Wrong("name the room, such as /join group_1; /rooms lists them")
                        : withId(
                                "/join group_1",
                                rest,
                                id -> new Rooms(Action.JOIN, Optional.of(id), false, Optional.empty()));
            case "/leave" ->
                rest.isEmpty()
                        ? new Rooms(Action.LEAVE, Optional.empty(), false, Optional.empty())
                        : withId(
                                "/leave group_1",
                                rest,
                                id -> new Rooms(Action.LEAVE, Optional.of(id), false, Optional.empty()));
            case "/invite" -> aboutSomebody(Action.INVITE, rest);
            case "/remove" -> aboutSomebody(Action.REMOVE, rest);
            case "/checklist" ->
                rest.isEmpty()
                        ? new Checklist(Optional.empty())
                        : withId("/checklist x1", rest, id -> new Checklist(Optional.of(id)));
            case "/receipts", "/typing" ->
                rest.equals("on") || rest.equals("off")
                        ? new Tell(parts[0].equals("/receipts"), rest.equals("on"))
                        : new Wrong("write %s on, or %s off".formatted(parts[0], parts[0]));
            case "/wire" -> wire(rest);
            case "/help" -> alone(parts[0], rest, new Help());
            case "/quit" -> alone(parts[0], rest, new Quit());
            default ->
                new Wrong("unknown command \"%s\" (%s). To send a line that begins with /, type // instead."
                        .formatted(
                                parts[0],
                                NearestWord.to(parts[0], COMMANDS)
                                        .map("did you mean %s?"::formatted)
                                        .orElse("known are " + String.join(", ", COMMANDS))));
        };
    }

    private static UserInput choose(String rest) {
        if (rest.isEmpty()) {
            return new Wrong("name whom you want to talk to, such as /to team2a");
        }
        Optional<String> problem = ChatId.problem(rest);
        return problem.isPresent()
                ? new Wrong("\"%s\": %s. Write /to team2a, then your text on a line of its own, or team2a: text."
                        .formatted(rest, problem.get()))
                : new Choose(new ChatId(rest));
    }

    private static UserInput who(String rest) {
        return rest.isEmpty() ? new Who(Optional.empty()) : withId("/who team2a", rest, id -> new Who(Optional.of(id)));
    }

    private static UserInput history(String rest) {
        if (rest.isEmpty()) {
            return new History(HISTORY_MESSAGES);
        }
        if (rest.equals("more")) {
            return new Older();
        }
        if (rest.matches("[0-9]{1,4}")) {
            int count = Integer.parseInt(rest);
            if (count >= 1 && count <= HistoryRequest.MAX_LIMIT) {
                return new History(count);
            }
        }
        return new Wrong("\"%s\": write /history, /history and a number of messages from 1 to %d, or /history more"
                .formatted(rest, HistoryRequest.MAX_LIMIT));
    }

    private static UserInput wire(String rest) {
        if (rest.matches("command [0-9]{1,9}")) {
            return new Wire(Wire.Do.COMMAND, OptionalInt.of(Integer.parseInt(rest.substring("command ".length()))));
        }
        return switch (rest) {
            case "" -> new Wire(Wire.Do.SWITCH, OptionalInt.empty());
            case "on" -> new Wire(Wire.Do.ON, OptionalInt.empty());
            case "off" -> new Wire(Wire.Do.OFF, OptionalInt.empty());
            case "command" -> new Wire(Wire.Do.COMMAND, OptionalInt.empty());
            default ->
                new Wrong("\"%s\": write /wire, which switches the packets on or off, or /wire command and the number"
                                .formatted(rest)
                        + " of a packet");
        };
    }

    private static UserInput search(String rest) {
        boolean everywhere = rest.startsWith("all:");
        String words = everywhere ? rest.substring("all:".length()).strip() : rest;
        return words.isEmpty()
                ? new Wrong("nothing to search for: write /search and words, or /search all: and words for everywhere")
                : new Search(words, everywhere);
    }

    private static UserInput create(String rest) {
        String[] words = rest.split("\\s+");
        boolean isPrivate = words.length == 2 && words[1].equals("private");
        if (rest.isEmpty() || words.length == 2 && !isPrivate && !words[1].equals("public")) {
            return new Wrong("name the new room, such as /create group_1; or /create group_1 private, for those you"
                    + " invite only");
        }
        return withId(
                "/create group_1",
                words.length == 2 ? words[0] : rest,
                id -> new Rooms(Action.CREATE, Optional.of(id), !isPrivate, Optional.empty()));
    }

    private static UserInput aboutSomebody(Action action, String rest) {
        String example = "/%s team2a group_1".formatted(action.word());
        String[] words = rest.split("\\s+");
        if (rest.isEmpty() || words.length > 2) {
            return new Wrong("name the user and the room, such as %s; without a room it is the one you are talking in"
                    .formatted(example));
        }
        return withId(
                example,
                words[0],
                user -> words.length == 1
                        ? new Rooms(action, Optional.empty(), false, Optional.of(user))
                        : withId(
                                example,
                                words[1],
                                room -> new Rooms(action, Optional.of(room), false, Optional.of(user))));
    }

    private static UserInput withId(String example, String word, Function<ChatId, UserInput> then) {
        Optional<String> problem = ChatId.problem(word);
        return problem.isPresent()
                ? new Wrong("\"%s\": %s. Write it like %s.".formatted(word, problem.get(), example))
                : then.apply(new ChatId(word));
    }

    private static UserInput alone(String command, String rest, UserInput input) {
        return rest.isEmpty() ? input : new Wrong("%s stands alone on its line".formatted(command));
    }
}
