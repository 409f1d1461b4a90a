package labchat.client.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;

/**
 * The chat by numbers: what was asked last, and what an answer means. It does nothing itself. Not safe for use by several
 * threads at once.
 */
final class Menu {

    /**
     * What is to be done after a line.
     *
     * @param say lines to print
     * @param input what the chat is to do, before that
     */
    record Step(List<String> say, Optional<UserInput> input) {
        Step {
            say = List.copyOf(say);
        }
    }

    /** What is being asked. */
    private enum Question {
        MAIN,
        WHICH_PEOPLE,
        PERSON,
        TEXT,
        GROUP,
        LEAVE
    }

    private static final List<String> MAIN = List.of(
            "Menu. Type a number and press Enter.", "1 personal message", "2 group", "3 leave a group", "0 quit");

    private static final String BACK = "0 back";

    private Question question = Question.MAIN;
    private List<ChatId> offered = List.of();
    private Optional<ChatId> receiver = Optional.empty();

    /** The first question. */
    List<String> start() {
        return MAIN;
    }

    /**
     * A line was typed.
     *
     * @param people all others
     * @param rooms the rooms there are
     */
    Step line(String line, List<Contact> people, List<RoomInfo> rooms) {
        String word = line.strip();
        return switch (question) {
            case MAIN -> main(word, rooms);
            case WHICH_PEOPLE -> whichPeople(word, people);
            case PERSON ->
                pick(word).map(id -> write(id, Optional.empty())).orElseGet(() -> again(word, offered.size()));
            case TEXT -> text(line);
            case GROUP -> group(word, rooms);
            case LEAVE ->
                pick(word)
                        .map(id -> toMain(Optional.of(
                                new UserInput.Rooms(Action.LEAVE, Optional.of(id), false, Optional.empty()))))
                        .orElseGet(() -> again(word, offered.size()));
        };
    }

    /**
     * What was asked of the server has been answered.
     *
     * @param rooms as they are now
     * @return lines to print; the menu again, if one is not in the group that was chosen
     */
    List<String> answered(Step step, List<RoomInfo> rooms) {
        boolean wantsIn = question == Question.TEXT
                && step.input().filter(UserInput.Rooms.class::isInstance).isPresent();
        boolean isIn = rooms.stream()
                .anyMatch(room -> room.joined() && Optional.of(room.id()).equals(receiver));
        return wantsIn && !isIn ? toMain(Optional.empty()).say() : step.say();
    }

    private Step main(String word, List<RoomInfo> rooms) {
        return switch (word) {
            case "1" -> {
                question = Question.WHICH_PEOPLE;
                yield say(
                        "Personal message. To whom?",
                        "1 choose from all people",
                        "2 choose from those who are online",
                        BACK);
            }
            case "2" -> {
                question = Question.GROUP;
                List<String> lines = new ArrayList<>(List.of("Group. Which one? A new name makes a new group."));
                offered = rooms.stream().map(RoomInfo::id).toList();
                for (int i = 0; i < rooms.size(); i++) {
                    RoomInfo room = rooms.get(i);
                    int members = room.members().size();
                    lines.add("%d %s, %d member%s%s"
                            .formatted(
                                    i + 1,
                                    room.id(),
                                    members,
                                    members == 1 ? "" : "s",
                                    room.joined() ? ", you are in it" : ", choosing it gets you in"));
                }
                lines.add(BACK);
                yield new Step(lines, Optional.empty());
            }
            case "3" -> {
                offered = rooms.stream()
                        .filter(RoomInfo::joined)
                        .map(RoomInfo::id)
                        .toList();
                if (offered.isEmpty()) {
                    yield new Step(with("You are in no group.", MAIN), Optional.empty());
                }
                question = Question.LEAVE;
                yield new Step(list("Leave which group?", offered), Optional.empty());
            }
            case "0" -> new Step(List.of(), Optional.of(new UserInput.Quit()));
            case "" -> new Step(MAIN, Optional.empty());
            default -> wrong(word, "1, 2, 3 or 0");
        };
    }

