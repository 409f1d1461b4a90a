package labchat.client.ui;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import labchat.client.session.ChatSession;
import labchat.client.session.SessionEvent;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.Widget;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The chat on a terminal: a line to edit, with history and completion; all that happens appears above it. The calling
 * thread reads, the chat's own thread prints.
 */
public final class TerminalUi implements ChatUi, AutoCloseable {

    private static final int HISTORY_LINES = 500;

    private final Terminal terminal;
    private final ChatModel model;
    private final ChatView view;
    private final Clock clock;
    private volatile ChatLoop running;
    private Optional<WireDisplay> wire = Optional.empty();

    TerminalUi(Terminal terminal, ChatModel model, ChatView view, Clock clock) {
        this.terminal = terminal;
        this.model = model;
        this.view = view;
        this.clock = clock;
    }

    /**
     * Takes over this process's terminal.
     *
     * @param views makes the view, told whether the terminal can show more than ASCII
     * @return empty if the terminal cannot edit lines
     */
    public static Optional<TerminalUi> open(ChatModel model, Function<Boolean, ChatView> views, Clock clock)
            throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .name("labchat")
                .system(true)
                .dumb(true)
                .graphemeCluster(false)
                .encoding(Terminals.charset(System.getenv()))
                .build();
        if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            terminal.close();
            return Optional.empty();
        }
        boolean unicode = terminal.encoding().newEncoder().canEncode("→✓…");
        return Optional.of(new TerminalUi(terminal, model, views.apply(unicode), clock));
    }

    /** The packets can be looked at; to be called before {@link #run}. */
    public void watch(WireDisplay display) {
        wire = Optional.of(display);
    }

    @Override
    public ChatResult run(Function<Consumer<SessionEvent>, ChatSession> sessions) {
        Completion completion = new Completion();
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("labchat")
                .parser(new DefaultParser()
                        .escapeChars(new char[0])
                        .quoteChars(new char[0])
                        .eofOnUnclosedQuote(false))
                .option(Option.DISABLE_EVENT_EXPANSION, true)
                .option(Option.ERASE_LINE_ON_FINISH, true)
                .option(Option.HISTORY_IGNORE_DUPS, true)
                .option(Option.INSERT_TAB, false)
                .option(Option.AUTO_FRESH_LINE, true)
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .completer(completion)
                .build();
        Reading reading = new Reading(
                (LineReaderImpl) reader, Thread.currentThread(), () -> view.prompt(model.me(), model.partner()));
        // Keys pressed between two lines are kept for the next line; echoed beside it, they would spoil the screen.
        Attributes before = terminal.getAttributes();
        Attributes silent = new Attributes(before);
        silent.setLocalFlag(LocalFlag.ECHO, false);
        terminal.setAttributes(silent);
        try (ChatLoop loop = new ChatLoop(model, view, reading, wire, clock)) {
            completion.loop = loop;
            hintOnKeys(reader, loop);
            running = loop;
            loop.start(sessions.apply(loop::session));
            read(reader, loop, reading);
            return loop.result();
        } finally {
            terminal.setAttributes(before);
        }
    }

    @Override
    public void note(Optional<ChatId> about, String text) {
        if (running != null) {
            running.note(text);
        }
    }

    private void read(LineReader reader, ChatLoop loop, Reading reading) {
        while (!loop.isOver()) {
            String prompt = loop.ask(m -> view.prompt(m.me(), m.partner())).orElse("");
            try {
                String line = reader.readLine(reading.promptFor(prompt));
                loop.line(line);
            } catch (EndOfFileException e) {
                loop.leave();
            } catch (UserInterruptException e) {
                // Also how a read ends that stopReading interrupts; then the result stands already.
                loop.showAll();
                loop.end(new ChatResult.Interrupted());
            }
        }
        reading.finished();
    }

    /** Tells the loop of every key that changes the line. */
    private static void hintOnKeys(LineReader reader, ChatLoop loop) {
        for (String name : List.of(
                LineReader.SELF_INSERT, LineReader.BACKWARD_DELETE_CHAR, LineReader.YANK, LineReader.BEGIN_PASTE)) {
            Widget original = reader.getWidgets().get(name);
            if (original != null) {
                reader.getWidgets().put(name, () -> {
                    boolean done = original.apply();
                    loop.key(reader.getBuffer().toString());
                    return done;
                });
            }
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    /** Completes ids and commands. It holds the reader's lock, which printing needs, so it waits for nobody. */
    private static final class Completion implements Completer {
        private volatile ChatLoop loop;

        @Override
        public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
            String typed = line.line();
            String first = line.words().isEmpty() ? "" : line.words().get(0);
            if (line.wordIndex() == 0) {
                for (String command : UserInput.COMMANDS) {
                    candidates.add(candidate(command));
                }
                if (!typed.startsWith("/")) {
                    ids().forEach(id -> candidates.add(candidate(id + ":")));
                    rooms(RoomInfo::joined).forEach(id -> candidates.add(candidate(id + ":")));
                }
            } else if (line.wordIndex() == 1) {
                secondWords(first).forEach(word -> candidates.add(candidate(word)));
            } else if (line.wordIndex() == 2) {
                thirdWords(first).forEach(word -> candidates.add(candidate(word)));
            }
        }

        private List<String> secondWords(String command) {
            return switch (command) {
                case "/checklist" -> words(ids(), List.of());
                case "/receipts", "/typing" -> List.of("on", "off");
                case "/to" -> words(ids(), rooms(RoomInfo::joined));
                case "/who" -> words(ids(), rooms(room -> true));
                case "/invite", "/remove" -> words(ids(), List.of());
                case "/join" -> words(List.of(), rooms(room -> !room.joined()));
                case "/leave" -> words(List.of(), rooms(RoomInfo::joined));
                case "/history" -> List.of("more");
                case "/search" -> List.of("all:");
                case "/wire" -> List.of("on", "off", "command");
                default -> List.of();
            };
        }

        private List<String> thirdWords(String command) {
            return switch (command) {
                case "/invite", "/remove" -> words(List.of(), rooms(RoomInfo::joined));
                case "/create" -> List.of("private");
                default -> List.of();
            };
        }

        private static List<String> words(List<ChatId> users, List<ChatId> rooms) {
            return Stream.concat(users.stream(), rooms.stream())
                    .map(ChatId::value)
                    .toList();
        }

        private List<ChatId> rooms(Predicate<RoomInfo> wanted) {
            return loop.rooms().stream().filter(wanted).map(RoomInfo::id).toList();
        }

        private List<ChatId> ids() {
            return loop.contactIds();
        }

        private static Candidate candidate(String value) {
            return new Candidate(value, value, null, null, null, null, true);
        }
    }

    /**
     * The screen around the line being edited. Who is typing stands as a line of its own above the prompt, as a part of
     * it, so that it comes and goes without moving anything else.
     */
    private static final class Reading implements Screen {
        private final LineReaderImpl reader;
        private final Thread readingThread;
        private final Supplier<String> prompts;
        private String prompt = "";
        private String typing = "";
        private boolean finished;

        /** @param prompts the prompt as it should be now; called on the chat's thread */
        Reading(LineReaderImpl reader, Thread readingThread, Supplier<String> prompts) {
            this.reader = reader;
            this.readingThread = readingThread;
            this.prompts = prompts;
        }

        @Override
        public void print(String text) {
            // An answer of the server's may have changed whom one is talking to.
            synchronized (this) {
                prompt = prompts.get();
            }
            reader.setPrompt(fullPrompt());
            reader.printAbove(text);
        }

        @Override
        public void typing(Set<ChatId> ids, String words) {
            synchronized (this) {
                typing = words;
            }
            reader.setPrompt(fullPrompt());
            try {
                reader.callWidget(LineReader.REDISPLAY);
            } catch (IllegalStateException e) {
                // Nothing is being read at this moment; the next prompt shows it.
                return;
            }
        }

        /** The prompt of the next line. */
        String promptFor(String text) {
            synchronized (this) {
                prompt = text;
            }
            return fullPrompt();
        }

        private synchronized String fullPrompt() {
            return typing.isEmpty() ? prompt : typing + "\n" + prompt;
        }

        @Override
        public synchronized void stopReading() {
            if (!finished && Thread.currentThread() != readingThread) {
                readingThread.interrupt();
            }
        }

        /** From here on the reading thread is not to be interrupted. */
        synchronized void finished() {
            finished = true;
            // An interrupt that came between two reads has done its work.
            Thread.interrupted();
        }
    }
}
