package labchat.it.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a comment before a block says of it: {@code <!-- test: background, until "connected" -->}.
 *
 * @param skip why it is not run
 * @param background whether it goes on until the page ends, or until a block with {@code stop}
 * @param stop whether what goes on ends before
 * @param stopBroker whether the broker of the page ends too
 * @param until what one that goes on must have printed before the page goes on
 * @param exit the expected exit status, or {@link #ANY}
 * @param input standard input
 * @param user whose password is in the environment, which for the accounts of the repository is the name
 * @param file where its text is written in place of being run
 * @param in where it is run, below the page's folder; without it, where the block before it ended
 * @param after a script among the test's resources that is run before
 * @param inside a program among the test's resources that it is put into
 */
record Mark(
        Optional<String> skip,
        boolean background,
        boolean stop,
        boolean stopBroker,
        Optional<String> until,
        int exit,
        String input,
        Optional<String> user,
        Optional<String> file,
        Optional<String> in,
        Optional<String> after,
        Optional<String> inside) {

    /** Why a block may be left out, and what must stand in it then. */
    private static final Map<String, Pattern> REASONS = Map.of(
            "needs a running class", Pattern.compile("weather|mosquitto|record|replay"),
            "needs root",
                    Pattern.compile("sudo|apt|dpkg|mount|chown|useradd|install |update-ca|ss -|/etc/|/usr/|/var/lib/"),
            "needs docker", Pattern.compile("docker"),
            "needs systemd", Pattern.compile("systemctl|journalctl|systemd"),
            "needs a terminal", Pattern.compile("client-cli.jar|labchat"),
            "needs a browser", Pattern.compile("chromium|open"),
            "needs the network", Pattern.compile("curl|wget|apt|git|pip|scp|ssh|rsync|mvn"),
            "needs another machine", Pattern.compile("scp|ssh|rsync"),
            "takes minutes",
                    Pattern.compile("\\./test|bench|mvn|jlink|package|tar -|record|replay|demo/|--compare|examples/"),
            "changes the machine", Pattern.compile("kill|ufw|firewall|crontab|mkfs|PATH"));

    private static final Pattern PART = Pattern.compile(
            "(until|input|exit|as|file|in|after|inside) +(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+))|background|stop broker|stop");

    /** For {@code exit any}: what the command finds depends on the machine. */
    static final int ANY = -1;

    static final Mark NONE = of("");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Mark of(String text) {
        Optional<String> skip = Optional.empty();
        boolean background = false;
        boolean stop = false;
        boolean stopBroker = false;
        Optional<String> until = Optional.empty();
        int exit = 0;
        String input = "";
        Optional<String> user = Optional.empty();
        Optional<String> file = Optional.empty();
        Optional<String> in = Optional.empty();
        Optional<String> after = Optional.empty();
        Optional<String> inside = Optional.empty();
        if (text.startsWith("skip")) {
            String reason = text.replaceFirst("^skip *, *", "");
            if (!REASONS.containsKey(reason)) {
                throw new IllegalArgumentException("\"" + text + "\": a block is skipped with one of the reasons "
                        + REASONS.keySet().stream().sorted().toList());
            }
            skip = Optional.of(reason);
        } else {
            for (String part : parts(text)) {
                Matcher read = PART.matcher(part);
                if (!read.matches()) {
                    throw new IllegalArgumentException(
                            "\"" + part + "\" is nothing that a mark can say; see " + "docs/developers.md");
                }
                String value =
                        read.group(2) == null ? read.group(3) : read.group(2).replace("\\n", "\n");
                stopBroker |= part.equals("stop broker");
                switch (part.split(" ")[0]) {
                    case "background" -> background = true;
                    case "stop" -> stop = true;
                    case "until" -> until = Optional.of(value);
                    case "exit" -> exit = value.equals("any") ? ANY : Integer.parseInt(value);
                    case "input" -> input = value.endsWith("\n") ? value : value + "\n";
                    case "as" -> user = Optional.of(value);
                    case "file" -> file = Optional.of(value);
                    case "in" -> in = Optional.of(value);
                    case "after" -> after = Optional.of(value);
                    default -> inside = Optional.of(value);
                }
            }
        }
        if (until.isPresent() && !background) {
            throw new IllegalArgumentException("\"until\" is for what runs in the background");
        }
        return new Mark(skip, background, stop, stopBroker, until, exit, input, user, file, in, after, inside);
    }

    /** At commas, but for those in quotes. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        Matcher part = Pattern.compile("(?:[^,\"]|\"(?:[^\"\\\\]|\\\\.)*\")+").matcher(text);
        while (part.find()) {
            parts.add(part.group().strip());
        }
        return parts;
    }

    /** What is wrong with it for such a block. */
    Optional<String> problem(String language, String text) {
        if (skip.isPresent() && !REASONS.get(skip.get()).matcher(text).find()) {
            return Optional.of(
                    "nothing in the block " + skip.get() + "; there should be one of " + REASONS.get(skip.get()));
        }
        if (Block.SHOWN.contains(language) && !equals(NONE) && file.isEmpty()) {
            return Optional.of("a block that is only shown takes no mark but \"file\"");
        }
        return Optional.empty();
    }
}
