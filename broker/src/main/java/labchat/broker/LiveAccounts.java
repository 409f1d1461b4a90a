package labchat.broker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclRule;
import labchat.broker.acl.CompiledAclPolicy;
import labchat.broker.acl.LiveAclPolicy;
import labchat.broker.chat.ChatRules;
import labchat.broker.config.AclSubscribe;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigProblem;
import labchat.broker.event.Membership;
import labchat.broker.mqtt.guard.LiveClient;
import labchat.broker.mqtt.guard.LiveLimits;
import labchat.broker.mqtt.guard.Revoked;
import labchat.broker.presence.PresenceRegistry;
import labchat.broker.reload.LivePart;
import labchat.broker.reload.NewFiles;
import labchat.broker.reload.Reload;
import labchat.broker.rooms.RoomRequests;
import labchat.broker.signup.SignUpDesk;
import labchat.broker.store.AccountStore;
import labchat.broker.users.AccountChanges;
import labchat.broker.users.FileUserDirectory;
import labchat.broker.users.LiveUserDirectory;
import labchat.broker.users.UserDirectory;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/**
 * Takes in accounts and rules while clients are connected: what decides is replaced first, then who has lost something is
 * cut off, so that nobody slips through in between. One call at a time, by its owner's lock.
 */
final class LiveAccounts implements LivePart {

    private static final int MOST_NAMED = 20;
    private static final long MOST_SECONDS = 10;

    private final LiveUserDirectory users;
    private final LiveAclPolicy acl;
    private final ChatRules rules;
    private final RoomRequests rooms;
    private final Membership membership;
    private final PresenceRegistry presence;
    private final Supplier<Revoked> revoke;
    private final LiveLimits limits;
    private final String bindAddress;
    private final ChatTopics topics;
    private Optional<ChatId> lobby;
    private volatile AclSubscribe mode;

    /**
     * @param started what the broker was started with, with the address that it really listens on
     * @param revoke cuts off who has lost an account or a right
     * @param limits what clients may take
     */
    LiveAccounts(
            LiveUserDirectory users,
            LiveAclPolicy acl,
            ChatRules rules,
            RoomRequests rooms,
            Membership membership,
            PresenceRegistry presence,
            Supplier<Revoked> revoke,
            LiveLimits limits,
            BrokerConfig started) {
        this.users = users;
        this.acl = acl;
        this.rules = rules;
        this.rooms = rooms;
        this.membership = membership;
        this.presence = presence;
        this.revoke = revoke;
        this.limits = limits;
        this.bindAddress = started.bindAddress();
        this.lobby = started.lobby();
        this.topics = started.chatTopics();
        this.mode = started.aclSubscribe();
    }

    @Override
    public Prepared prepare(NewFiles next) {
        UserDirectory directory = users.accounts() instanceof FileUserDirectory now
                ? now.with(next.users())
                : new FileUserDirectory(next.users());
        List<ConfigProblem> problems = demoProblem(next, directory).stream().toList();
        AclPolicy policy =
                new CompiledAclPolicy(next.acl().rules(), next.config().aclSubscribe(), 1);
        return new Prepared() {
            @Override
            public List<ConfigProblem> problems() {
                return problems;
            }

            @Override
            public void apply(List<String> done) {
                rules.change(next.config().validation(), next.config().verifySender());
                lobby = next.config().lobby();
                mode = next.config().aclSubscribe();
                limits.replace(next.config().limits());
                if (!acl.rules().equals(policy.rules())) {
                    done.add("%s: %d rules, were %d"
                            .formatted(
                                    next.config().aclFile(),
                                    policy.rules().size(),
                                    acl.rules().size()));
                }
                acl.replace(policy);
                takeIn(directory, done);
            }
        };
    }

    /** What these rules would change for the clients. */
    List<String> compareRules(List<AclRule> nextRules, List<LiveClient> clients) {
        AclPolicy before = new CompiledAclPolicy(acl.rules(), mode, 1);
        AclPolicy after = new CompiledAclPolicy(nextRules, mode, 1);
        List<RightsDiff.Client> shown = clients.stream()
                .map(client -> new RightsDiff.Client(client.subject(), client.filters()))
                .toList();
        return new RightsDiff(before, after, topics, users.names()).lines(shown);
    }

