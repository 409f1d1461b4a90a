package labchat.broker.steps;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.Advised;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.event.BrokerEvent.MessagePublished;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.broker.event.BrokerEvent.Subscribed;
import labchat.broker.event.BrokerEvent.Unsubscribed;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;
import labchat.broker.event.RequestHandler;
import labchat.protocol.event.StepPart;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * How far everybody's own program is with the lab's steps, made of what the broker itself sees: nobody can say it of
 * themselves, nor of others. Connections of this project's own clients do not count. Held in memory, and in a file by
 * {@link ProgressFile}. Any thread; on the connections' threads it does no more than look into some maps.
 */
public final class LabProgress implements BrokerEventListener {

    /** So many runs of one user are held; the one asked for longest ago makes room. */
    static final int MOST_RUNS = 4;

    /** A run that nobody asks for is given up after this. */
    static final Duration RUN_KEPT = Duration.ofMinutes(2);

    /** So many receipts are held whose message was not heard of yet. */
    private static final int EARLY = 50;

    private static final List<ChatKind> RECEIPTS = List.of(ChatKind.DELIVERED, ChatKind.READ);

    /** Of so many topics it is known whether a user gets them: the four of the own inbox, and some rooms'. */
    private static final int MOST_COVERED = 32;

    /** Practice partners that are known by name. */
    private static final int MOST_PARTNERS = 100;

    /** What is known of one user. Guards all that is in it. */
    private static final class Team {
        /** By address, as two connections of one client id may be there for a moment. */
        private final Map<String, Link> links = new LinkedHashMap<>();

        private final RecentMessages<LabRun.Came> came = new RecentMessages<>();
        private final RecentMessages<Boolean> sent = new RecentMessages<>();
        /**
         * Receipts, in and out, whose message has not been heard of yet: it goes out before it is reported, and its
         * receiver may be on another thread.
         */
        private final Map<EarlyReceipt, Early> earlyIn = new LinkedHashMap<>();

        private final Map<EarlyReceipt, Early> earlyOut = new LinkedHashMap<>();
        private final Map<String, Asked> runs = new LinkedHashMap<>();
        /** All connections, this project's own clients too. */
        private final Set<String> addresses = new HashSet<>();

        private final ChatId id;
        private LabRun all;

        Team(ChatId id) {
            this.id = id;
        }

        /** Answers of {@link #covers} that are true until connections or subscriptions change. */
        private final Map<String, Boolean> covered = new HashMap<>();

        /** Whether one of its connections gets what is published there. */
        boolean covers(String topic) {
            Boolean known = covered.get(topic);
            if (known == null) {
                known = links.values().stream().anyMatch(link -> link.covers(topic));
                if (covered.size() >= MOST_COVERED) {
                    covered.clear();
                }
                covered.put(topic, known);
            }
            return known;
        }
    }

    /** @param other who the message is for or from */
    private record EarlyReceipt(String other, String uuid, ChatKind kind) {}

    private record Early(int qos, boolean covered, Instant at) {}

    private static final class Asked {
        private final LabRun run;
        private Instant last;

        Asked(LabRun run, Instant last) {
            this.run = run;
            this.last = last;
        }
    }

    private final Predicate<String> isUser;
    private final ChatTopics topics;
    private final Clock clock;
    private final Map<String, Team> teams = new ConcurrentHashMap<>();
    private final Set<ChatId> partners = ConcurrentHashMap.newKeySet();

    /** @param isUser whether there is an account of this name; of others nothing is held */
    public LabProgress(Predicate<String> isUser, ChatTopics topics, Clock clock) {
        this.isUser = isUser;
        this.topics = topics;
        this.clock = clock;
    }

    /** How one user is with all steps. */
    public record Standing(String user, Map<LabPart, Instant> done, Map<LabPart, String> problems) {
        public Standing {
            done = Map.copyOf(done);
            problems = Map.copyOf(problems);
        }
    }