    private Step whichPeople(String word, List<Contact> people) {
        boolean all = word.equals("1");
        if (word.equals("0") || word.isEmpty()) {
            return toMain(Optional.empty());
        }
        if (!all && !word.equals("2")) {
            return wrong(word, "1, 2 or 0");
        }
        List<Contact> shown =
                people.stream().filter(contact -> all || isOnline(contact)).toList();
        if (shown.isEmpty()) {
            return say(
                    all ? "There is nobody." : "Nobody is online now.",
                    "1 choose from all people",
                    "2 choose from those who are online",
                    BACK);
        }
        question = Question.PERSON;
        offered = shown.stream().map(Contact::id).toList();
        List<String> lines = new ArrayList<>(List.of("Choose by number or name."));
        for (int i = 0; i < shown.size(); i++) {
            lines.add("%d %s%s".formatted(i + 1, shown.get(i).id(), isOnline(shown.get(i)) ? ", online" : ""));
        }
        lines.add(BACK);
        return new Step(lines, Optional.empty());
    }

    private static boolean isOnline(Contact contact) {
        return contact.online().equals(Optional.of(true));
    }

    private Step group(String word, List<RoomInfo> rooms) {
        Optional<ChatId> chosen = pick(word);
        if (chosen.isPresent()) {
            boolean joined = rooms.stream().anyMatch(room -> room.id().equals(chosen.get()) && room.joined());
            return write(
                    chosen.get(),
                    joined
                            ? Optional.empty()
                            : Optional.of(new UserInput.Rooms(Action.JOIN, chosen, false, Optional.empty())));
        }
        if (!word.isEmpty() && !word.matches("[0-9]+") && ChatId.isValid(word)) {
            Optional<ChatId> made = Optional.of(new ChatId(word));
            return write(made.get(), Optional.of(new UserInput.Rooms(Action.CREATE, made, true, Optional.empty())));
        }
        return again(word, offered.size());
    }

    private Step write(ChatId to, Optional<UserInput> input) {
        question = Question.TEXT;
        receiver = Optional.of(to);
        return new Step(List.of("To %s. Each line is a message; an empty line goes back.".formatted(to)), input);
    }

    private Step text(String line) {
        return line.isBlank()
                ? toMain(Optional.empty())
                : new Step(List.of(), Optional.of(new UserInput.SayTo(receiver.orElseThrow(), line)));
    }

    private Step toMain(Optional<UserInput> input) {
        question = Question.MAIN;
        return new Step(MAIN, input);
    }

    /** What was offered under this number, or by this name. */
    private Optional<ChatId> pick(String word) {
        if (word.matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(word);
            return number >= 1 && number <= offered.size() ? Optional.of(offered.get(number - 1)) : Optional.empty();
        }
        return offered.stream().filter(id -> id.value().equals(word)).findFirst();
    }

    /** The answer was none of those offered, or it is the way back. */
    private Step again(String word, int most) {
        if (word.equals("0") || word.isEmpty()) {
            return toMain(Optional.empty());
        }
        return wrong(
                word,
                most == 0
                        ? "0 to go back"
                        : most == 1 ? "1, or 0 to go back" : "1 to %d, or 0 to go back".formatted(most));
    }

    private static Step wrong(String word, String allowed) {
        return new Step(
                List.of("\"%s\" was not offered. Type %s.".formatted(TextSanitizer.oneLine(word, 40), allowed)),
                Optional.empty());
    }

    private static Step say(String... lines) {
        return new Step(List.of(lines), Optional.empty());
    }

    private static List<String> list(String title, List<ChatId> ids) {
        List<String> lines = new ArrayList<>(List.of(title));
        for (int i = 0; i < ids.size(); i++) {
            lines.add("%d %s".formatted(i + 1, ids.get(i)));
        }
        lines.add(BACK);
        return lines;
    }

    private static List<String> with(String line, List<String> rest) {
        List<String> lines = new ArrayList<>(List.of(line));
        lines.addAll(rest);
        return lines;
    }
}
