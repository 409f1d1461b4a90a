package labchat.broker.recording;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Other names for the users, rooms, clients and messages of one recording. The same name gets the same pseudonym as long as
 * the recording lasts, and no pseudonym is the name of an account or a room. Used by one thread.
 */
final class Pseudonyms {

    /** The server is no person, and is called what it is. */
    static final String SERVER = "server";

    /** Given in this order; behind the last they begin again, with a number. */
    private static final List<String> NAMES = List.of(
            "ada",
            "alan",
            "grace",
            "edsger",
            "barbara",
            "donald",
            "frances",
            "john",
            "hedy",
            "claude",
            "radia",
            "vint",
            "katherine",
            "tim",
            "margaret",
            "dennis",
            "sophie",
            "ken",
            "karen",
            "linus",
            "evelyn",
            "niklaus",
            "jean",
            "tony",
            "adele",
            "ole",
            "shafi",
            "kristen",
            "lynn",
            "robin",
            "mary",
            "charles",
            "anita",
            "george",
            "joan",
            "emil",
            "ida",
            "max",
            "lise",
            "niels",
            "emmy",
            "carl",
            "sofia",
            "leon",
            "maria",
            "paul",
            "rosa",
            "hugo",
            "vera",
            "felix",
            "nora",
            "oscar",
            "greta",
            "anton",
            "astrid",
            "erik",
            "ingrid",
            "lars",
            "sigrid",
            "olaf",
            "tove",
            "magnus",
            "liv",
            "axel");

    private static final int MOST = 10_000;
    private static final String BEYOND = "somebody";
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+(?:[_-]+[A-Za-z0-9]+)*");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9]+");

    private final Set<String> accounts;
    private final Predicate<String> isRoom;
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, String> byLowerCase = new HashMap<>();
    private final Map<String, String> clients = new HashMap<>();
    private final Map<String, Integer> clientsOfUser = new HashMap<>();
    private final Map<String, String> messages = new HashMap<>();
    private final Set<String> given = new HashSet<>();
    private int users;
    private int rooms;

    /**
     * @param accounts all real users, of which no name may be given or be left in a text
     * @param isRoom whether an id is a room's
     */
    Pseudonyms(Set<String> accounts, Predicate<String> isRoom) {
        this.accounts = accounts.stream().map(Pseudonyms::lower).collect(Collectors.toUnmodifiableSet());
        this.isRoom = isRoom;
    }

    /** For a user's or a room's id, or what somebody took for one. */
    String id(String real) {
        if (real.isEmpty() || real.equals(SERVER)) {
            return real;
        }
        String known = ids.get(real);
        if (known != null) {
            return known;
        }
        if (ids.size() >= MOST) {
            return BEYOND;
        }
        boolean room = isRoom.test(real);
        String next;
        do {
            next = room ? "room" + ++rooms : name(users++);
        } while (accounts.contains(next) || ids.containsKey(next) || isRoom.test(next));
        ids.put(real, next);
        byLowerCase.putIfAbsent(lower(real), next);
        given.add(next);
        return next;
    }

    private static String name(int number) {
        int round = number / NAMES.size();
        return NAMES.get(number % NAMES.size()) + (round == 0 ? "" : String.valueOf(round + 1));
    }

    /** For a client id, which many programs make of the user's name. */
    String client(String user, String clientId) {
        if (clientId.isEmpty()) {
            return "";
        }
        String key = user + "\n" + clientId;
        String known = clients.get(key);
        if (known != null) {
            return known;
        }
        String owner = user.isEmpty() ? "client" : id(user);
        if (clients.size() >= MOST) {
            return owner;
        }
        String next = owner + "-" + clientsOfUser.merge(owner, 1, Integer::sum);
        clients.put(key, next);
        return next;
    }

    /** For a message's uuid. */
    String uuid(String real) {
        if (real.isEmpty()) {
            return real;
        }
        String known = messages.get(real);
        if (known != null) {
            return known;
        }
        String next = "m" + (messages.size() + 1);
        if (messages.size() < 100 * MOST) {
            messages.put(real, next);
        }
        return next;
    }

    /** A text in which names of accounts, and of rooms that were met, have their pseudonyms instead. */
    String inText(String text) {
        return replaced(text, WORD, true);
    }

    private String replaced(String text, Pattern words, boolean parts) {
        Matcher word = words.matcher(text);
        StringBuilder result = new StringBuilder(text.length());
        int from = 0;
        while (word.find()) {
            result.append(text, from, word.start());
            String found = word.group();
            if (isName(found)) {
                String met = byLowerCase.get(lower(found));
                result.append(met == null ? id(found) : met);
            } else {
                result.append(parts ? replaced(found, PART, false) : found);
            }
            from = word.end();
        }
        return result.append(text, from, text.length()).toString();
    }

    /** Whether it is somebody's or a room's, whatever the case; what the server is called is not. */
    private boolean isName(String word) {
        String lower = lower(word);
        return !lower.equals(SERVER)
                && (accounts.contains(lower)
                        || byLowerCase.containsKey(lower) && !given.contains(word)
                        || isRoom.test(word));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
