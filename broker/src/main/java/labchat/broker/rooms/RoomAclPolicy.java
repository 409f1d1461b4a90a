package labchat.broker.rooms;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclRule;
import labchat.broker.acl.AclSubject;
import labchat.broker.acl.RuleOrigin;
import labchat.broker.event.RoomAccess;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;

/**
 * The rights of {@code acl.conf} and, for what lies below a room's id, membership in the place of the patterns: members
 * may read {@code ROOT/<room>/#} and write {@code ROOT/<room>/message} and {@code ROOT/<room>/typing}, nobody else may. A
 * user's own {@code topic} lines count as before, whether they grant or deny.
 *
 * <p>So that nobody finds out by asking that a private room of others exists, two questions are answered as if there were
 * no such room, and what is done with the answer is checked elsewhere: a SUBSCRIBE, because each delivery is checked by
 * {@link #read}; and a publish of one of the four kinds, because {@code ChatRules} refuses it, with words for the sender.
 *
 * <p>A question about a topic that is no room's costs one look into a map more.
 */
public final class RoomAclPolicy implements AclPolicy, RoomAccess {

    /**
     * The rights derived from one state of the file.
     *
     * @param members users' own lines, with membership in the place of the patterns
     * @param others users' own lines alone
     */
    private record Derived(long epoch, AclPolicy members, AclPolicy others) {}

    private static final Optional<RuleOrigin> BY_MEMBERSHIP = Optional.empty();

    private final AclPolicy acl;
    private final RoomDirectory rooms;
    private final ChatTopics topics;
    private final List<AclRule> membership;
    private volatile Derived derived;

    public RoomAclPolicy(AclPolicy acl, RoomDirectory rooms, ChatTopics topics) {
        this.acl = acl;
        this.rooms = rooms;
        this.topics = topics;
        this.membership = List.of(
                rule(AclRule.Access.READ, "#"),
                rule(AclRule.Access.WRITE, ChatKind.MESSAGE.level()),
                rule(AclRule.Access.WRITE, ChatKind.TYPING.level()));
        this.derived = derive();
    }

    private AclRule rule(AclRule.Access access, String below) {
        String filter = topics.root() + "/+/" + below;
        return new AclRule(
                AclRule.Kind.PATTERN, Optional.empty(), access, filter, new RuleOrigin("membership", 0, filter));
    }

    private Derived derive() {
        long epoch = acl.epoch();
        return new Derived(epoch, acl.withPatterns(membership), acl.withPatterns(List.of()));
    }

    private Derived derived() {
        Derived known = derived;
        if (known.epoch() != acl.epoch()) {
            known = derive();
            derived = known;
        }
        return known;
    }

    @Override
    public AclDecision publish(AclSubject subject, String topic) {
        Room room = roomOf(topic);
        if (room == null) {
            return acl.publish(subject, topic);
        }
        if (isMember(room, subject.user())) {
            return byMembership(derived().members().publish(ownLinesOf(subject), topic));
        }
        return topics.parse(topic).isPresent()
                ? acl.publish(subject, topic)
                : derived().others().publish(subject, topic);
    }

    @Override
    public AclDecision read(AclSubject subject, String topic) {
        Room room = roomOf(topic);
        if (room == null) {
            return acl.read(subject, topic);
        }
        return isMember(room, subject.user())
                ? byMembership(derived().members().read(ownLinesOf(subject), topic))
                : derived().others().read(subject, topic);
    }

    @Override
    public AclDecision subscribe(AclSubject subject, TopicFilter filter) {
        Room room = roomOf(filter.value());
        if (room == null) {
            return acl.subscribe(subject, filter);
        }
        if (isMember(room, subject.user())) {
            return byMembership(derived().members().subscribe(ownLinesOf(subject), filter));
        }
        return isTold(room, subject.user())
                ? derived().others().subscribe(subject, filter)
                : acl.subscribe(subject, filter);
    }

    /** The client id plays no part in {@code topic} lines, and with one like {@code a+b} no pattern would hold. */
    private static AclSubject ownLinesOf(AclSubject subject) {
        return new AclSubject(subject.user(), "");
    }

    /** The rule of ours is in no file, so it is not named. */
    private AclDecision byMembership(AclDecision decision) {
        boolean ours = decision.rule()
                .filter(origin -> membership.stream().anyMatch(rule -> rule.origin() == origin))
                .isPresent();
        return ours && decision.isAllowed() ? new AclDecision.Allowed(BY_MEMBERSHIP) : decision;
    }

    /** Null if the text does not lie below a room's id. */
    private Room roomOf(String topicOrFilter) {
        String level = ChatLevel.of(topicOrFilter, topics.root());
        return level == null ? null : rooms.find(level);
    }

    private static boolean isMember(Room room, Optional<String> user) {
        Optional<ChatId> id = user.flatMap(ChatId::parse);
        return id.isPresent() && room.isMember(id.get());
    }

    private static boolean isTold(Room room, Optional<String> user) {
        return room.isPublic()
                || user.flatMap(ChatId::parse).filter(room::isVisibleTo).isPresent();
    }

    @Override
    public boolean isRoom(ChatId id) {
        return rooms.isRoom(id);
    }

    @Override
    public Standing standing(Optional<String> user, ChatId id) {
        Room room = rooms.find(id.value());
        if (room == null) {
            return Standing.NO_ROOM;
        }
        boolean inside = isMember(room, user)
                || derived()
                        .others()
                        .publish(new AclSubject(user, ""), topics.topic(id, ChatKind.MESSAGE))
                        .isAllowed();
        if (inside) {
            return Standing.INSIDE;
        }
        return isTold(room, user) ? Standing.OUTSIDE : Standing.NO_ROOM;
    }

    @Override
    public Collection<String> known(Optional<String> user) {
        return rooms.suggestionsFor(user.flatMap(ChatId::parse));
    }

    @Override
    public AclPolicy withPatterns(List<AclRule> patterns) {
        return acl.withPatterns(patterns);
    }

    @Override
    public List<AclRule> rules() {
        return acl.rules();
    }

    /** Both only rise, so their sum rises with either. */
    @Override
    public long epoch() {
        return acl.epoch() + rooms.epoch();
    }
}
