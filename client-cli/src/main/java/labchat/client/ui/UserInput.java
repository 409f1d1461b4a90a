package labchat.client.ui;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import labchat.protocol.identity.ChatId;
import labchat.protocol.text.NearestWord;

/** A line that was typed, understood. */
public sealed interface UserInput {

    /** The commands, as they are typed. */
    List<String> COMMANDS = List.of("/to", "/all", "/who", "/help", "/quit");

    /** Does one thing for each kind of input; the compiler reports a forgotten one. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of input. */
    interface Visitor<R> {
        R say(Say input);

        R sayTo(SayTo input);

        R sayToAll(SayToAll input);

        R choose(Choose input);

        R who();

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

    /** Who is there? */
    record Who() implements UserInput {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.who();
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
            case "/who" -> alone(parts[0], rest, new Who());
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

    private static UserInput alone(String command, String rest, UserInput input) {
        return rest.isEmpty() ? input : new Wrong("%s stands alone on its line".formatted(command));
    }
}
