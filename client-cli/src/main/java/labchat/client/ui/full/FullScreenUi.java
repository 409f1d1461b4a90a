package labchat.client.ui.full;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import labchat.client.options.Preferences;
import labchat.client.options.Preferences.Background;
import labchat.client.options.Preferences.Notify;
import labchat.client.session.ChatSession;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.client.session.SessionState;
import labchat.client.ui.ChatResult;
import labchat.client.ui.ChatUi;
import labchat.client.ui.Terminals;
import labchat.client.ui.WireDisplay;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatTopics;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp;

/**
 * The chat on the whole terminal. The calling thread is the screen's: it alone knows the model, and draws. Keys, what the
 * session tells, and answers queue for it; while nothing comes it sleeps.
 */
public final class FullScreenUi implements ChatUi, AutoCloseable {

    /** The smallest window it is offered in, in columns. */
    public static final int LEAST_COLUMNS = 60;

    /** The smallest window it is offered in, in rows. */
    public static final int LEAST_ROWS = 15;

    /** How long leaving waits for the server. */
    private static final Duration LAST_ACKNOWLEDGEMENTS = Duration.ofSeconds(3);

    /** How much is taken in before the next picture. */
    private static final int MOST_AT_ONCE = 500;

    /** Without a key pressed there are no more pictures than this. */
    private static final long BETWEEN_PICTURES_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Bells are not rung more often. */
    private static final Duration BETWEEN_BELLS = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final ScreenModel model;
    private final ChatTopics topics;
    private final Supplier<MessageUuid> uuids;
    private final Painter painter;
    private final ScreenView view = new ScreenView();
    private final Preferences.Keeper keeper;
    private final Clock clock;
    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Queue<Key> pressed = new ConcurrentLinkedQueue<>();
    private Optional<ChatResult> result = Optional.empty();
    private boolean leaving;
    private ChatSession session;
    private NetworkReaction network;
    private KeyReaction keys;
    private Frame frame;
    private Instant lastBell = Instant.MIN;
    private long drawn = System.nanoTime();

    /**
     * Who chats with whom.
     *
     * @param contacts that the user has listed; empty for the class's
     */
    public record Party(
            ChatId me,
            ChatTopics topics,
            Optional<List<ChatId>> contacts,
            Preferences preferences,
            Preferences.Keeper keeper) {}

    /**
     * What the terminal can show.
     *
     * @param color whether to colour
     * @param theme how
     * @param ask whether it can be asked for its background
     */
    record Looks(boolean color, Theme theme, boolean ask) {}

    FullScreenUi(Terminal terminal, Party party, Supplier<MessageUuid> uuids, Looks looks, ZoneId zone, Clock clock) {
        this.terminal = terminal;
        this.topics = party.topics();
        this.keeper = party.keeper();
        this.uuids = uuids;
        this.painter = new Painter(terminal, looks.color(), looks.theme().colors(), looks.ask());
        this.clock = clock;
        this.model = new ScreenModel(
                party.me(),
                party.contacts(),
                party.preferences(),
                looks.theme(),
                zone,
                terminal.getColumns(),
                terminal.getRows());
        if (!party.preferences().mouse()) {
            painter.mouse(false);
        }
    }