    boolean isRoom(ChatId id) {
        return membership.isRoom(id);
    }

    LiveUserDirectory users() {
        return users;
    }

    /** What those who change single accounts need. */
    AccountChanges.Running running(Reload reload) {
        return new AccountChanges.Running() {
            @Override
            public Path file() {
                return reload.config().passwordFile();
            }

            @Override
            public int iterations() {
                return reload.inForce().passwordIterations();
            }

            @Override
            public <T> T alone(Supplier<T> task) {
                return reload.locked(task);
            }

            @Override
            public void takeIn(UserDirectory accounts) {
                LiveAccounts.this.takeIn(accounts, new ArrayList<>());
            }
        };
    }

    /**
     * Which ids nobody may take by signing up: also those that once were an account's, because what was said to it would
     * be the newcomer's, and those that rules or settings give rights to.
     */
    SignUpDesk.Ids ids(Reload reload, AccountStore kept) {
        return new SignUpDesk.Ids() {
            @Override
            public int accounts() {
                return users.names().size();
            }

            @Override
            public boolean isTaken(ChatId id) {
                return users.contains(id.value())
                        || membership.isRoom(id)
                        || reload.config().web().staff().contains(id.value())
                        || acl.rules().stream()
                                .anyMatch(rule ->
                                        rule.user().filter(id.value()::equals).isPresent())
                        || kept.accounts().stream()
                                .anyMatch(account -> account.id().equals(id));
            }
        };
    }

    /** At the start the broker would listen on this machine only; now it is too late for that. */
    private Optional<ConfigProblem> demoProblem(NewFiles next, UserDirectory directory) {
        if (next.config().allowDemoPasswords() || isLoopback()) {
            return Optional.empty();
        }
        LiveUserDirectory.Changes changes = users.compare(directory);
        List<String> demo = java.util.stream.Stream.concat(changes.added().stream(), changes.changed().stream())
                .parallel()
                .filter(user -> next.users()
                        .hash(user)
                        .filter(hash -> hash.verify(user.getBytes(StandardCharsets.UTF_8)))
                        .isPresent())
                .sorted()
                .toList();
        return demo.isEmpty()
                ? Optional.empty()
                : Optional.of(ConfigProblem.of(
                        next.users().name(),
                        "%s: the password is the name itself, and other machines can connect; choose others, or set allow_demo_passwords"
                                .formatted(named(demo))));
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(bindAddress).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * These accounts count from now on.
     *
     * @param done gets a line for each thing that has changed
     */
    void takeIn(UserDirectory directory, List<String> done) {
        LiveUserDirectory.Changes changes = users.replace(directory);
        await(rooms.replaced(acl, lobby, ids(changes.added()), ids(changes.removed())));
        presence.replace(users.names());
        Revoked revoked = revoke.get();
        tell(done, "added", changes.added());
        tell(done, "removed", changes.removed());
        tell(done, "with another password, or one less", changes.changed());
        tell(done, "with one more password", changes.extended());
        if (revoked.connections() + revoked.subscriptions() + revoked.sessions() > 0) {
            done.add("cut off: %s, %s and %s"
                    .formatted(
                            count(revoked.connections(), "connection"),
                            count(revoked.subscriptions(), "subscription"),
                            count(revoked.sessions(), "durable session")));
        }
    }

    private static void await(java.util.concurrent.CompletionStage<Void> stage) {
        try {
            stage.toCompletableFuture().get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while rooms were made anew", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("rooms were not made anew: " + e, e);
        }
    }

    private static Set<ChatId> ids(Set<String> names) {
        return names.stream().flatMap(name -> ChatId.parse(name).stream()).collect(Collectors.toSet());
    }

    private static void tell(List<String> done, String how, Set<String> names) {
        if (!names.isEmpty()) {
            done.add("%s %s: %s"
                    .formatted(
                            count(names.size(), "user"),
                            how,
                            named(names.stream().sorted().toList())));
        }
    }

    private static String count(int number, String what) {
        return number == 1 ? "1 " + what : number + " " + what + "s";
    }

    private static String named(Collection<String> names) {
        String first = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMED ? first + " and %d more".formatted(names.size() - MOST_NAMED) : first;
    }
}
