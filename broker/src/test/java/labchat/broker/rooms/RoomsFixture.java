package labchat.broker.rooms;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import labchat.broker.acl.AclFile;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.CompiledAclPolicy;
import labchat.broker.config.AclSubscribe;
import labchat.broker.config.TextFile;
import labchat.broker.event.ClientGateway;
import labchat.broker.event.Refusal;
import labchat.broker.event.ServerAccount;
import labchat.broker.store.RoomStore;
import labchat.broker.store.StoreException;
import labchat.broker.users.UserDirectory;
import labchat.protocol.codec.RoomsCodec;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/** Rooms without a network and without a disk. */
final class RoomsFixture {

    static final String CLASS_ACL = """
            pattern read  ttm4175/chat/%u/#
            pattern read  ttm4175/chat/+/presence
            pattern write ttm4175/chat/+/message
            pattern write ttm4175/chat/+/delivered
            pattern write ttm4175/chat/+/read
            pattern write ttm4175/chat/+/typing
            pattern write ttm4175/chat/server/+
            """;

    /** Keeps rooms in memory; holds changes back or fails them if told to. */
    static final class MemoryStore implements RoomStore {
        private final Map<ChatId, KeptRoom> kept = new LinkedHashMap<>();
        private final Queue<Runnable> held = new ArrayDeque<>();
        private boolean holding;
        private boolean failing;

        void hold() {
            holding = true;
        }

        /** Lets the changes that are held back happen, in order. */
        void release() {
            holding = false;
            while (!held.isEmpty()) {
                held.remove().run();
            }
        }

        int heldBack() {
            return held.size();
        }

        void fail(boolean fails) {
            failing = fails;
        }

        Optional<KeptRoom> room(String id) {
            return Optional.ofNullable(kept.get(new ChatId(id)));
        }

        private CompletionStage<Void> change(Runnable change) {
            if (failing) {
                return CompletableFuture.failedStage(new StoreException("the disk is full"));
            }
            CompletableFuture<Void> done = new CompletableFuture<>();
            held.add(() -> {
                change.run();
                done.complete(null);
            });
            if (!holding) {
                release();
            }
            return done;
        }

        private void replace(ChatId id, Set<ChatId> members, Set<ChatId> invited) {
            KeptRoom old = kept.get(id);
            kept.put(id, new KeptRoom(id, old.isPublic(), old.creator(), old.created(), members, invited));
        }

        @Override
        public List<KeptRoom> rooms() {
            return List.copyOf(kept.values());
        }

        @Override
        public CompletionStage<Void> create(KeptRoom room) {
            return change(() -> kept.put(room.id(), room));
        }

        @Override
        public CompletionStage<Void> addMember(ChatId room, ChatId user, Instant since) {
            return change(() -> replace(
                    room,
                    plus(kept.get(room).members(), user),
                    minus(kept.get(room).invited(), user)));
        }

        @Override
        public CompletionStage<Void> removeMember(ChatId room, ChatId user) {
            return change(() -> replace(
                    room,
                    minus(kept.get(room).members(), user),
                    minus(kept.get(room).invited(), user)));
        }

        @Override
        public CompletionStage<Void> invite(ChatId room, ChatId user) {
            return change(() ->
                    replace(room, kept.get(room).members(), plus(kept.get(room).invited(), user)));
        }

        @Override
        public CompletionStage<Void> remove(ChatId room) {
            return change(() -> kept.remove(room));
        }

        private static Set<ChatId> plus(Set<ChatId> set, ChatId id) {
            Set<ChatId> more = new LinkedHashSet<>(set);
            more.add(id);
            return more;
        }

        private static Set<ChatId> minus(Set<ChatId> set, ChatId id) {
            Set<ChatId> less = new LinkedHashSet<>(set);
            less.remove(id);
            return less;
        }
    }

    /** Accounts by name. */
    record Names(Set<String> names) implements UserDirectory {
        @Override
        public boolean contains(String user) {
            return names.contains(user);
        }

        @Override
        public boolean verify(String user, byte[] password) {
            return false;
        }
    }

