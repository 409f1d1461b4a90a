package labchat.client.ui;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import labchat.client.session.ChatSession;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.client.session.SessionState;
import labchat.client.ui.Output.OutputException;
import labchat.client.wire.WireEntry;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;

/**
 * Brings the model, the screen and the session together. The model belongs to one thread; lines, keys, events of the
 * session and the passing of time all queue there, and their effects are carried out there in order. A message's text is
 * thus on the screen before its read receipt is sent.
 */
final class ChatLoop implements AutoCloseable {

    private static final long TICK_MILLIS = 250;

    /** How long leaving waits for the server. */
    private static final Duration LAST_ACKNOWLEDGEMENTS = Duration.ofSeconds(3);

    private final ChatModel model;
    private final ChatView view;
    private final Screen screen;
    private final Optional<WireDisplay> wire;
    private final Clock clock;
    private final ScheduledExecutorService thread;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<ChatResult> result = new CompletableFuture<>();
    private ChatSession session;
    private final Set<CompletableFuture<?>> asked = ConcurrentHashMap.newKeySet();
    private volatile CompletableFuture<Void> released = CompletableFuture.completedFuture(null);
    private volatile List<ChatId> contactIds = List.of();
    private volatile List<RoomInfo> rooms = List.of();
    private volatile boolean leaving;

