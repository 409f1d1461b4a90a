package labchat.broker.staff;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.Advised;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.event.BrokerEvent.MessagePublished;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.broker.event.BrokerEvent.Subscribed;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/**
 * The class at a glance: of each user who is connected and what went wrong last, made of events alone. Held in memory
 * since the broker's start. Any thread.
 *
 * <p>A user is <em>stuck</em> after {@value #STUCK_AFTER} refusals with the same code within five minutes, as long as
 * nothing of the same sort was accepted since: after refused logins a login, after refused subscriptions a subscription,
 * after refused publishes a message or a publish to the same kind of topic.
 */
public final class ClassView implements BrokerEventListener {

    /** So many refusals of one code make a user stuck. */
    public static final int STUCK_AFTER = 3;

    /** Within this time. */
    public static final Duration STUCK_WITHIN = Duration.ofMinutes(5);

    /** The rule in words, for the page. */
    public static final String STUCK_RULE =
            ("%d refusals with the same code within %d minutes, and since then nothing of"
                            + " the same sort that was accepted: a login, a subscription, a message")
                    .formatted(STUCK_AFTER, STUCK_WITHIN.toMinutes());

    private static final int REMEMBERED_REFUSALS = 200;
    private static final int REMEMBERED_DIAGNOSTICS = 200;
    private static final int REMEMBERED_CONNECTIONS = 1_000;

    /** What a refusal or an acceptance is about: LOGIN, SUBSCRIBE or PUBLISH, and the topic's last level. */
    private record Sort(String packet, String level) {}

    private record Refused(Instant time, String code, Sort sort) {}

    /** Something that was explained to a user. */
    public record Trouble(Instant time, String user, String packet, String topic, Refusal refusal) {}

    /** One connection of a user. */
    public record Link(String clientId, String address, String version, String listener, Instant since) {}

    /**
     * A user.
     *
     * @param seen when something was last heard of the user; empty if nothing was since the broker's start
     * @param accepted how many publishes were passed on since then
     * @param stuck by {@link #STUCK_RULE}
     * @param checklist what a practice partner has told about the user
     */
    public record Team(
            String user,
            List<Link> links,
            Optional<Instant> seen,
            long accepted,
            long refused,
            Optional<Trouble> lastTrouble,
            Optional<Stuck> stuck,
            Optional<Checklist> checklist) {
        public Team {
            links = List.copyOf(links);
        }
    }

    /** Why somebody is stuck. */
    public record Stuck(String code, int times, Instant since) {}

    private static final class State {
        private final Map<String, Link> links = new LinkedHashMap<>();
        private final Deque<Refused> refusals = new ArrayDeque<>();
        private Instant seen;
        private long accepted;
        private long refused;
        private Trouble lastTrouble;
        private Checklist checklist;
    }

    private final Predicate<String> isUser;
    private final UnaryOperator<Refusal> words;
    private final Clock clock;
    private final ConcurrentMap<String, State> states = new ConcurrentHashMap<>();
    private final Deque<Trouble> troubles = new ArrayDeque<>();

    /**
     * @param isUser whether there is an account of this name; of others nothing is held
     * @param quotes whether reasons may quote what somebody wrote
     */
    public ClassView(Predicate<String> isUser, boolean quotes, Clock clock) {
        this.isUser = isUser;
        this.words = quotes ? UnaryOperator.identity() : Refusal::withoutExcerpt;
        this.clock = clock;
    }

    @Override
    public boolean wantsPackets() {
        return false;
    }

    @Override
    public void onPacket(PacketTrace packet) {
        // Events say it all.
    }