    private Optional<Team> team(String user) {
        Team known = teams.get(user);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ChatId> id = ChatId.parse(user).filter(name -> isUser.test(user));
        return id.map(name -> teams.computeIfAbsent(user, key -> {
            Team team = new Team(name);
            team.all = new LabRun(name, topics);
            return team;
        }));
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
        ClientIdentity client = event.client();
        presence(event);
        boolean counts = client.user().isPresent() && !Link.isOurs(client.clientId());
        Optional<Team> team = counts ? team(client.user().get()) : Optional.empty();
        if (event instanceof MessagePublished e) {
            team.ifPresent(author -> sent(author, e));
            came(e);
            return;
        }
        if (team.isEmpty()) {
            return;
        }
        Team of = team.get();
        Instant at = event.time();
        synchronized (of) {
            of.covered.clear();
            if (event instanceof ClientConnected e) {
                Link link = new Link(client.clientId(), "MQTT %s over %s".formatted(e.version(), e.listener()));
                of.links.put(client.address(), link);
                runs(of, at, run -> run.connected(link, at));
            } else if (event instanceof ClientDisconnected) {
                of.links.remove(client.address());
            } else if (event instanceof Subscribed e) {
                Link link = of.links.get(client.address());
                if (link != null) {
                    link.add(e.filter(), e.qos());
                    runs(of, at, run -> run.subscribed(link, at));
                }
            } else if (event instanceof Unsubscribed e) {
                Link link = of.links.get(client.address());
                if (link != null) {
                    link.remove(e.filter());
                }
            } else if (event instanceof LoginRefused e) {
                runs(of, at, run -> run.loginRefused(e.refusal(), at));
            } else if (event instanceof PacketRefused e) {
                if (e.packet().equals("PUBLISH")) {
                    runs(of, at, run -> run.publishRefused(level(e.topic()), e.refusal(), at));
                } else if (e.packet().equals("SUBSCRIBE")) {
                    runs(of, at, run -> run.subscribeRefused(e.refusal(), at));
                }
            } else if (event instanceof Advised e) {
                runs(of, at, run -> run.advised(level(e.topic()), e.advice(), at));
            }
        }
    }

    private void presence(BrokerEvent event) {
        boolean came = event instanceof ClientConnected;
        if (came || event instanceof ClientDisconnected) {
            String address = event.client().address();
            event.client().user().flatMap(this::team).ifPresent(team -> {
                synchronized (team) {
                    if (came) {
                        team.addresses.add(address);
                    } else {
                        team.addresses.remove(address);
                    }
                }
            });
        }
    }

    private boolean isOnline(ChatId id) {
        Team team = teams.get(id.value());
        if (team == null) {
            return false;
        }
        synchronized (team) {
            return !team.addresses.isEmpty();
        }
    }

    /** Everything of which somebody wants to know. */
    private static void runs(Team team, Instant at, Consumer<LabRun> what) {
        what.accept(team.all);
        if (!team.runs.isEmpty()) {
            team.runs.values().removeIf(asked -> asked.last.plus(RUN_KEPT).isBefore(at));
            team.runs.values().forEach(asked -> what.accept(asked.run));
        }
    }

    /** The author's side of a publish. */
    private void sent(Team author, MessagePublished event) {
        if (event.chat().isEmpty()) {
            return;
        }
        ChatFields chat = event.chat().get();
        Optional<ChatKind> kind = ChatKind.ofLevel(chat.kind());
        Optional<ChatId> to = id(chat.receiver());
        if (kind.isEmpty() || to.isEmpty() || chat.receiver().equals(chat.sender())) {
            return;
        }
        String other = chat.receiver();
        Instant at = event.time();
        synchronized (author) {
            switch (kind.get()) {
                case MESSAGE -> {
                    author.sent.putIfAbsent(other, chat.uuid(), true);
                    runs(author, at, run -> run.sentMessage(to.get(), chat.uuid(), event.qos(), at));
                    early(
                            author.earlyIn,
                            other,
                            chat.uuid(),
                            (receipt, early) -> runs(
                                    author,
                                    at,
                                    run -> run.cameReceipt(receipt, to.get(), early.covered(), early.at())));
                }
                case TYPING -> runs(author, at, run -> run.sentTyping(to.get(), at));
                default -> {
                    LabRun.Came message = author.came.get(other, chat.uuid());
                    if (message != null) {
                        runs(author, at, run -> run.sentReceipt(kind.get(), message, event.qos(), at));
                    } else {
                        remember(
                                author.earlyOut,
                                new EarlyReceipt(other, chat.uuid(), kind.get()),
                                new Early(event.qos(), false, at));
                    }
                }
            }
        }
    }

    /** The receiver's side of a publish, whoever it is from. */
    private void came(MessagePublished event) {
        if (event.chat().isEmpty()) {
            return;
        }
        ChatFields chat = event.chat().get();
        Optional<ChatKind> kind = ChatKind.ofLevel(chat.kind());
        Optional<Team> to = chat.sender().equals(chat.receiver()) ? Optional.empty() : team(chat.receiver());
        Optional<ChatId> from = id(chat.sender());
        if (kind.isEmpty() || from.isEmpty() || to.isEmpty()) {
            return;
        }
        String other = chat.sender();
        Team team = to.get();
        Instant at = event.time();
        synchronized (team) {
            boolean covered = team.covers(event.topic());
            switch (kind.get()) {
                case MESSAGE -> {
                    LabRun.Came message = new LabRun.Came(from.get(), at);
                    team.came.putIfAbsent(other, chat.uuid(), message);
                    runs(team, at, run -> run.cameMessage(message, covered));
                    early(
                            team.earlyOut,
                            other,
                            chat.uuid(),
                            (receipt, early) ->
                                    runs(team, at, run -> run.sentReceipt(receipt, message, early.qos(), early.at())));
                }
                case TYPING -> {
                    if (!team.links.isEmpty()) {
                        runs(team, at, run -> run.cameTyping(from.get(), covered, at));
                    }
                }
                default -> {
                    if (team.links.isEmpty()) {
                        return;
                    }
                    if (team.sent.get(other, chat.uuid()) != null) {
                        runs(team, at, run -> run.cameReceipt(kind.get(), from.get(), covered, at));
                    } else {
                        remember(
                                team.earlyIn,
                                new EarlyReceipt(other, chat.uuid(), kind.get()),
                                new Early(event.qos(), covered, at));
                    }
                }
            }
        }
    }

