package labchat.broker.weather;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which users have lab weather, until when. Any thread; what it tells is told by one thread at a time. */
public final class WeatherStation {

    /** After how long a sender sends again, the round trip aside. */
    public static final Duration RESEND_AFTER = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** Behind a name: all users whose names begin like that. */
    private static final char ALL_THAT_BEGIN_SO = '*';

    /** What acts on connections. */
    @FunctionalInterface
    public interface Sky {
        /**
         * A user's weather is another one.
         *
         * @param before what it was; empty for none
         * @param now what it is; empty for none
         */
        void changed(String user, Optional<Spell> before, Optional<Spell> now);
    }

    /** Does something later, on any thread. */
    @FunctionalInterface
    public interface Later {
        /** @param after not negative */
        void run(Duration after, Runnable task);
    }

    /**
     * Whom an order is for.
     *
     * @param users each once
     * @param problems words that mean nobody, each with what to do; then nothing is to be done for anybody
     */
    public record Team(List<String> users, List<String> problems) {
        public Team {
            users = List.copyOf(users);
            problems = List.copyOf(problems);
        }
    }

    private final Supplier<? extends Collection<String>> accounts;
    private final Clock clock;
    private final Later later;
    private final ConcurrentMap<String, Spell> spells = new ConcurrentHashMap<>();
    private volatile Sky sky = (user, before, now) -> {};
    private volatile LongSupplier seeds;
    private volatile Duration resendAfter = RESEND_AFTER;

    /** @param accounts all users there are now */
    public WeatherStation(Supplier<? extends Collection<String>> accounts, Clock clock, Later later) {
        this.accounts = accounts;
        this.clock = clock;
        this.later = later;
        this.seeds = System::nanoTime;
    }

    /** What acts on connections, from now on. */
    public void over(Sky connections) {
        sky = connections;
    }

    /**
     * Where chances come from, for new connections and new weather, and how long senders wait before they send again: for
     * tests.
     */
    public void chances(LongSupplier newSeeds, Duration wait) {
        seeds = newSeeds;
        resendAfter = wait;
    }

    /** Chances for one direction of one connection. */
    public RandomGenerator newChance() {
        return new SplittableRandom(seeds.getAsLong());
    }

    /**
     * Whom these words mean: an account, a team whose accounts have one letter more ({@code team2} for {@code team2a} and
     * {@code team2b}), or all accounts that begin so ({@code team*}).
     */
    public Team team(Collection<String> words) {
        Set<String> users = new LinkedHashSet<>();
        List<String> problems = new ArrayList<>();
        if (words.isEmpty()) {
            problems.add("no team is given");
        }
        Collection<String> all = accounts.get();
        for (String word : words) {
            List<String> found = all.stream().filter(means(word, all)).sorted().toList();
            if (found.isEmpty()) {
                problems.add("there is no account \"%s\", and no team of that name; there are %s"
                        .formatted(word, some(all)));
            }
            users.addAll(found);
        }
        return new Team(List.copyOf(users), problems);
    }

    private static Predicate<String> means(String word, Collection<String> all) {
        if (!word.isEmpty() && word.charAt(word.length() - 1) == ALL_THAT_BEGIN_SO) {
            String beginning = word.substring(0, word.length() - 1);
            return name -> name.startsWith(beginning);
        }
        if (all.contains(word)) {
            return word::equals;
        }
        return name -> name.length() == word.length() + 1
                && name.startsWith(word)
                && Character.isLetter(name.charAt(word.length()));
    }

    private static String some(Collection<String> all) {
        List<String> names = all.stream().sorted().limit(8).toList();
        String more = all.size() > names.size() ? " and %d more".formatted(all.size() - names.size()) : "";
        return names.isEmpty() ? "no accounts" : String.join(", ", names) + more;
    }

    /**
     * These users have this weather from now on, instead of what they had.
     *
     * @param by who wants it, for the log
     */
    public synchronized List<Spell> begin(Collection<String> users, WeatherOrder.Good order, String by) {
        List<Spell> begun = new ArrayList<>();
        for (String user : users) {
            Instant now = clock.instant();
            Spell spell = new Spell(
                    user,
                    order.weather(),
                    now,
                    now.plus(order.lasting()),
                    now.plus(order.weather().outage()),
                    order.weather().resendAfter(resendAfter));
            Optional<Spell> before = Optional.ofNullable(spells.put(user, spell));
            begun.add(spell);
            LOG.info("weather ({}): {} has {} for {}", by, user, order.weather().words(), Spans.words(order.lasting()));
            sky.changed(user, before, Optional.of(spell));
            later.run(order.lasting(), () -> end(spell));
        }
        return begun;
    }

    private synchronized void end(Spell spell) {
        if (spells.remove(spell.user(), spell)) {
            LOG.info("weather: {} has none any more", spell.user());
            sky.changed(spell.user(), Optional.of(spell), Optional.empty());
        }
    }

    /** These users have no weather any more; gives those that had some. */
    public synchronized List<String> clear(Collection<String> users) {
        List<String> cleared = new ArrayList<>();
        for (String user : users) {
            Spell spell = spells.get(user);
            if (spell != null) {
                end(spell);
                cleared.add(user);
            }
        }
        return cleared;
    }

    /** Nobody has weather any more; gives those that had some. */
    public List<String> clearAll() {
        return clear(all().stream().map(Spell::user).toList());
    }

    /** A user's weather; empty for none. */
    public Optional<Spell> of(String user) {
        return Optional.ofNullable(spells.get(user));
    }

    /** All weather, by users' names. */
    public List<Spell> all() {
        return spells.values().stream()
                .sorted(Comparator.comparing(Spell::user))
                .toList();
    }

    /** What is to be said of a spell in a list, such as {@code 30% loss, 9 min 12 s left}. */
    public String words(Spell spell) {
        Instant now = clock.instant();
        return "%s; %s left".formatted(spell.wordsNow(now), spell.leftWords(now));
    }

    /** The time by which spells are measured. */
    public Instant now() {
        return clock.instant();
    }
}
