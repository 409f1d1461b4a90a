package labchat.broker.rooms;

import static labchat.broker.rooms.RoomsFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import labchat.broker.event.ClientGateway;
import labchat.broker.store.RoomStore;
import labchat.protocol.codec.RoomsCodec;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads ask, and the disk answers on another one: what is in memory is what was kept and what was told. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoomsUnderLoadTest {

    private static final int USERS = 8;
    private static final int REQUESTS = 2_000;

    private final ExecutorService askers = Executors.newFixedThreadPool(4);
    private final ExecutorService disk = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        askers.shutdownNow();
        disk.shutdownNow();
    }

    private static final class Silent implements ClientGateway {
        @Override
        public void publish(String topic, byte[] payload, int qos) {}

        @Override
        public void say(ChatEvent event) {}

        @Override
        public void endSubscriptions(ChatId user, ChatId room) {}
    }

    @Test
    void requests_fromManyThreads_leaveMemoryAndDiskTheSame() throws Exception {
        RoomsFixture lab = RoomsFixture.ofTheClass(
                IntStream.range(0, USERS).mapToObj(i -> "u" + i).toArray(String[]::new));
        RoomStore store = new SlowRooms(lab.store, disk);
        RoomDirectory rooms = RoomDirectory.open(store, lab.users, lab.acl, ChatTopics.DEFAULT, Optional.empty());
        RoomRequests requests = new RoomRequests(rooms, store, ChatTopics.DEFAULT, new Silent(), Clock.systemUTC());
        Map<ChatId, Set<ChatId>> told = new HashMap<>();
        rooms.onChange((room, user, joined) -> {
            Set<ChatId> members = told.computeIfAbsent(room, key -> new HashSet<>());
            assertThat(joined ? members.add(user) : members.remove(user)).isTrue();
        });
        CountDownLatch answers = new CountDownLatch(4 * REQUESTS);
        List<Callable<Void>> work = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            Random random = new Random(thread);
            work.add(() -> {
                for (int i = 0; i < REQUESTS; i++) {
                    ask(requests, random, answers);
                }
                return null;
            });
        }
        for (Future<Void> asked : askers.invokeAll(work)) {
            asked.get();
        }

        assertThat(answers.await(50, TimeUnit.SECONDS)).isTrue();
        Map<ChatId, Set<ChatId>> kept =
                store.rooms().stream().collect(Collectors.toMap(RoomStore.KeptRoom::id, RoomStore.KeptRoom::members));
        told.values().removeIf(Set::isEmpty);
        assertThat(told).isEqualTo(kept);
        for (int i = 0; i < 4; i++) {
            ChatId room = id("r" + i);
            assertThat(rooms.isRoom(room)).isEqualTo(kept.containsKey(room));
            assertThat(Set.copyOf(rooms.members(room))).isEqualTo(kept.getOrDefault(room, Set.of()));
        }
        for (int i = 0; i < USERS; i++) {
            ChatId user = id("u" + i);
            assertThat(rooms.roomsOf(user))
                    .isEqualTo(kept.keySet().stream()
                            .filter(room -> kept.get(room).contains(user))
                            .collect(Collectors.toSet()));
        }
    }

    private static void ask(RoomRequests requests, Random random, CountDownLatch answers) {
        String me = "u" + random.nextInt(USERS);
        String action = List.of("create", "join", "join", "join", "leave", "leave", "invite", "remove", "list")
                .get(random.nextInt(9));
        String json = "{\"sender\":\"%s\",\"action\":\"%s\",\"room\":\"r%d\",\"public\":%s,\"user\":\"u%d\"}"
                .formatted(me, action, random.nextInt(4), random.nextBoolean(), random.nextInt(USERS));
        assertThat(requests.handle(Optional.of(me), json.getBytes(StandardCharsets.UTF_8), (asker, payload) -> {
                    RoomsAnswer answer = RoomsCodec.decodeAnswer(payload).orElseThrow();
                    assertThat(answer.action()).isEqualTo(action);
                    answers.countDown();
                }))
                .isEmpty();
    }

    /** Every change happens on the disk's thread. */
    private record SlowRooms(RoomStore kept, ExecutorService disk) implements RoomStore {

        private CompletionStage<Void> later(Supplier<CompletionStage<Void>> change) {
            return CompletableFuture.supplyAsync(change, disk).thenCompose(done -> done);
        }

        @Override
        public List<KeptRoom> rooms() {
            return kept.rooms();
        }

        @Override
        public CompletionStage<Void> create(KeptRoom room) {
            return later(() -> kept.create(room));
        }

        @Override
        public CompletionStage<Void> addMember(ChatId room, ChatId user, Instant since) {
            return later(() -> kept.addMember(room, user, since));
        }

        @Override
        public CompletionStage<Void> removeMember(ChatId room, ChatId user) {
            return later(() -> kept.removeMember(room, user));
        }

        @Override
        public CompletionStage<Void> invite(ChatId room, ChatId user) {
            return later(() -> kept.invite(room, user));
        }

        @Override
        public CompletionStage<Void> remove(ChatId room) {
            return later(() -> kept.remove(room));
        }
    }
}
