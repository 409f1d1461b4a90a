package labchat.broker.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.ClientGateway;
import labchat.broker.event.OutboundPublisher;
import labchat.broker.event.PacketTrace;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.ServerTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what passes and plays recordings back, at most one of each at a time. While nothing is recorded, a connection
 * pays for one look at a field. Any thread.
 */
public final class Lessons implements BrokerEventListener, AutoCloseable {

    /** The directory of recordings, in the data directory. */
    public static final String DIRECTORY = "recordings";

    /** How recordings' names end. */
    public static final String EXTENSION = ".jsonl";

    private static final Logger LOG = LoggerFactory.getLogger("labchat");
    private static final ChatCodec CODEC = new ChatCodec(ProtocolLimits.DEFAULT);

    /** What of the server's own is about everybody; its answers are for one user and full of what was said before. */
    private static final Set<String> PUBLIC = Set.of("presence", "notice");

    /**
     * A recording in the broker's own directory.
     *
     * @param name the file's
     * @param bytes its size
     * @param millis how long it is
     * @param publishes how many publishes are in it
     * @param users who is in it, by pseudonym
     * @param problem why it cannot be played back; empty if it can
     */
    public record Listed(
            String name,
            Instant start,
            long bytes,
            long millis,
            long publishes,
            List<String> users,
            Optional<String> problem) {
        public Listed {
            users = List.copyOf(users);
        }
    }

    private record Seen(long bytes, long modified, Listed listed) {}

    private final Path directory;
    private final ChatTopics topics;
    private final Supplier<? extends Collection<String>> accounts;
    private final Predicate<ChatId> isRoom;
    private final OutboundPublisher publisher;
    private final Clock clock;
    private final Map<Path, Seen> seen = new ConcurrentHashMap<>();

    private volatile Recorder recorder;
    private volatile Recorder lastRecorder;
    private volatile Replay replay;

    /**
     * @param dataDir where the directory of recordings is, or will be
     * @param topics where the class chats
     * @param accounts all users
     * @param publisher publishes what is played back
     */
    public Lessons(
            Path dataDir,
            ChatTopics topics,
            Supplier<? extends Collection<String>> accounts,
            Predicate<ChatId> isRoom,
            OutboundPublisher publisher,
            Clock clock) {
        this.directory = dataDir.resolve(DIRECTORY);
        this.topics = topics;
        this.accounts = accounts;
        this.isRoom = isRoom;
        this.publisher = publisher;
        this.clock = clock;
    }

    @Override
    public void onEvent(BrokerEvent event) {
        // Every event is made of packets.
    }

    @Override
    public void onPacket(PacketTrace packet) {
        Recorder now = recorder;
        if (now != null) {
            now.onPacket(packet);
        }
    }

    @Override
    public boolean wantsPackets() {
        return recorder != null;
    }

    @Override
    public boolean wantsPayload() {
        return recorder != null;
    }

    @Override
    public boolean changesItsWants() {
        return true;
    }

    /** The same gateway, of which is heard what the server says to and of everybody. */
    public ClientGateway heard(ClientGateway gateway) {
        return new ClientGateway() {
            @Override
            public void publish(String topic, byte[] payload, int qos) {
                Recorder now = recorder;
                if (now != null
                        && payload.length > 0
                        && topics.parseServerTopic(topic)
                                .map(ServerTopic::level)
                                .filter(PUBLIC::contains)
                                .isPresent()) {
                    now.published(topic, payload, qos);
                }
                gateway.publish(topic, payload, qos);
            }

            @Override
            public void say(ChatEvent event) {
                Recorder now = recorder;
                if (now != null) {
                    now.published(topics.topic(event.receiver(), event.kind()), CODEC.encode(event), 1);
                }
                gateway.say(event);
            }

            @Override
            public void endSubscriptions(ChatId user, ChatId room) {
                gateway.endSubscriptions(user, room);
            }
        };
    }

    /**
     * Where a recording of this name is: a name alone is one in the broker's own directory.
     *
     * @throws RecordingException for a name that is no file's
     */
    public Path resolve(String name) throws RecordingException {
        try {
            Path path = Path.of(name);
            if (name.isBlank() || path.getFileName() == null || name.endsWith("/")) {
                throw new RecordingException("\"%s\" is no file's name".formatted(name));
            }
            return path.getNameCount() > 1 || path.isAbsolute()
                    ? path.toAbsolutePath().normalize()
                    : directory.resolve(name).toAbsolutePath().normalize();
        } catch (java.nio.file.InvalidPathException e) {
            throw new RecordingException("\"%s\" is no file's name".formatted(name), e);
        }
    }