    @Override
    public void onEvent(BrokerEvent event) {
        Optional<String> user = event.client().user().filter(isUser);
        if (user.isEmpty()) {
            return;
        }
        State state = states.computeIfAbsent(user.get(), name -> new State());
        Trouble trouble = null;
        synchronized (state) {
            state.seen = event.time();
            if (event instanceof MessagePublished e) {
                state.accepted++;
                accepted(state, new Sort("PUBLISH", level(e.topic())));
            } else if (event instanceof ClientConnected e) {
                connected(state, e);
            } else if (event instanceof ClientDisconnected e) {
                state.links.remove(key(e.client()));
            } else if (event instanceof Subscribed) {
                accepted(state, new Sort("SUBSCRIBE", ""));
            } else if (event instanceof PacketRefused e) {
                String level = e.packet().equals("PUBLISH") ? level(e.topic()) : "";
                trouble = refused(state, user.get(), e, e.packet(), e.topic(), level, e.refusal());
            } else if (event instanceof LoginRefused e) {
                trouble = refused(state, user.get(), e, "CONNECT", "", "", e.refusal());
            } else if (event instanceof Advised e) {
                trouble = new Trouble(e.time(), user.get(), "", e.topic(), words.apply(e.advice()));
                state.lastTrouble = trouble;
            }
        }
        if (trouble != null) {
            synchronized (troubles) {
                troubles.addFirst(trouble);
                if (troubles.size() > REMEMBERED_DIAGNOSTICS) {
                    troubles.removeLast();
                }
            }
        }
    }

    /** A practice partner has told how far a user is; ignored for who is no user. */
    public void checklist(String user, Checklist checklist) {
        if (isUser.test(user)) {
            State state = states.computeIfAbsent(user, name -> new State());
            synchronized (state) {
                state.checklist = checklist;
            }
        }
    }

    /** These users as they are now, in their order. */
    public List<Team> teams(Collection<String> users) {
        List<Team> teams = new ArrayList<>();
        for (String user : users) {
            State state = states.get(user);
            if (state == null) {
                teams.add(new Team(
                        user, List.of(), Optional.empty(), 0, 0, Optional.empty(), Optional.empty(), Optional.empty()));
                continue;
            }
            synchronized (state) {
                teams.add(new Team(
                        user,
                        List.copyOf(state.links.values()),
                        Optional.ofNullable(state.seen),
                        state.accepted,
                        state.refused,
                        Optional.ofNullable(state.lastTrouble),
                        stuck(state),
                        Optional.ofNullable(state.checklist)));
            }
        }
        return teams;
    }

    /** What was explained of late, the newest first. */
    public List<Trouble> troubles() {
        synchronized (troubles) {
            return List.copyOf(troubles);
        }
    }

    private void connected(State state, ClientConnected e) {
        if (state.links.size() < REMEMBERED_CONNECTIONS) {
            ClientIdentity client = e.client();
            state.links.put(
                    key(client), new Link(client.clientId(), client.address(), e.version(), e.listener(), e.time()));
        }
        accepted(state, new Sort("CONNECT", ""));
    }

    /** Two connections of one client id may be there for a moment, so the address tells them apart. */
    private static String key(ClientIdentity client) {
        return client.address();
    }

    private static void accepted(State state, Sort sort) {
        if (state.refusals.isEmpty()) {
            return;
        }
        // Whoever gets a message through has understood publishing, wherever it went wrong before.
        boolean message = sort.packet().equals("PUBLISH") && sort.level().equals("message");
        state.refusals.removeIf(refused -> message
                ? refused.sort().packet().equals("PUBLISH")
                : refused.sort().equals(sort));
    }

    private Trouble refused(
            State state, String user, BrokerEvent event, String packet, String topic, String level, Refusal refusal) {
        state.refused++;
        state.refusals.addLast(new Refused(event.time(), refusal.code(), new Sort(packet, level)));
        if (state.refusals.size() > REMEMBERED_REFUSALS) {
            state.refusals.removeFirst();
        }
        state.lastTrouble = new Trouble(event.time(), user, packet, topic, words.apply(refusal));
        return state.lastTrouble;
    }

    private Optional<Stuck> stuck(State state) {
        Instant from = clock.instant().minus(STUCK_WITHIN);
        Map<String, Stuck> byCode = new LinkedHashMap<>();
        for (Refused refused : state.refusals) {
            if (!refused.time().isBefore(from)) {
                byCode.merge(
                        refused.code(),
                        new Stuck(refused.code(), 1, refused.time()),
                        (all, one) -> new Stuck(all.code(), all.times() + 1, all.since()));
            }
        }
        return byCode.values().stream()
                .filter(stuck -> stuck.times() >= STUCK_AFTER)
                .max((a, b) -> Integer.compare(a.times(), b.times()));
    }

    private static String level(String topic) {
        return topic.substring(topic.lastIndexOf('/') + 1);
    }
}
