package labchat.broker.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import labchat.broker.control.ControlSocket.Answer;
import labchat.broker.weather.Spell;
import labchat.broker.weather.WeatherOrder;
import labchat.broker.weather.WeatherStation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weather}: a bad network for a team, on purpose; or who has one. */
@Command(
        name = "weather",
        description = {
            "Gives a team a bad network on purpose, so that QoS can be seen: packets of its",
            "connections are lost, late or repeated. QoS 0 loses messages, QoS 1 and 2 do not.",
            "The team is told; nobody else notices; it ends by itself.",
            "Without options: lists who has what, and for how long."
        },
        footer = {
            "",
            "Example: broker.jar weather --team team2a --loss 30%% --delay 200ms --for 10m",
            "New weather replaces what the team had."
        },
        versionProvider = Version.class,
        sortOptions = false)
final class WeatherCommand implements Callable<Integer> {

    /** What the broker is asked. */
    static final String WORD = "weather";

    private static final String TEAM = "team";
    private static final String CLEAR = "clear";
    private static final String CLEAR_ALL = "clear-all";
    private static final UnaryOperator<String> AS_OPTION = name -> "--" + name;

    @Option(
            order = -8,
            names = "--team",
            paramLabel = "NAME",
            split = ",",
            description = {
                "Whose connections: an account (team2a), a team (team2",
                "for team2a and team2b) or all that begin so (team*)."
            })
    private List<String> teams = List.of();

    @Option(order = -7, names = "--loss", paramLabel = "PERCENT", description = "How many packets are lost, to 90%%.")
    private String loss = "";

    @Option(
            order = -6,
            names = "--delay",
            paramLabel = "TIME",
            description = "How much later packets arrive, each way, to 2s.")
    private String delay = "";

    @Option(
            order = -5,
            names = "--duplicate",
            paramLabel = "PERCENT",
            description = "How many publishes of QoS 0 and 1 arrive twice, to 90%%.")
    private String duplicate = "";

    @Option(
            order = -4,
            names = "--outage",
            paramLabel = "TIME",
            description = "First no network at all: connections break, and logins get no answer; to 10m.")
    private String outage = "";

    @Option(
            order = -3,
            names = "--for",
            paramLabel = "TIME",
            description = "When it ends by itself (default: 10m, of an outage alone its end), to 4h.")
    private String lasting = "";

    @Option(order = -2, names = "--clear", description = "The team has a good network again, at once.")
    private boolean clear;

    @Option(order = -1, names = "--clear-all", description = "Everybody has a good network again, at once.")
    private boolean clearAll;

    @Mixin
    private DataOptions data;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(WeatherOrder.LOSS, loss);
        fields.put(WeatherOrder.DELAY, delay);
        fields.put(WeatherOrder.DUPLICATE, duplicate);
        fields.put(WeatherOrder.OUTAGE, outage);
        fields.put(WeatherOrder.FOR, lasting);
        fields.values().removeIf(String::isBlank);
        if (clear || clearAll) {
            check(fields);
            fields.put(clear ? CLEAR : CLEAR_ALL, "");
        } else if (!fields.isEmpty() || !teams.isEmpty()) {
            if (teams.isEmpty()) {
                throw CommandFailure.usage("whose weather? Give --team, such as --team team2a");
            }
            if (WeatherOrder.read(fields, AS_OPTION) instanceof WeatherOrder.Bad bad) {
                throw CommandFailure.usage(bad.problems());
            }
        }
        // One a line; the broker knows the accounts.
        Stream<String> lines = Stream.concat(
                teams.stream().map(team -> TEAM + " " + team.strip()),
                fields.entrySet().stream().map(field -> field.getKey() + " " + field.getValue()));
        return ReloadCommand.ask(data, WORD, String.join("\n", lines.toList()), common.quiet());
    }

    private void check(Map<String, String> fields) {
        if (clear && clearAll) {
            throw CommandFailure.usage("--clear is for the teams that --team names, --clear-all for all; give one");
        }
        if (clear && teams.isEmpty()) {
            throw CommandFailure.usage("whose weather is to be cleared? Give --team as well, or --clear-all");
        }
        if (clearAll && !teams.isEmpty()) {
            throw CommandFailure.usage(
                    "--clear-all is for everybody; for %s alone give --clear".formatted(String.join(", ", teams)));
        }
        if (!fields.isEmpty()) {
            throw CommandFailure.usage("--%s sets weather and --clear ends it; give one of them"
                    .formatted(fields.keySet().iterator().next()));
        }
    }

    /** What the broker does with it. */
    static Answer answer(WeatherStation station, String text) {
        List<String> words = new ArrayList<>();
        Map<String, String> fields = new LinkedHashMap<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] parts = line.split(" ", 2);
            String value = parts.length == 2 ? parts[1] : "";
            if (parts[0].equals(TEAM)) {
                words.add(value);
            } else {
                fields.put(parts[0], value);
            }
        });
        if (words.isEmpty() && fields.isEmpty()) {
            return new Answer(ExitCode.GOOD, list(station));
        }
        if (fields.containsKey(CLEAR_ALL)) {
            return cleared(station.clearAll());
        }
        WeatherStation.Team team = station.team(words);
        if (!team.problems().isEmpty()) {
            return bad(team.problems());
        }
        if (fields.containsKey(CLEAR)) {
            return cleared(station.clear(team.users()));
        }
        WeatherOrder order = WeatherOrder.read(fields, AS_OPTION);
        if (order instanceof WeatherOrder.Bad bad) {
            return bad(bad.problems());
        }
        List<Spell> begun = station.begin(team.users(), (WeatherOrder.Good) order, "command");
        return new Answer(
                ExitCode.GOOD, begun.stream().map(spell -> line(station, spell)).toList());
    }

    private static Answer bad(List<String> problems) {
        return new Answer(
                ExitCode.USAGE,
                problems.stream().map(problem -> "error: " + problem).toList());
    }

    private static Answer cleared(List<String> users) {
        return new Answer(
                ExitCode.GOOD,
                List.of(
                        users.isEmpty()
                                ? "There was no lab weather to clear."
                                : "The lab weather is over for %s.".formatted(String.join(", ", users))));
    }

    private static List<String> list(WeatherStation station) {
        List<Spell> all = station.all();
        return all.isEmpty()
                ? List.of("Nobody has lab weather.")
                : all.stream().map(spell -> line(station, spell)).toList();
    }

    private static String line(WeatherStation station, Spell spell) {
        return "%-10s  %s".formatted(spell.user(), station.words(spell));
    }
}