    /**
     * Begins to record.
     *
     * @throws RecordingException in words
     */
    public synchronized RecordingStatus record(RecordingOrder order) throws RecordingException {
        Recorder now = recorder;
        if (now != null && !now.isEnded()) {
            throw new RecordingException("a recording is running already, to %s; it must end first"
                    .formatted(now.status(false).file()));
        }
        for (String user : order.users()) {
            if (!accounts.get().contains(user)) {
                throw new RecordingException("there is no account \"%s\"".formatted(user));
            }
        }
        if (order.file().startsWith(directory.toAbsolutePath().normalize())) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new RecordingException("%s: cannot be made: %s".formatted(directory, e.getMessage()), e);
            }
        }
        Pseudonyms names = new Pseudonyms(
                Set.copyOf(accounts.get()),
                id -> ChatId.parse(id).filter(isRoom).isPresent());
        Recorder started = Recorder.start(order, topics, names, clock);
        recorder = started;
        lastRecorder = started;
        LOG.info(
                "recording to {} for at most {} min, names replaced, texts {}",
                order.file(),
                Math.max(1, order.length().toMinutes()),
                order.keepTexts() ? "kept" : "replaced");
        return started.status(true);
    }

    /** How the recording goes, or how the last one went; empty if there was none. */
    public Optional<RecordingStatus> recording(boolean watcher) {
        Recorder last = lastRecorder;
        if (last == null) {
            return Optional.empty();
        }
        RecordingStatus status = last.status(watcher);
        if (!status.running()) {
            forget(last);
        }
        return Optional.of(status);
    }

    private synchronized void forget(Recorder ended) {
        if (recorder == ended) {
            recorder = null;
        }
    }

    /** Ends the recording; empty if there was none. */
    public Optional<RecordingStatus> endRecording() {
        Recorder last = lastRecorder;
        if (last == null) {
            return Optional.empty();
        }
        boolean running = !last.isEnded();
        last.stop();
        forget(last);
        RecordingStatus status = last.status(false);
        if (running) {
            LOG.info("recording to {} ended with {} publishes", status.file(), status.publishes());
        }
        return Optional.of(status);
    }

    /**
     * Begins to play back.
     *
     * @throws RecordingException in words
     */
    public synchronized ReplayStatus replay(ReplayOrder order) throws RecordingException {
        Replay now = replay;
        if (now != null && !now.isEnded()) {
            throw new RecordingException("%s is being played back already; stop that first"
                    .formatted(now.file().getFileName()));
        }
        Replay started = Replay.start(order, publisher, topics);
        replay = started;
        ReplayStatus status = started.status();
        LOG.info("replay of {} below {} at speed {}", status.file(), status.prefix(), status.speed());
        return status;
    }

    /** How the replay goes, or how the last one went; empty if there was none. */
    public Optional<ReplayStatus> replaying() {
        return Optional.ofNullable(replay).map(Replay::status);
    }

    /** Ends the replay; empty if there was none. */
    public Optional<ReplayStatus> endReplay() {
        Replay last = replay;
        if (last != null) {
            last.stop();
        }
        return replaying();
    }

    /** What is in the broker's own directory, the newest first; one that is being recorded is not. */
    public List<Listed> list() {
        List<Listed> all = new ArrayList<>();
        Recorder now = recorder;
        String writing = now == null || now.isEnded() ? "" : now.status(false).file();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.getFileName().toString().endsWith(EXTENSION))
                    .filter(file ->
                            !file.toAbsolutePath().normalize().toString().equals(writing))
                    .forEach(file -> all.add(look(file)));
        } catch (IOException e) {
            // There is no such directory before the first recording.
            return List.of();
        }
        seen.keySet().removeIf(file -> !Files.exists(file));
        all.sort(Comparator.comparing(Listed::start).reversed().thenComparing(Listed::name));
        return all;
    }

    private Listed look(Path file) {
        long bytes = 0;
        long modified = 0;
        try {
            bytes = Files.size(file);
            modified = Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            // What is wrong with it is said below.
        }
        Seen before = seen.get(file);
        if (before == null || before.bytes() != bytes || before.modified() != modified) {
            before = new Seen(bytes, modified, read(file, bytes));
            seen.put(file, before);
        }
        return before.listed();
    }

    private static Listed read(Path file, long bytes) {
        String name = file.getFileName().toString();
        Instant start = Instant.EPOCH;
        try (Recording recording = Recording.open(file)) {
            start = recording.header().start();
            RecordingSummary summary = RecordingSummary.of(recording);
            return new Listed(
                    name, start, bytes, summary.millis(), summary.publishes(), summary.users(), Optional.empty());
        } catch (RecordingException e) {
            return new Listed(name, start, bytes, 0, 0, List.of(), Optional.of(e.getMessage()));
        }
    }

    /**
     * A recording in the broker's own directory.
     *
     * @throws RecordingException if there is none of this name
     */
    public Path listed(String name) throws RecordingException {
        // Only a plain name: it comes from a request.
        boolean plain = name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}") && name.endsWith(EXTENSION);
        Path file = plain ? directory.resolve(name) : directory;
        if (!plain || !Files.isRegularFile(file)) {
            throw new RecordingException("there is no recording \"%s\"".formatted(name));
        }
        return file.toAbsolutePath().normalize();
    }

    @Override
    public void close() {
        endRecording();
        endReplay();
    }
}
