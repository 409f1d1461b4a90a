package labchat.client.practice;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import labchat.client.practice.Check.State;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * Somebody to practise with: answers each message with receipts, a typing hint and a text, and notes what it sees of each
 * team's program. It does nothing itself and knows no clock: what is to be done goes to {@link Outside}, and
 * {@link #next} says when {@link #tick} is due. Belongs to one thread.
 */
public final class Partner {

    /** Of more teams than these the rest gets no answers. */
    static final int MOST_TEAMS = 1_000;

    /** So many answers may follow each other; after that one every {@link #BETWEEN_ANSWERS}. */
    static final int ANSWERS_AT_ONCE = 8;

    static final Duration BETWEEN_ANSWERS = Duration.ofSeconds(4);
    static final Duration BETWEEN_BROKEN = Duration.ofSeconds(20);

    /** What begins the uuid of a partner's messages, so that no partner answers another. */
    static final String UUID_PREFIX = "practice-";

    private static final Duration UNTIL_READ = Duration.ofMillis(700);
    private static final Duration UNTIL_TYPING = Duration.ofMillis(1_000);
    private static final Duration UNTIL_ANSWER = Duration.ofMillis(2_000);
    private static final Duration BETWEEN_HINTS = Duration.ofSeconds(3);

    /** More than this waits only under a flood; receipts then go out at once, and answers are left out. */
    private static final int MOST_PLANNED = 2_000;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM HH:mm:ss", Locale.ENGLISH);
    private static final String COMMANDS = """
            checklist: what I have seen of your program
            type: I type to you for some seconds; your program forgets it 6 s after the last hint
            send broken: payloads that your program must survive
            seen delivered, seen read, seen typing: tell me that your program shows what I send; I cannot see that
            reset: your checklist begins anew
            Anything else: I send delivered and read, type, and answer.\
            """;

    /** By name, numbers by their value. */
    private static final Comparator<ChatId> ORDER = Comparator.comparing(
                    (ChatId id) -> id.value().replaceAll("[0-9]", ""))
            .thenComparing(id -> id.value().replaceAll("[^0-9]", "").length())
            .thenComparing(Comparator.naturalOrder());

    /** What the partner wants done. */
    public interface Outside {
        void publish(ChatEvent event);

        /** Publishes all of these, as they are; {@link Partner#oddSent} is to be told what became of it. */
        void publishOdd(ChatId team, List<OddPayload> payloads);

        /** A line of a team's list has changed. */
        void changed(Line line);
    }

    /**
     * A line of a team's list, as it stands now.
     *
     * @param at when it was last seen; empty if never
     * @param detail a few words, or none
     */
    public record Line(ChatId team, Check check, State state, Optional<Instant> at, String detail) {}

    private record Planned(Instant at, long number, Runnable what) {}

    private final ChatId me;
    private final ChatTopics topics;
    private final Set<ChatId> staff;
    private final ZoneId zone;
    private final Supplier<MessageUuid> uuids;
    private final Outside outside;
    private final Map<ChatId, Team> teams = new TreeMap<>(ORDER);
    private final Queue<Planned> planned =
            new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparing(Planned::number));
    private long number;

    /** One of those who practise. */
    private static final class Team {
        private final TeamList list = new TeamList();
        private int answers = ANSWERS_AT_ONCE;
        private Instant answersSince = Instant.MIN;
        private Instant lastBroken = Instant.MIN;
        private boolean silenced;
    }

    /** @param staff who may see the lists of all */
    public Partner(
            ChatId me,
            ChatTopics topics,
            Set<ChatId> staff,
            ZoneId zone,
            Supplier<MessageUuid> uuids,
            Outside outside) {
        this.me = Objects.requireNonNull(me, "me");
        this.topics = Objects.requireNonNull(topics, "topics");
        this.staff = Set.copyOf(staff);
        this.zone = Objects.requireNonNull(zone, "zone");
        this.uuids = Objects.requireNonNull(uuids, "uuids");
        this.outside = Objects.requireNonNull(outside, "outside");
    }

    private Optional<Team> team(ChatId id) {
        if (id.equals(me) || id.equals(ChatId.SERVER) || !teams.containsKey(id) && teams.size() >= MOST_TEAMS) {
            return Optional.empty();
        }
        return Optional.of(teams.computeIfAbsent(id, key -> new Team()));
    }

    /** Takes up what was known before a restart. */
    void restore(ChatId id, Fact fact, TeamList.Known what) {
        team(id).ifPresent(team -> team.list.restore(fact, what));
    }

    /** All that is known, for the file. */
    Map<ChatId, Map<Fact, TeamList.Known>> known() {
        Map<ChatId, Map<Fact, TeamList.Known>> all = new TreeMap<>();
        teams.forEach((id, team) -> {
            if (!team.list.known().isEmpty()) {
                all.put(id, team.list.known());
            }
        });
        return all;
    }

    /** All lines of all teams of which anything is known. */
    public List<Line> lines() {
        return teams.keySet().stream()
                .filter(id -> !teams.get(id).list.known().isEmpty())
                .flatMap(id -> lines(id).stream())
                .toList();
    }

    private List<Line> lines(ChatId id) {
        TeamList list = teams.get(id).list;
        return Arrays.stream(Check.values())
                .map(check -> new Line(id, check, list.state(check), list.at(check), list.detail(check)))
                .toList();
    }

    /** A team's list for the server, JSON; what was seen to be wrong counts as open. The team must be known. */
    String checklist(ChatId id) {
        // Ids and the words of the checks need no escapes.
        return "{\"sender\":\"%s\",\"team\":\"%s\",\"done\":[%s],\"open\":[%s]}"
                .formatted(me, id, words(id, true), words(id, false));
    }

    private String words(ChatId id, boolean done) {
        return lines(id).stream()
                .filter(line -> (line.state() == State.DONE) == done)
                .map(line -> "\"" + line.check().word() + "\"")
                .collect(Collectors.joining(","));
    }

    /** Does something to a team's list, and tells which lines that has changed. */
    private void change(ChatId id, Team team, Runnable what) {
        List<Line> before = lines(id);
        what.run();
        List<Line> after = lines(id);
        for (int i = 0; i < after.size(); i++) {
            if (after.get(i).state() != before.get(i).state()
                    || !after.get(i).detail().equals(before.get(i).detail())) {
                outside.changed(after.get(i));
            }
        }
    }

    /** Somebody has come or gone. */
    public void presence(ChatId id, boolean online, Instant now) {
        // Whoever was never there is no entry.
        if (online || teams.containsKey(id)) {
            team(id).ifPresent(team -> change(id, team, () -> team.list.presence(online, now)));
        }
    }

    /** Something has come from somebody. */
    public void arrived(ChatEvent event, Instant now) {
        if (!event.receiver().equals(me)) {
            // In a room others talk among themselves.
            return;
        }
        ChatId from = event.sender();
        Optional<Team> team = team(from);
        if (team.isEmpty()) {
            return;
        }
        change(from, team.get(), () -> team.get().list.presence(true, now));
        event.accept(new ChatEvent.Visitor<Void>() {
            @Override
            public Void message(ChatMessage message) {
                Partner.this.message(message, team.get(), now);
                return null;
            }

            @Override
            public Void receipt(Receipt receipt) {
                change(from, team.get(), () -> team.get().list.receipt(receipt.kind(), receipt.uuid(), now));
                return null;
            }

            @Override
            public Void typing(Typing typing) {
                change(from, team.get(), () -> team.get().list.typing(now));
                return null;
            }
        });
    }

    private void message(ChatMessage message, Team team, Instant now) {
        ChatId from = message.sender();
        outside.publish(new Receipt(ChatKind.DELIVERED, me, from, message.uuid()));
        Runnable read = () -> outside.publish(new Receipt(ChatKind.READ, me, from, message.uuid()));
        if (message.uuid().value().startsWith(UUID_PREFIX)) {
            // Another partner: nobody there would ever stop.
            read.run();
            return;
        }
        change(from, team, () -> team.list.message(now));
        boolean busy = planned.size() >= MOST_PLANNED;
        if (busy || !mayAnswer(team, now)) {
            read.run();
            if (!busy && !team.silenced) {
                team.silenced = true;
                say(
                        from,
                        team,
                        "You write faster than I answer. Your messages get their receipts; I answer again after a pause.");
            }
            return;
        }
        team.silenced = false;
        plan(now.plus(UNTIL_READ), read);
        answer(message, team, now);
    }

    /** A bucket of answers, filled again with time. */
    private static boolean mayAnswer(Team team, Instant now) {
        if (team.answersSince.equals(Instant.MIN)) {
            team.answersSince = now;
        }
        long more = Math.max(0, Duration.between(team.answersSince, now).toMillis() / BETWEEN_ANSWERS.toMillis());
        if (more > 0) {
            team.answers = (int) Math.min(ANSWERS_AT_ONCE, team.answers + more);
            team.answersSince = now;
        }
        if (team.answers == 0) {
            return false;
        }
        team.answers--;
        return true;
    }

    private void answer(ChatMessage message, Team team, Instant now) {
        ChatId from = message.sender();
        String said = message.text().strip().toLowerCase(Locale.ROOT);
        if (said.startsWith("/")) {
            said = said.substring(1);
        }
        String[] words = said.split("\\s+");
        if (said.equals("checklist") && staff.contains(from)) {
            overview().forEach(text -> later(from, team, now, () -> text));
        } else if (words.length == 2 && words[0].equals("checklist") && staff.contains(from)) {
            // An id keeps its capitals.
            String name = message.text().strip().split("\\s+")[1];
            later(
                    from,
                    team,
                    now,
                    () -> ChatId.parse(name)
                            .filter(teams::containsKey)
                            .map(this::list)
                            .orElse("I have seen nothing of \"%s\". checklist alone tells of all."
                                    .formatted(shortened(name))));
        } else if (words[0].equals("checklist")) {
            later(from, team, now, () -> list(from));
        } else if (said.equals("help")) {
            later(from, team, now, () -> "I am a practice partner, a program. Write one of these:\n" + COMMANDS);
        } else if (said.equals("type")) {
            for (int i = 0; i < 3; i++) {
                plan(now.plus(BETWEEN_HINTS.multipliedBy(i)), () -> outside.publish(new Typing(me, from)));
            }
            plan(
                    now.plus(BETWEEN_HINTS.multipliedBy(5)),
                    () -> say(
                            from,
                            team,
                            "I typed three times, 3 s apart, the last time 9 s ago: for the last 3 s your program should"
                                    + " have shown nothing. If it was so, write seen typing."));
        } else if (words[0].equals("seen")) {
            later(from, team, now, () -> told(from, team, words, now));
        } else if (said.equals("reset")) {
            change(from, team, team.list::forgetAll);
            later(from, team, now, () -> "Your checklist is empty now.");
        } else if (said.startsWith("send broken")) {
            broken(from, team, now);
        } else {
            plan(now.plus(UNTIL_TYPING), () -> outside.publish(new Typing(me, from)));
            later(
                    from,
                    team,
                    now,
                    () -> "You wrote %d characters: \"%s\". %s"
                            .formatted(
                                    message.text()
                                            .codePointCount(0, message.text().length()),
                                    shortened(message.text()),
                                    nextStep(from)));
        }
    }

    private void broken(ChatId from, Team team, Instant now) {
        if (now.isBefore(team.lastBroken.equals(Instant.MIN) ? now : team.lastBroken.plus(BETWEEN_BROKEN))) {
            later(
                    from,
                    team,
                    now,
                    () -> "Once in %d s is enough; ask again a little later.".formatted(BETWEEN_BROKEN.toSeconds()));
            return;
        }
        team.lastBroken = now;
        outside.publishOdd(
                from,
                OddPayload.all(me, from, UUID_PREFIX + shortest(uuids.get().value()) + "-"));
    }

    /**
     * What became of the odd payloads.
     *
     * @param refused those that the server has refused
     * @param failure why it could not be tried; empty if it was
     */
    public void oddSent(ChatId id, List<OddPayload> sent, List<OddPayload> refused, Optional<String> failure) {
        Team team = teams.get(id);
        if (team == null) {
            return;
        }
        if (failure.isPresent()) {
            say(id, team, "I could not send broken payloads: " + failure.get());
            return;
        }
        List<OddPayload> arrived =
                sent.stream().filter(odd -> !refused.contains(odd)).toList();
        long broken = arrived.stream().filter(OddPayload::broken).count();
        long odd = arrived.size() - broken;
        long kept = refused.size();
        String what = (broken > 0 ? "%d broken and ".formatted(broken) : "") + "%d odd payloads".formatted(odd);
        String names = arrived.stream().map(OddPayload::name).collect(Collectors.joining("; "));
        String why = kept == 0
                ? ""
                : (" The server kept %d broken ones from you, because it checks payloads (its setting validation is"
                                + " enforce); to meet those, feed them to your program without a server.")
                        .formatted(kept);
        MessageUuid uuid = say(
                id,
                team,
                "Before this I sent you %s: %s.%s If you can read this, your program has survived; its delivered for this"
                                .formatted(what, names, why)
                        + " message tells me.");
        team.list.wrote(
                uuid,
                Optional.of(
                        "after " + what + (kept == 0 ? "" : "; the server refused %d broken ones".formatted(kept))));
    }

    private String told(ChatId from, Team team, String[] words, Instant now) {
        List<ChatKind> kinds = words.length == 2 && words[1].equals("all")
                ? List.of(ChatKind.DELIVERED, ChatKind.READ, ChatKind.TYPING)
                : Arrays.stream(words)
                        .skip(1)
                        .flatMap(word -> ChatKind.ofLevel(word).stream())
                        .toList();
        if (kinds.isEmpty() || kinds.contains(ChatKind.MESSAGE)) {
            return "Write seen delivered, seen read, or seen typing. That messages reach you I see by your receipts.";
        }
        change(from, team, () -> kinds.forEach(kind -> team.list.told(kind, now)));
        return "Noted. " + nextStep(from);
    }

    private void later(ChatId to, Team team, Instant now, Supplier<String> text) {
        plan(now.plus(UNTIL_ANSWER), () -> say(to, team, text.get()));
    }

    private MessageUuid say(ChatId to, Team team, String text) {
        int most = ProtocolLimits.DEFAULT.maxTextLength();
        String fitting = text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
        ChatMessage message = new ChatMessage(
                me,
                to,
                fitting,
                new MessageUuid(UUID_PREFIX + shortest(uuids.get().value())));
        team.list.wrote(message.uuid(), Optional.empty());
        outside.publish(message);
        return message.uuid();
    }

    private static String shortest(String uuid) {
        return uuid.substring(0, Math.min(uuid.length(), 16));
    }

    private void plan(Instant at, Runnable what) {
        planned.add(new Planned(at, number++, what));
    }

    /** When {@link #tick} is due; empty if nothing is planned. */
    public Optional<Instant> next() {
        return Optional.ofNullable(planned.peek()).map(Planned::at);
    }

    /** Does what is due. */
    public void tick(Instant now) {
        while (!planned.isEmpty() && !planned.peek().at().isAfter(now)) {
            planned.remove().what().run();
        }
    }

    /** One team's list, in words. */
    String list(ChatId id) {
        TeamList list = teams.get(id).list;
        List<String> rows = new ArrayList<>();
        rows.add("Checklist of %s, %d of %d:".formatted(id, list.done(), Check.values().length));
        for (Check check : Check.values()) {
            State state = list.state(check);
            String mark = switch (state) {
                case DONE -> "[x] ";
                case WRONG -> "[!] ";
                default -> "[ ] ";
            };
            StringBuilder row = new StringBuilder(mark).append(check.title());
            String detail = list.detail(check);
            if (!detail.isEmpty()) {
                row.append(": ").append(detail);
            } else if (state == State.OPEN) {
                row.append(": not seen yet");
            }
            if (state == State.WRONG) {
                row.append(", ").append(moment(list.at(check).orElseThrow()));
            }
            if (check == Check.CONNECTED && state == State.DONE && !list.isOnline()) {
                row.append(", but not now");
            }
            if (state != State.DONE) {
                row.append(". ").append(hint(check, list, id));
            }
            rows.add(row.toString());
        }
        return String.join("\n", rows);
    }

    /** All teams, a line each, in as many texts as it takes. */
    private List<String> overview() {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder("Checklists (checklist team1a tells more of one):");
        int count = 0;
        for (Map.Entry<ChatId, Team> entry : teams.entrySet()) {
            TeamList list = entry.getValue().list;
            if (list.known().isEmpty() || staff.contains(entry.getKey())) {
                continue;
            }
            count++;
            String missing = Arrays.stream(Check.values())
                    .filter(check -> list.state(check) != State.DONE)
                    .map(check -> check.title() + (list.state(check) == State.WRONG ? " (wrong)" : ""))
                    .collect(Collectors.joining(", "));
            String row = "\n%s %d of %d%s"
                    .formatted(
                            entry.getKey(),
                            list.done(),
                            Check.values().length,
                            missing.isEmpty() ? "" : "; not yet: " + missing);
            if (text.length() + row.length() > ProtocolLimits.DEFAULT.maxTextLength()) {
                texts.add(text.toString());
                text = new StringBuilder("Checklists, continued:");
            }
            text.append(row);
        }
        texts.add(count == 0 ? "I have not seen any team yet." : text.toString());
        return texts;
    }

    private String nextStep(ChatId id) {
        TeamList list = teams.get(id).list;
        return Arrays.stream(Check.values())
                .filter(check -> list.state(check) != State.DONE)
                // Before a first message to the team nothing can be seen of what it subscribes to.
                .filter(check -> check != Check.SUBSCRIBED || list.hasBeenWrittenTo())
                .findFirst()
                .map(check -> "Next on your checklist (%d of %d): %s. %s"
                        .formatted(list.done(), Check.values().length, check.title(), hint(check, list, id)))
                .orElse("Your checklist is complete. help lists what I can do.");
    }

    private String hint(Check check, TeamList list, ChatId id) {
        return switch (check) {
            case CONNECTED -> "Log in.";
            case SUBSCRIBED ->
                list.known().containsKey(Fact.GETS_MESSAGES)
                        ? "I cannot see what you subscribe to. When your program shows my ticks and that I type, write"
                                + " seen delivered, seen read, seen typing."
                        : "Subscribe to %s; a receipt for one of my messages shows me that they come."
                                .formatted(topics.inbox(id));
            case MESSAGE_SENT -> "Write me something.";
            case DELIVERED_SENT ->
                "As soon as a message of mine has come, publish %s with its uuid."
                        .formatted(topics.topic(me, ChatKind.DELIVERED));
            case READ_SENT ->
                "When a message of mine is on the screen, publish %s with its uuid."
                        .formatted(topics.topic(me, ChatKind.READ));
            case TYPING_PACED ->
                "Type to me for five seconds or more: a hint to %s at the first key, the next 3 s later, none sooner."
                        .formatted(topics.topic(me, ChatKind.TYPING));
            case SURVIVES -> "Write send broken.";
        };
    }

    private String moment(Instant at) {
        return TIME.withZone(zone).format(at);
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        int most = 40;
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most)) + "…";
    }
}