    /** Writes down what happens, in order. */
    final class Recorder implements ClientGateway {
        @Override
        public void publish(String topic, byte[] payload, int qos) {
            log.add("%s %s QoS %d"
                    .formatted(topic.substring("ttm4175/chat/".length()), new String(payload, UTF_8), qos));
        }

        @Override
        public void say(ChatEvent event) {
            throw new AssertionError(event);
        }

        @Override
        public void endSubscriptions(ChatId user, ChatId room) {
            log.add("end %s %s".formatted(user, room));
        }
    }

    final MemoryStore store = new MemoryStore();
    final List<String> log = new ArrayList<>();
    final List<RoomsAnswer> answers = new ArrayList<>();
    final Names users;
    AclPolicy acl;
    RoomDirectory rooms;
    RoomAclPolicy rights;
    RoomRequests requests;
    private Optional<ChatId> lobby = Optional.empty();

    /** Accounts with the class's rights. */
    static RoomsFixture ofTheClass(String... users) {
        return new RoomsFixture(CLASS_ACL, List.of(users));
    }

    static RoomsFixture withRules(String aclLines, String... users) {
        return new RoomsFixture(aclLines, List.of(users));
    }

    private RoomsFixture(String aclLines, List<String> users) {
        this.users = new Names(new LinkedHashSet<>(users));
        this.acl = compile(aclLines, AclSubscribe.STRICT);
        restart();
    }

    static AclPolicy compile(String lines, AclSubscribe mode) {
        AclFile file = AclFile.parse(new TextFile("acl.conf", lines.lines().toList(), List.of()));
        if (!file.problems().isEmpty()) {
            throw new AssertionError(file.problems());
        }
        return new CompiledAclPolicy(file.rules(), mode, 1);
    }

    RoomsFixture lobby(String id) {
        lobby = Optional.of(new ChatId(id));
        restart();
        return this;
    }

    /** As after a restart of the broker: only what the store has is left. */
    void restart() {
        rooms = RoomDirectory.open(store, users, acl, ChatTopics.DEFAULT, lobby);
        rights = new RoomAclPolicy(acl, rooms, ChatTopics.DEFAULT);
        requests = new RoomRequests(
                rooms,
                store,
                ChatTopics.DEFAULT,
                new Recorder(),
                Clock.fixed(Instant.parse("2026-11-20T10:15:30Z"), ZoneOffset.UTC));
        rooms.onChange((room, user, joined) -> log.add("%s %s %s".formatted(joined ? "in" : "out", user, room)));
    }

    static ChatId id(String value) {
        return new ChatId(value);
    }

    /** Sends a request; its refusal. */
    Optional<Refusal> send(Optional<String> login, String json) {
        ServerAccount.Answers to = (asker, payload) -> {
            RoomsAnswer answer = RoomsCodec.decodeAnswer(payload).orElseThrow();
            if (!answer.receiver().equals(asker)) {
                throw new AssertionError(answer);
            }
            answers.add(answer);
            log.add("answer %s %s".formatted(asker, answer.action()));
        };
        return requests.handle(login, json.getBytes(UTF_8), to);
    }

    /** Sends a request that is one and gets no answer yet. */
    void ask(String user, String action, String room, String more) {
        String json = "{\"sender\":\"%s\",\"action\":\"%s\",\"room\":\"%s\"%s}".formatted(user, action, room, more);
        if (send(Optional.of(user), json).isPresent()) {
            throw new AssertionError(json);
        }
    }

    /** The answer to a request. */
    RoomsAnswer request(String user, String action, String room, String more) {
        int before = answers.size();
        ask(user, action, room, more);
        if (answers.size() != before + 1) {
            throw new AssertionError("expected one answer: " + answers.subList(before, answers.size()));
        }
        return answers.get(before);
    }

    RoomsAnswer request(String user, String action, String room) {
        return request(user, action, room, "");
    }

    /** About another user. */
    RoomsAnswer about(String user, String action, String room, String other) {
        return request(user, action, room, ",\"user\":\"%s\"".formatted(other));
    }

    RoomsAnswer list(String user) {
        return request(user, "list", "x");
    }

    RoomsAnswer create(String user, String room, boolean isPublic) {
        return request(user, "create", room, ",\"public\":" + isPublic);
    }
}
