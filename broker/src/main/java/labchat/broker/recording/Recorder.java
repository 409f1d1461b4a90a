package labchat.broker.recording;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.protocol.topic.ChatTopics;

/**
 * One recording. Connections only put their packets in a bounded queue; a thread of its own gives them other names and
 * writes them. What does not fit is left out and counted.
 */
final class Recorder implements BrokerEventListener {

    private static final int CAPACITY = 1 << 14;
    private static final long LARGEST = 1L << 30;
    private static final long LOOK_MILLIS = 200;

    /** How long somebody who watches may be silent. */
    static final Duration SILENCE = Duration.ofSeconds(60);

    private static final ClientIdentity SERVER = new ClientIdentity(Optional.of(Pseudonyms.SERVER), "", "");

    private final RecordingOrder order;
    private final ChatTopics topics;
    private final Clock clock;
    private final Instant start;
    private final Pseudonyms names;
    private final Mask mask;
    private final BufferedWriter out;
    private final BlockingQueue<PacketTrace> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong missing = new AtomicLong();
    private final Thread thread;

    private volatile boolean stopping;
    private volatile boolean ended;
    private volatile Instant end;
    private volatile Instant askedLast;
    private volatile long publishes;
    private volatile long bytes;
    private volatile long dropped;
    private volatile Optional<String> problem = Optional.empty();

    private Recorder(
            RecordingOrder order, ChatTopics topics, Clock clock, Instant start, Pseudonyms names, BufferedWriter out) {
        this.order = order;
        this.topics = topics;
        this.clock = clock;
        this.start = start;
        this.askedLast = start;
        this.names = names;
        this.mask = new Mask(names, topics.root(), order.keepTexts());
        this.out = out;
        this.thread = new Thread(this::run, "labchat-recording");
        this.thread.setDaemon(true);
    }

    /**
     * Makes the file, for its owner's eyes only, and begins.
     *
     * @throws RecordingException in words: the file is there already, or cannot be made
     */
    static Recorder start(RecordingOrder order, ChatTopics topics, Pseudonyms names, Clock clock)
            throws RecordingException {
        Instant start = clock.instant();
        Path file = order.file();
        try {
            BufferedWriter out = new BufferedWriter(
                    new OutputStreamWriter(
                            Channels.newOutputStream(Files.newByteChannel(
                                    file,
                                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                    ownerOnly(file))),
                            StandardCharsets.UTF_8),
                    1 << 16);
            Recorder recorder = new Recorder(order, topics, clock, start, names, out);
            try {
                recorder.write(RecordingLines.header(new Recording.Header(topics.root(), start, order.keepTexts())));
                out.flush();
            } catch (IOException e) {
                out.close();
                throw e;
            }
            recorder.thread.start();
            return recorder;
        } catch (FileAlreadyExistsException e) {
            throw new RecordingException("%s exists; name another file, or remove it first".formatted(file), e);
        } catch (NoSuchFileException e) {
            throw new RecordingException(
                    "%s: there is no directory %s; make it first".formatted(file, file.getParent()), e);
        } catch (AccessDeniedException e) {
            throw new RecordingException(
                    "%s: the user that the broker runs as (%s) may not write there; name a file without a directory, which goes into the broker's own"
                            .formatted(file, System.getProperty("user.name")),
                    e);
        } catch (IOException e) {
            throw new RecordingException("%s: %s".formatted(file, reason(e)), e);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        if (reason == null) {
            return "cannot be written";
        }
        return reason.contains("No space left") ? "the disk is full" : reason;
    }

    @Override
    public void onEvent(BrokerEvent event) {
        // Every event is made of packets.
    }

    @Override
    public void onPacket(PacketTrace packet) {
        if (!stopping && isWanted(packet) && !queue.offer(packet)) {
            missing.incrementAndGet();
        }
    }

    @Override
    public boolean wantsPayload() {
        return true;
    }

    /** Something that the server has published about somebody; any thread. */
    void published(String topic, byte[] payload, int qos) {
        onPacket(new PacketTrace(
                clock.instant(),
                SERVER,
                true,
                "PUBLISH",
                topic,
                qos,
                false,
                false,
                0,
                0,
                -1,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new String(payload, StandardCharsets.UTF_8))));
    }

    private boolean isWanted(PacketTrace packet) {
        if (packet.type().startsWith("PING")) {
            return false;
        }
        if (order.users().isEmpty()) {
            return true;
        }
        if (packet.client().user().filter(order.users()::contains).isPresent()) {
            return true;
        }
        if (!packet.inbound() || !packet.type().equals("PUBLISH")) {
            return false;
        }
        // What others write to them.
        return packet.chat().isPresent()
                ? order.users().contains(packet.chat().get().receiver())
                : topics.parseServerTopic(packet.topic())
                        .filter(topic -> order.users().contains(topic.id().value()))
                        .isPresent();
    }

    private void run() {
        Instant over = start.plus(order.length());
        try {
            while (!stopping) {
                PacketTrace packet = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (packet != null) {
                    write(packet);
                }
                if (queue.isEmpty()) {
                    noteMissing();
                    out.flush();
                }
                Instant now = clock.instant();
                if (!now.isBefore(over)) {
                    break;
                }
                if (order.watched() && askedLast.plus(SILENCE).isBefore(now)) {
                    throw new RecordingException(
                            "the command that had asked for it went away without ending it; what came until then is there");
                }
                if (bytes > LARGEST) {
                    throw new RecordingException(
                            "the file has reached 1 GiB, which is the most; what came until then is there");
                }
            }
            stopping = true;
            for (PacketTrace packet = queue.poll(); packet != null; packet = queue.poll()) {
                write(packet);
            }
            noteMissing();
            end = clock.instant();
            write(RecordingLines.end(millis(end), "as it was asked for"));
            out.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp("it was interrupted");
        } catch (IOException e) {
            giveUp(e instanceof RecordingException ? e.getMessage() : order.file() + ": " + reason(e));
        } catch (RuntimeException e) {
            giveUp("it failed: " + e);
        } finally {
            ended = true;
        }
    }

    private void giveUp(String why) {
        stopping = true;
        end = clock.instant();
        problem = Optional.of(why);
        try {
            out.close();
        } catch (IOException e) {
            // What could not be written stays unwritten; that is said already.
        }
    }

    private void write(PacketTrace packet) throws IOException {
        write(RecordingLines.packet(millis(packet.time()), packet, names, mask));
        if (packet.inbound() && packet.type().equals("PUBLISH")) {
            publishes++;
        }
    }

    private void noteMissing() throws IOException {
        long count = missing.getAndSet(0);
        if (count > 0) {
            dropped += count;
            write(RecordingLines.dropped(millis(clock.instant()), count));
        }
    }

    private void write(String line) throws IOException {
        out.write(line);
        out.write('\n');
        bytes += line.length() + 1;
    }

    private long millis(Instant time) {
        return Math.max(0, Duration.between(start, time).toMillis());
    }

    /** Ends it; returns when the file is closed. */
    void stop() {
        stopping = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isEnded() {
        return ended;
    }

    /** @param watcher whether this is whoever had asked for the recording */
    RecordingStatus status(boolean watcher) {
        if (watcher) {
            askedLast = clock.instant();
        }
        Instant until = end == null ? clock.instant() : end;
        return new RecordingStatus(
                order.file().toString(),
                !ended,
                Duration.between(start, until),
                order.length(),
                publishes,
                bytes,
                dropped,
                problem);
    }
}