    /** Receipts that were seen before their message. */
    private static void early(
            Map<EarlyReceipt, Early> seen, String other, String uuid, BiConsumer<ChatKind, Early> what) {
        if (seen.isEmpty()) {
            return;
        }
        for (ChatKind receipt : RECEIPTS) {
            Early early = seen.remove(new EarlyReceipt(other, uuid, receipt));
            if (early != null) {
                what.accept(receipt, early);
            }
        }
    }

    private Optional<ChatId> id(String user) {
        Team known = teams.get(user);
        return known == null ? ChatId.parse(user) : Optional.of(known.id);
    }

    private static <K, V> void remember(Map<K, V> map, K key, V value) {
        if (map.putIfAbsent(key, value) == null && map.size() > EARLY) {
            map.remove(map.keySet().iterator().next());
        }
    }

    private static String level(String topic) {
        return topic.substring(topic.lastIndexOf('/') + 1);
    }

    /** A handler of checklists, by which practice partners become known. */
    public RequestHandler noticing(RequestHandler checklists) {
        return (user, payload, answers) -> {
            Optional<Refusal> refusal = checklists.handle(user, payload, answers);
            if (refusal.isEmpty() && partners.size() < MOST_PARTNERS) {
                user.flatMap(ChatId::parse).ifPresent(partners::add);
            }
            return refusal;
        };
    }

    /** The practice partners that are there, by name. */
    List<ChatId> partners() {
        return partners.stream().filter(this::isOnline).sorted().toList();
    }

    /**
     * A step's parts, of what was seen since a run was first asked for; what is connected and subscribed then counts too.
     *
     * @return empty if there is no such account
     */
    Optional<List<StepPart>> parts(ChatId user, int step, String name) {
        return team(user.value()).map(team -> {
            Instant now = clock.instant();
            synchronized (team) {
                Asked asked = team.runs.remove(name);
                if (asked == null) {
                    asked = new Asked(new LabRun(user, topics), now);
                    for (Link link : team.links.values()) {
                        asked.run.connected(link, now);
                        asked.run.subscribed(link, now);
                    }
                    if (team.runs.size() >= MOST_RUNS) {
                        team.runs.remove(team.runs.keySet().iterator().next());
                    }
                }
                asked.last = now;
                team.runs.put(name, asked);
                return asked.run.parts(step, now);
            }
        });
    }

    /** How these users are, in their order, since the broker first saw them or {@link #forget}. */
    public List<Standing> standings(Collection<String> users) {
        Instant now = clock.instant();
        List<Standing> standings = new ArrayList<>();
        for (String user : users) {
            Team team = teams.get(user);
            if (team == null) {
                standings.add(new Standing(user, Map.of(), Map.of()));
                continue;
            }
            synchronized (team) {
                Map<LabPart, Instant> done = team.all.done(now);
                standings.add(new Standing(user, done, team.all.problems()));
            }
        }
        return standings;
    }

    /** A new class begins: nobody has done anything. Who is connected stays so. */
    public void forget() {
        Instant now = clock.instant();
        teams.forEach((user, team) -> {
            synchronized (team) {
                team.all = new LabRun(new ChatId(user), topics);
                for (Link link : team.links.values()) {
                    team.all.connected(link, now);
                    team.all.subscribed(link, now);
                }
            }
        });
    }

    /** All that is done, by user; for the file. */
    Map<String, Map<LabPart, Instant>> done() {
        Map<String, Map<LabPart, Instant>> all = new LinkedHashMap<>();
        standings(teams.keySet().stream().sorted().toList()).stream()
                .filter(standing -> !standing.done().isEmpty())
                .forEach(standing -> all.put(standing.user(), new EnumMap<>(standing.done())));
        return all;
    }

    /** Takes up what was known before a restart. */
    void restore(String user, LabPart part, Instant at) {
        team(user).ifPresent(team -> {
            synchronized (team) {
                team.all.restore(part, at);
            }
        });
    }
}