    ChatLoop(ChatModel model, ChatView view, Screen screen, Optional<WireDisplay> wire, Clock clock) {
        this.wire = wire;
        this.model = model;
        this.view = view;
        this.screen = screen;
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "labchat-chat");
            made.setDaemon(true);
            return made;
        });
    }

    /** Starts the session; returns when it is connected for the first time, or the chat is over already. */
    void start(ChatSession toStart) {
        session = toStart;
        result.thenRun(() -> connected.complete(null));
        wire.ifPresent(display -> display.watch(entry -> later(() -> packet(display, entry))));
        session.start();
        connected.join();
        thread.scheduleAtFixedRate(
                () -> guarded(() -> apply(model.tick(clock.instant()))),
                TICK_MILLIS,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void packet(WireDisplay display, WireEntry entry) {
        if (display.isOn()) {
            print(display.text(entry, view.color(), view.unicode()));
        }
    }

    /** Prints lines that are no entry of the transcript. */
    void say(List<String> lines) {
        now(() -> {
            lines.forEach(this::print);
            return null;
        });
    }

    private void print(String text) {
        try {
            screen.print(text);
        } catch (OutputException e) {
            end(new ChatResult.OutputLost(e));
        }
    }

    /** The session's listener. */
    void session(SessionEvent event) {
        later(() -> {
            apply(model.session(event, clock.instant()));
            if (event instanceof SessionEvent.Connected) {
                connected.complete(null);
            }
        });
    }

    /** A line was typed; returns when all that follows from it is done, so that the next prompt is right. */
    void line(String line) {
        now(() -> model.parse(line)).ifPresent(this::input);
    }

    /** The same for what was chosen in another way. */
    void input(UserInput input) {
        now(() -> {
            apply(model.input(input, clock.instant()));
            return null;
        });
        if (leaving) {
            leave();
        }
    }

    /** Waits until the server has answered all that was asked so far, or will not. */
    void awaitAnswers() {
        CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new)).join();
    }

    /** Waits a little until what came with the connection has been shown. */
    void awaitMissed() {
        CompletableFuture.anyOf(released, result)
                .completeOnTimeout(null, LAST_ACKNOWLEDGEMENTS.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Lets go of what is held back, before an end that will not wait. */
    void showAll() {
        now(() -> {
            apply(model.leaving(clock.instant()));
            return null;
        });
    }

    /** A key was pressed. */
    void key(String line) {
        later(() -> apply(model.key(line, clock.instant())));
    }

    /** Prints a line of the client's own. */
    void show(ChatLine line) {
        now(() -> {
            apply(List.of(new Effect.Show(line)));
            return null;
        });
    }

    /** Prints a line of the client's own, some time soon. */
    void note(String text) {
        later(() -> apply(List.of(new Effect.Show(new ChatLine.Note(text)))));
    }

    /** Asks the model something, on its thread. */
    <T> Optional<T> ask(Function<ChatModel, T> question) {
        return now(() -> question.apply(model));
    }

    /** The ids that can be completed, as they were a moment ago. Unlike {@link #ask} it never waits. */
    List<ChatId> contactIds() {
        return contactIds;
    }

    /** The rooms there are, as they were a moment ago. Unlike {@link #ask} it never waits. */
    List<RoomInfo> rooms() {
        return rooms;
    }

    /**
     * Ends the chat as its user wants it: after what was typed last has been acknowledged or refused, and that was
     * shown. Without a connection there is nothing to wait for.
     */
    void leave() {
        awaitAnswers();
        showAll();
        try {
            if (session.state() == SessionState.CONNECTED) {
                session.drain(LAST_ACKNOWLEDGEMENTS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        now(() -> {
            end(new ChatResult.Left());
            return null;
        });
    }

    /** Ends the chat from outside the model. */
    void end(ChatResult how) {
        if (result.complete(how)) {
            screen.stopReading();
        }
    }

    boolean isOver() {
        return result.isDone();
    }

    /** How the chat ended; waits for that. */
    ChatResult result() {
        return result.join();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void later(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            // The chat is over; what comes now has nobody to tell.
            return;
        }
    }

    private <T> Optional<T> now(Supplier<T> task) {
        CompletableFuture<Optional<T>> done = new CompletableFuture<>();
        result.thenRun(() -> done.complete(Optional.empty()));
        later(() -> {
            try {
                done.complete(Optional.ofNullable(task.get()));
            } catch (RuntimeException e) {
                done.complete(Optional.empty());
                throw e;
            }
        });
        return done.join();
    }

    private void guarded(Runnable task) {
        if (result.isDone()) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    private void apply(List<Effect> effects) {
        for (Effect effect : effects) {
            if (result.isDone()) {
                return;
            }
            effect.accept(new Performer());
        }
        if (model.isHolding() && released.isDone()) {
            released = new CompletableFuture<>();
        } else if (!model.isHolding()) {
            released.complete(null);
        }
        contactIds = model.contactIds();
        rooms = model.rooms();
    }

    /** Carries effects out. */
    private final class Performer implements Effect.Visitor {

        @Override
        public void show(ChatLine line) {
            print(view.render(line));
        }

        @Override
        public void wire(UserInput.Wire input) {
            if (wire.isEmpty()) {
                show(new ChatLine.Problem("there is no wire to look at here"));
                return;
            }
            WireDisplay display = wire.get();
            if (input.what() == UserInput.Wire.Do.COMMAND) {
                show(display.command(input.number()));
                return;
            }
            boolean before = display.isOn();
            display.switchTo(input.what() == UserInput.Wire.Do.SWITCH ? !before : input.what() == UserInput.Wire.Do.ON);
            if (!display.isOn()) {
                show(new ChatLine.Note("packets are no longer shown"));
            } else if (!before) {
                List<WireEntry> all = display.entries();
                all.subList(Math.max(0, all.size() - WireDisplay.SHOWN_AT_FIRST), all.size())
                        .forEach(entry -> print(display.text(entry, view.color(), view.unicode())));
                show(new ChatLine.Note(
                        "above, the last packets; each further one is shown. /wire hides them, /wire command tells how"
                                + " Mosquitto's programs do the same"));
            }
        }

        @Override
        public void publish(ChatEvent event) {
            // What becomes of it comes back as an event of the session.
            session.publish(event);
        }

        @Override
        public <A> void ask(Effect.Ask<A> question) {
            CompletableFuture<Void> dealtWith = new CompletableFuture<>();
            asked.add(dealtWith);
            // A chat that is over waits for nothing any more.
            result.thenRun(() -> dealtWith.complete(null));
            dealtWith.whenComplete((nothing, thrown) -> asked.remove(dealtWith));
            session.request(question.request())
                    .whenComplete((answer, thrown) -> later(() -> {
                        Instant now = clock.instant();
                        apply(
                                thrown == null
                                        ? question.then().answered(answer, now)
                                        : question.then().failed(SessionFailure.of(thrown), now));
                        dealtWith.complete(null);
                    }));
        }

        @Override
        public void typing(Set<ChatId> ids) {
            try {
                screen.typing(ids, view.typing(ids));
            } catch (OutputException e) {
                end(new ChatResult.OutputLost(e));
            }
        }

        @Override
        public void leave(Optional<SessionFailure> failure) {
            if (failure.isPresent()) {
                end(new ChatResult.Failed(failure.get()));
            } else {
                leaving = true;
            }
        }
    }
}
