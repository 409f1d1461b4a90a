package labchat.client.ui;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import labchat.client.session.ChatSession;
import labchat.client.session.SessionEvent;
import labchat.client.ui.Output.OutputException;
import labchat.protocol.identity.ChatId;

/** The chat without a terminal: lines come from a stream, one after another, and lines go to the output. */
public final class PlainUi implements ChatUi {

    private final ChatModel model;
    private final ChatView view;
    private final InputStream input;
    private final Output output;
    private final Clock clock;
    private volatile ChatLoop running;
    private final Optional<Menu> menu;
    private Optional<WireDisplay> wire = Optional.empty();

    /** Lines and commands. */
    public PlainUi(ChatModel model, ChatView view, InputStream input, Output output, Clock clock) {
        this(model, view, input, output, clock, false);
    }

    /** @param byNumbers whether the user chooses from menus instead of typing commands */
    public PlainUi(ChatModel model, ChatView view, InputStream input, Output output, Clock clock, boolean byNumbers) {
        this.menu = byNumbers ? Optional.of(new Menu()) : Optional.empty();
        if (byNumbers) {
            model.withoutCommands();
        }
        this.model = model;
        this.view = view;
        this.input = input;
        this.output = output;
        this.clock = clock;
    }

    /** The packets can be looked at; to be called before {@link #run}. */
    public void watch(WireDisplay display) {
        wire = Optional.of(display);
    }

    @Override
    public ChatResult run(Function<Consumer<SessionEvent>, ChatSession> sessions) {
        PlainScreen screen = new PlainScreen(output);
        try (ChatLoop loop = new ChatLoop(model, view, screen, wire, clock)) {
            running = loop;
            loop.start(sessions.apply(loop::session));
            if (!loop.isOver()) {
                Thread reader = new Thread(() -> read(loop), "labchat-input");
                reader.setDaemon(true);
                reader.start();
            }
            return loop.result();
        }
    }

    @Override
    public void note(Optional<ChatId> about, String text) {
        if (running != null) {
            running.note(text);
        }
    }

    private void read(ChatLoop loop) {
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
            menu.ifPresent(numbers -> loop.say(numbers.start()));
            String line = lines.readLine();
            while (line != null && !loop.isOver()) {
                if (menu.isPresent()) {
                    chosen(menu.get(), line, loop);
                } else {
                    loop.line(line);
                }
                // Nobody can see an answer before typing the next line, which may build on it.
                loop.awaitAnswers();
                line = lines.readLine();
            }
        } catch (IOException e) {
            loop.show(new ChatLine.Problem("cannot read standard input: " + e.getMessage()));
        }
        loop.awaitMissed();
        loop.leave();
    }

    private static void chosen(Menu menu, String line, ChatLoop loop) {
        Menu.Step step = menu.line(
                line,
                loop.ask(ChatModel::contacts).orElse(List.of()),
                loop.ask(ChatModel::rooms).orElse(List.of()));
        step.input().ifPresent(loop::input);
        loop.awaitAnswers();
        loop.say(menu.answered(step, loop.ask(ChatModel::rooms).orElse(List.of())));
    }

    /** Plain lines; one for each who begins to type. */
    private static final class PlainScreen implements Screen {
        private final Output output;
        private final Set<ChatId> typing = new HashSet<>();

        PlainScreen(Output output) {
            this.output = output;
        }

        @Override
        public void print(String text) throws OutputException {
            output.line(text);
        }

        @Override
        public void typing(Set<ChatId> ids, String words) throws OutputException {
            boolean somebodyBegan = typing.addAll(ids);
            typing.retainAll(ids);
            if (somebodyBegan) {
                output.line(words);
            }
        }

        @Override
        public void stopReading() {
            // A blocked read of standard input cannot be ended; its thread does not hold up the process.
        }
    }
}
