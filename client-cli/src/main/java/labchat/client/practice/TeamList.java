package labchat.client.practice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import labchat.client.practice.Check.State;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/** What is known of one team's program. Belongs to one thread. */
final class TeamList {

    /** The protocol's 3 s between two hints, less what a network may take from it. */
    static final Duration LEAST_PAUSE = Duration.ofMillis(2_500);

    /** Whoever still types sends the next hint by then. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(6);

    /** After hints that came too fast, so long of none of them makes good. */
    private static final Duration MAKES_GOOD = Duration.ofSeconds(10);

    /** How many of the partner's messages may still be receipted. */
    private static final int REMEMBERED = 100;

    /**
     * Something that is known.
     *
     * @param detail a few words, or none
     */
    record Known(State state, Instant at, String detail) {
        Known {
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(detail, "detail");
        }
    }

    private final Map<Fact, Known> known = new EnumMap<>(Fact.class);
    /** The partner's own messages, and what a receipt for one of them would show. */
    private final Map<MessageUuid, Optional<String>> written = new LinkedHashMap<>();

    private Optional<Instant> lastHint = Optional.empty();
    private Optional<Instant> lastWrong = Optional.empty();
    private boolean online;

    Map<Fact, Known> known() {
        return known.isEmpty() ? Map.of() : new EnumMap<>(known);
    }

    /** Takes up what was known before. */
    void restore(Fact fact, Known what) {
        known.put(fact, what);
    }

    void forgetAll() {
        known.clear();
        lastHint = Optional.empty();
        lastWrong = Optional.empty();
    }

    boolean isOnline() {
        return online;
    }

    void presence(boolean isOnline, Instant at) {
        online = isOnline;
        if (isOnline) {
            pass(Fact.CONNECTED, at, "");
        }
    }

    /** The partner has sent this; a receipt for it may come. */
    void wrote(MessageUuid uuid, Optional<String> survived) {
        written.put(uuid, survived);
        if (written.size() > REMEMBERED) {
            written.remove(written.keySet().iterator().next());
        }
    }

    boolean hasBeenWrittenTo() {
        return !written.isEmpty();
    }

    void message(Instant at) {
        pass(Fact.MESSAGE_SENT, at, "");
        // The first key of the next text is worth a hint at once.
        lastHint = Optional.empty();
    }

    void receipt(ChatKind kind, MessageUuid uuid, Instant at) {
        Fact fact = kind == ChatKind.READ ? Fact.READ_SENT : Fact.DELIVERED_SENT;
        // Those with the prefix may be from before a restart, or odd ones.
        Optional<String> survived =
                written.getOrDefault(uuid, uuid.value().startsWith(Partner.UUID_PREFIX) ? Optional.empty() : null);
        if (survived == null) {
            fail(fact, at, "%s came with a uuid that no message of mine had; repeat mine".formatted(kind));
            return;
        }
        pass(fact, at, "");
        pass(Fact.GETS_MESSAGES, at, "");
        survived.ifPresent(what -> pass(Fact.SURVIVES, at, what));
    }

    void typing(Instant at) {
        if (lastHint.isPresent()) {
            Duration pause = Duration.between(lastHint.get(), at);
            if (pause.compareTo(LEAST_PAUSE) < 0) {
                known.put(
                        Fact.TYPING_PACED,
                        new Known(
                                State.WRONG,
                                at,
                                "two hints %d.%d s apart".formatted(pause.toSeconds(), pause.toMillisPart() / 100)));
                lastWrong = Optional.of(at);
            } else if (pause.compareTo(LONGEST_PAUSE) <= 0
                    && lastWrong
                            .filter(wrong -> at.isBefore(wrong.plus(MAKES_GOOD)))
                            .isEmpty()) {
                pass(Fact.TYPING_PACED, at, "");
            }
        }
        lastHint = Optional.of(at);
    }

    /** The team says that its program shows what the partner sends. */
    void told(ChatKind kind, Instant at) {
        pass(Fact.gets(kind), at, "you say so");
    }

    /** What was seen once stays seen; what was observed counts more than what was told. */
    private void pass(Fact fact, Instant at, String detail) {
        Known before = known.get(fact);
        boolean news = before == null
                || before.state() != State.DONE
                || fact == Fact.SURVIVES && !before.detail().equals(detail)
                || !before.detail().isEmpty() && detail.isEmpty();
        if (news) {
            known.put(fact, new Known(State.DONE, at, detail));
        }
    }

    /** What was done rightly once is not undone by a slip. */
    private void fail(Fact fact, Instant at, String detail) {
        Known before = known.get(fact);
        if (before == null || before.state() != State.DONE) {
            known.put(fact, new Known(State.WRONG, at, detail));
        }
    }

    State state(Check check) {
        List<Optional<Known>> parts = facts(check).stream()
                .map(fact -> Optional.ofNullable(known.get(fact)))
                .toList();
        if (parts.stream()
                .anyMatch(part -> part.filter(k -> k.state() == State.WRONG).isPresent())) {
            return State.WRONG;
        }
        return parts.stream().allMatch(Optional::isPresent) ? State.DONE : State.OPEN;
    }

    int done() {
        return (int) Arrays.stream(Check.values())
                .filter(check -> state(check) == State.DONE)
                .count();
    }

    /** When the last part of it was seen; empty if nothing was. */
    Optional<Instant> at(Check check) {
        return facts(check).stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .map(Known::at)
                .max(Instant::compareTo);
    }

    /** A few words on how it stands; empty if there is nothing to add. */
    String detail(Check check) {
        if (check == Check.SUBSCRIBED) {
            List<String> seen = new ArrayList<>();
            List<String> missing = new ArrayList<>();
            for (ChatKind kind : ChatKind.values()) {
                Known part = known.get(Fact.gets(kind));
                if (part == null) {
                    missing.add(kind.level());
                } else {
                    seen.add(part.detail().isEmpty() ? kind.level() + " (seen)" : kind.level() + " (you say so)");
                }
            }
            String have = seen.isEmpty() ? "" : String.join(", ", seen);
            String lack = missing.isEmpty() ? "" : "not seen yet: " + String.join(", ", missing);
            return have + (have.isEmpty() || lack.isEmpty() ? "" : "; ") + lack;
        }
        return facts(check).stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .map(Known::detail)
                .filter(detail -> !detail.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static List<Fact> facts(Check check) {
        return Arrays.stream(Fact.values())
                .filter(fact -> fact.check() == check)
                .toList();
    }
}
