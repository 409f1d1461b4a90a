package labchat.client.ui.full;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import labchat.client.ui.UserInput;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;

/** What the word before the cursor can become. */
final class Completion {

    private final ScreenModel model;

    Completion(ScreenModel model) {
        this.model = model;
    }

    /** The word that is to be completed. */
    static String word(String before) {
        int start = Math.max(before.lastIndexOf(' '), before.lastIndexOf('\n')) + 1;
        return before.substring(start);
    }

    /** All words that begin like the one before the cursor and fit there. */
    List<String> candidates(String before) {
        String word = word(before);
        String[] words = before.split(" ", -1);
        Stream<String> all = words.length == 1
                ? first(before)
                : words.length == 2 ? second(words[0]) : words.length == 3 ? third(words[0]) : Stream.empty();
        return all.filter(candidate -> candidate.startsWith(word)).toList();
    }

    /** What all of them begin with. */
    static String common(List<String> candidates) {
        String common = candidates.get(0);
        for (String candidate : candidates) {
            int same = 0;
            while (same < Math.min(common.length(), candidate.length())
                    && common.charAt(same) == candidate.charAt(same)) {
                same++;
            }
            common = common.substring(0, same);
        }
        return common;
    }

    private Stream<String> first(String typed) {
        if (typed.startsWith("/")) {
            return Stream.concat(UserInput.COMMANDS.stream(), LocalCommands.NAMES.stream())
                    .distinct()
                    .map(command -> command + " ");
        }
        return Stream.concat(users(), rooms(RoomInfo::joined)).map(id -> id + ": ");
    }

    private Stream<String> second(String command) {
        Stream<String> plain = switch (command) {
            case "/to" -> Stream.concat(users(), rooms(RoomInfo::joined));
            case "/who" -> Stream.concat(users(), rooms(room -> true));
            case "/invite", "/remove", "/checklist" -> users();
            case "/join" -> rooms(room -> !room.joined());
            case "/leave" -> rooms(RoomInfo::joined);
            case "/history" -> Stream.of("more");
            case "/search" -> Stream.of("all:");
            case "/wire" -> Stream.of("on", "off", "command");
            default -> LocalCommands.values(command).stream();
        };
        return plain.map(word -> word + " ");
    }

    private Stream<String> third(String command) {
        return switch (command) {
            case "/invite", "/remove" -> rooms(RoomInfo::joined);
            case "/create" -> Stream.of("private");
            default -> Stream.empty();
        };
    }

    private Stream<String> users() {
        return model.contacts.keySet().stream().map(ChatId::value);
    }

    private Stream<String> rooms(Predicate<RoomInfo> wanted) {
        return model.rooms.all().stream().filter(wanted).map(RoomInfo::id).map(ChatId::value);
    }
}
