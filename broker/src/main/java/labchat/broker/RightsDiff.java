package labchat.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclSubject;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;

/**
 * What other rules would change for clients: each subscription that they have, what the four kinds let them write to each
 * account and read of their own, and requests to the server. Rooms follow from membership, and so are not asked about.
 */
final class RightsDiff {

    /** A client and what it is subscribed to. */
    record Client(AclSubject subject, List<String> filters) {}

    private static final int MOST_NAMED = 3;

    private final AclPolicy before;
    private final AclPolicy after;
    private final ChatTopics topics;
    private final Collection<String> accounts;

    RightsDiff(AclPolicy before, AclPolicy after, ChatTopics topics, Collection<String> accounts) {
        this.before = before;
        this.after = after;
        this.topics = topics;
        this.accounts = accounts;
    }

    /** One line for each thing that somebody would gain or lose, by user; a last line counts them. */
    List<String> lines(List<Client> clients) {
        Map<String, Set<String>> changes = new TreeMap<>();
        for (Client client : clients) {
            Set<String> own = changes.computeIfAbsent(
                    client.subject().user().orElse("a client without a user name"), user -> new LinkedHashSet<>());
            subscriptions(client, own);
            kinds(client.subject(), own);
        }
        List<String> lines = new ArrayList<>();
        int affected = 0;
        for (Map.Entry<String, Set<String>> user : changes.entrySet()) {
            affected += user.getValue().isEmpty() ? 0 : 1;
            user.getValue().forEach(change -> lines.add("%s %s".formatted(user.getKey(), change)));
        }
        lines.add(
                affected == 0
                        ? "nothing would change for who is connected (users: %d)".formatted(changes.size())
                        : "of %d connected users %d would notice".formatted(changes.size(), affected));
        return lines;
    }

    private void subscriptions(Client client, Set<String> changes) {
        for (String filter : client.filters()) {
            boolean granted =
                    after.subscribe(client.subject(), new TopicFilter(filter)).isAllowed();
            boolean was =
                    before.subscribe(client.subject(), new TopicFilter(filter)).isAllowed();
            if (was && !granted) {
                changes.add("loses the subscription " + filter);
            }
        }
    }

    private void kinds(AclSubject subject, Set<String> changes) {
        for (ChatKind kind : ChatKind.values()) {
            Map<Boolean, List<String>> write = new LinkedHashMap<>();
            for (String account : accounts) {
                ChatId.parse(account)
                        .map(id -> topics.topic(id, kind))
                        .ifPresent(topic -> change(
                                        before.publish(subject, topic).isAllowed(),
                                        after.publish(subject, topic).isAllowed())
                                .ifPresent(gains -> write.computeIfAbsent(gains, any -> new ArrayList<>())
                                        .add(account)));
            }
            write.forEach((gains, receivers) -> changes.add(
                    "%s the right to write %s to %s".formatted(word(gains), kind.level(), named(receivers))));
            subject.user()
                    .flatMap(ChatId::parse)
                    .map(id -> topics.topic(id, kind))
                    .ifPresent(topic -> change(
                                    before.read(subject, topic).isAllowed(),
                                    after.read(subject, topic).isAllowed())
                            .ifPresent(gains -> changes.add("%s the right to read %s".formatted(word(gains), topic))));
        }
        for (String request : List.of("history", "rooms")) {
            String topic = topics.topic(ChatId.SERVER, request);
            change(
                            before.publish(subject, topic).isAllowed(),
                            after.publish(subject, topic).isAllowed())
                    .ifPresent(gains -> changes.add("%s requests for %s".formatted(word(gains), request)));
        }
    }

    /** Whether a right comes (true) or goes; empty if it stays as it is. */
    private static Optional<Boolean> change(boolean was, boolean will) {
        return was == will ? Optional.empty() : Optional.of(will);
    }

    private static String word(boolean gains) {
        return gains ? "gains" : "loses";
    }

    private String named(List<String> receivers) {
        if (receivers.size() == accounts.size()) {
            return "everybody";
        }
        String first = String.join(", ", receivers.subList(0, Math.min(MOST_NAMED, receivers.size())));
        return receivers.size() > MOST_NAMED ? "%s and %d more".formatted(first, receivers.size() - MOST_NAMED) : first;
    }
}