    /**
     * Takes over this process's terminal.
     *
     * @return empty if the terminal cannot do it, or its window is smaller than {@value #LEAST_COLUMNS} by
     *     {@value #LEAST_ROWS}
     */
    public static Optional<FullScreenUi> open(Party party, boolean color, Clock clock) throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .name("labchat")
                .system(true)
                .dumb(true)
                .graphemeCluster(false)
                .encoding(Terminals.charset(System.getenv()))
                .build();
        boolean capable = !terminal.getType().startsWith(Terminal.TYPE_DUMB)
                && terminal.getColumns() >= LEAST_COLUMNS
                && terminal.getRows() >= LEAST_ROWS;
        if (!capable) {
            terminal.close();
            return Optional.empty();
        }
        boolean unicode = terminal.encoding().newEncoder().canEncode("─│✓…●");
        Map<String, String> environment = System.getenv();
        Background wanted = party.preferences().background();
        Theme theme = new Theme(
                unicode,
                wanted == Background.AUTO ? BackgroundReply.of(environment) : wanted,
                Theme.colors(
                        environment,
                        Optional.ofNullable(terminal.getNumericCapability(InfoCmp.Capability.max_colors))));
        // The Linux console takes the question for something else.
        boolean ask = color && wanted == Background.AUTO && !terminal.getType().startsWith("linux");
        return Optional.of(new FullScreenUi(
                terminal, party, MessageUuid::random, new Looks(color, theme, ask), ZoneId.systemDefault(), clock));
    }

    /** The packets can be looked at; to be called before {@link #run}. */
    public void watch(WireDisplay display) {
        model.wire = Optional.of(display);
        display.watch(entry -> {
            if (display.isOn()) {
                // Nothing to do, but a picture follows.
                queue.add(() -> {});
            }
        });
    }

    @Override
    public ChatResult run(Function<Consumer<SessionEvent>, ChatSession> sessions) {
        Performer performer = new Performer();
        History history = new History(model, performer);
        InputReaction input = new InputReaction(model, uuids, performer, history, model.theme.unicode());
        network = new NetworkReaction(model, topics, performer, history);
        keys = new KeyReaction(model, performer, input, history);
        // A signal may end the process at any time.
        Thread atExit = new Thread(painter::leave, "labchat-terminal");
        Runtime.getRuntime().addShutdownHook(atExit);
        terminal.handle(Signal.WINCH, signal -> queue.add(this::resized));
        try {
            painter.enter();
            session = sessions.apply(event -> queue.add(() -> event.accept(network)));
            draw();
            session.start();
            startReading();
            while (result.isEmpty()) {
                takeIn();
                draw();
                if (leaving && result.isEmpty()) {
                    finish();
                }
            }
            return result.get();
        } catch (RuntimeException e) {
            painter.leave();
            throw CrashReport.write(
                    e, clock.instant(), model.columns, model.rows, Path.of(System.getProperty("java.io.tmpdir")));
        } finally {
            painter.leave();
            removeHook(atExit);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending; the hook does no harm.
            return;
        }
    }

    private void startReading() {
        KeyReader reader = new KeyReader(millis -> terminal.reader().read(millis));
        Thread thread = new Thread(
                () -> {
                    try {
                        Optional<Key> key = reader.next();
                        while (key.isPresent()) {
                            Key pressed = key.get();
                            this.pressed.add(pressed);
                            // Only to wake the screen's thread.
                            queue.add(() -> {});
                            key = reader.next();
                        }
                    } catch (IOException e) {
                        // The terminal is gone, as at its end.
                        queue.add(() -> end(new ChatResult.Left()));
                        return;
                    }
                    queue.add(() -> end(new ChatResult.Left()));
                },
                "labchat-keys");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for something, and does it and what has come with it. */
    private void takeIn() {
        try {
            Optional<Instant> deadline = network.nextTick();
            Runnable next;
            if (deadline.isPresent()) {
                long millis = Duration.between(clock.instant(), deadline.get()).toMillis();
                next = queue.poll(Math.max(1, millis), TimeUnit.MILLISECONDS);
            } else {
                next = queue.take();
            }
            // A key does not wait behind all that pours in, and what it has done is drawn at once. The rest is drawn
            // together with what comes within a few milliseconds, so that a flood costs no more pictures than one sees.
            int taken = 0;
            boolean keyed = takeKeys();
            while (next != null) {
                model.now = clock.instant();
                next.run();
                taken++;
                keyed |= takeKeys();
                if (keyed || taken >= MOST_AT_ONCE || result.isPresent()) {
                    break;
                }
                next = queue.poll(BETWEEN_PICTURES_NANOS - (System.nanoTime() - drawn), TimeUnit.NANOSECONDS);
            }
            model.now = clock.instant();
            network.tick();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(new ChatResult.Interrupted());
        }
    }

    /** True if there were any. */
    private boolean takeKeys() {
        boolean any = false;
        Key key = pressed.poll();
        while (key != null && result.isEmpty()) {
            any = true;
            model.now = clock.instant();
            key(key);
            key = pressed.poll();
        }
        return any;
    }

    private void draw() {
        drawn = System.nanoTime();
        model.now = clock.instant();
        frame = view.draw(model);
        if (!painter.paint(frame)) {
            end(new ChatResult.Left());
            return;
        }
        // Its text is on the screen by now.
        boolean news = frame.visible().stream().anyMatch(item -> !item.isSeen());
        if (news && model.focused) {
            keys.seen(frame.visible());
            frame = view.draw(model);
            painter.paint(frame);
        }
    }

    private void key(Key key) {
        if (key.code() == Key.Code.CLICK) {
            Conversation clicked =
                    key.column() < frame.listWidth() ? frame.clicks().get(key.row()) : null;
            if (clicked != null) {
                keys.click(clicked);
            }
        } else {
            keys.key(key, frame.listWidth());
        }
    }

    private void resized() {
        Size size = terminal.getSize();
        if (size.getColumns() > 0 && size.getRows() > 0) {
            model.columns = size.getColumns();
            model.rows = size.getRows();
            painter.forget();
        }
    }

    private void end(ChatResult how) {
        if (result.isEmpty()) {
            result = Optional.of(how);
        }
    }

    /** The user wants to leave: what was written last is acknowledged or refused first. */
    private void finish() {
        try {
            if (session.state() == SessionState.CONNECTED) {
                model.hint = Optional.of("leaving" + model.theme.dots());
                draw();
                session.drain(LAST_ACKNOWLEDGEMENTS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(new ChatResult.Left());
    }

    @Override
    public void note(Optional<ChatId> about, String text) {
        queue.add(() -> about.map(model::with).orElse(model.home).add(Item.said(Item.Kind.NOTE, text, model.now)));
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    /** Does what the reactions want done. */
    private final class Performer implements Outside {

        @Override
        public void publish(ChatEvent event) {
            boolean counted = event instanceof ChatMessage;
            if (counted) {
                model.waiting++;
            }
            session.publish(event)
                    .whenComplete((nothing, thrown) -> queue.add(() -> {
                        if (counted) {
                            model.waiting--;
                        }
                        if (thrown == null) {
                            network.acknowledged(event);
                        }
                    }));
        }

        @Override
        public <A> void ask(ServerRequest<A> request, Consumer<A> answered, Consumer<SessionFailure> failed) {
            session.request(request)
                    .whenComplete((answer, thrown) -> queue.add(() -> {
                        if (thrown == null) {
                            answered.accept(answer);
                        } else {
                            failed.accept(SessionFailure.of(thrown));
                        }
                    }));
        }

        @Override
        public void notify(String words) {
            if (model.notify != Notify.OFF && !model.now.isBefore(lastBell.plus(BETWEEN_BELLS))) {
                lastBell = model.now;
                painter.notify(model.notify == Notify.DESKTOP, words);
            }
        }

        @Override
        public Optional<String> keep(String name, String value) {
            return keeper.keep(name, value);
        }

        @Override
        public void mouse(boolean on) {
            painter.mouse(on);
        }

        @Override
        public void suspend() {
            painter.leave();
            try {
                // All of the job, as the terminal's own key would.
                new ProcessBuilder("/bin/sh", "-c", "kill -TSTP 0")
                        .redirectErrorStream(true)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                model.hint = Optional.of("this system cannot suspend a program");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                painter.enter();
                resized();
            }
        }

        @Override
        public void redraw() {
            painter.forget();
        }

        @Override
        public void leave(Optional<SessionFailure> failure) {
            if (failure.isPresent()) {
                end(new ChatResult.Failed(failure.get()));
            } else {
                leaving = true;
            }
        }

        @Override
        public void interrupt() {
            end(new ChatResult.Interrupted());
        }
    }
}
