package labchat.client.ui.full;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import labchat.client.options.Preferences.Background;
import labchat.client.ui.TypingThrottle;
import labchat.client.ui.UserInput;
import labchat.client.ui.full.ScreenModel.Mode;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;

/** What keys and the mouse do to the model. */
final class KeyReaction {

    private static final int WHEEL_ROWS = 3;
    private static final int MOST_REMEMBERED = 200;

    private final ScreenModel model;
    private final Outside outside;
    private final InputReaction input;
    private final History history;
    private final TypingThrottle throttle = new TypingThrottle();
    private final List<String> remembered = new ArrayList<>();
    private int recalled;
    /** What stood in the input before the question came that is on the screen. */
    private String before = "";

    KeyReaction(ScreenModel model, Outside outside, InputReaction input, History history) {
        this.model = model;
        this.outside = outside;
        this.input = input;
        this.history = history;
    }

    /** The screen shows these, so they have been read. */
    void seen(List<Item> visible) {
        if (!model.focused) {
            return;
        }
        for (Item item : visible) {
            if (model.current.see(item) && model.receipts) {
                MessageId id = item.id().orElseThrow();
                Optional<ChatId> room = id.receiver().equals(model.me) ? Optional.empty() : Optional.of(id.receiver());
                outside.publish(new Receipt(ChatKind.READ, model.me, id.sender(), id.uuid(), room));
            }
        }
    }

    /** The list is at the left; this is what a click on one of its rows means. */
    void click(Conversation conversation) {
        model.mode = Mode.CHAT;
        model.hint = Optional.empty();
        input.open(conversation);
    }

    /** A key, or what else a terminal sends. */
    void key(Key key, int listWidth) {
        switch (key.code()) {
            case FOCUS_IN -> model.focused = true;
            case FOCUS_OUT -> model.focused = false;
            case BACKGROUND -> background(key.text());
            case WHEEL_UP -> wheel(key, listWidth, -1);
            case WHEEL_DOWN -> wheel(key, listWidth, 1);
            default -> {
                model.hint = Optional.empty();
                if (!always(key)) {
                    switch (model.mode) {
                        case HELP -> help(key);
                        case CONFIRM -> confirm(key);
                        case JUMP -> jump(key);
                        case SEARCH -> search(key);
                        case SELECT -> select(key);
                        default -> chat(key);
                    }
                }
            }
        }
    }

    /** The terminal's answer counts only where the user has set nothing. */
    private void background(String answer) {
        if (model.background == Background.AUTO) {
            BackgroundReply.parse(answer).ifPresent(is -> model.theme = model.theme.on(is));
        }
    }

    private void wheel(Key key, int listWidth, int direction) {
        if (key.column() < listWidth) {
            int most = Math.max(0, model.list().size() - (model.rows - 1));
            int top = model.listTop.orElse(0) + direction * WHEEL_ROWS;
            model.listTop = Optional.of(Math.max(0, Math.min(most, top)));
        } else if (model.mode == Mode.CHAT || model.mode == Mode.SELECT) {
            scroll(direction * WHEEL_ROWS);
        } else {
            move(direction);
        }
    }

    /** Negative is up, to what is older. */
    private void scroll(int rows) {
        Transcript transcript = new Transcript(model, model.current, ScreenView.paneWidth(model));
        if (rows > 0) {
            transcript.down(rows);
        } else if (transcript.up(-rows, ScreenView.paneHeight(model))) {
            history.older(model.current);
        }
    }

    /** Keys that mean the same wherever one is; false if it is none of them. */
    private boolean always(Key key) {
        String letter = key.text().toLowerCase(Locale.ROOT);
        if (key.code() == Key.Code.CTRL) {
            switch (letter) {
                case "c", "d" -> {
                    if (model.mode != Mode.CHAT) {
                        back();
                    } else if (model.current.composer().isEmpty()) {
                        if (letter.equals("c")) {
                            outside.interrupt();
                        } else {
                            outside.leave(Optional.empty());
                        }
                    } else if (letter.equals("c")) {
                        model.current.composer().set("");
                    } else {
                        model.current.composer().delete();
                    }
                }
                case "z" -> outside.suspend();
                case "l" -> outside.redraw();
                case "k" -> enter(Mode.JUMP);
                case "r" -> enter(Mode.SEARCH);
                default -> {
                    return false;
                }
            }
            return true;
        }
        if (key.code() == Key.Code.ALT && letter.matches("[1-9]")) {
            List<Conversation> list = model.list();
            // The client's own page stands before the first.
            int index = Integer.parseInt(letter);
            if (index < list.size()) {
                click(list.get(index));
            }
            return true;
        }
        if (key.code() == Key.Code.ALT && letter.equals("a")) {
            model.list().stream()
                    .filter(c -> c.unread() > 0 && c != model.current)
                    .findFirst()
                    .ifPresentOrElse(this::click, () -> model.hint = Optional.of("nothing new anywhere else"));
            return true;
        }
        switch (key.code()) {
            case HELP -> input.help();
            case PREVIOUS -> neighbour(-1);
            case NEXT -> neighbour(1);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void enter(Mode mode) {
        if (model.mode == Mode.CONFIRM) {
            back();
        }
        model.mode = mode;
        model.query.set("");
        model.chosen = 0;
        model.found = Optional.empty();
    }

    private void back() {
        if (model.mode == Mode.CONFIRM) {
            model.current.composer().set(before);
            model.toAll = Optional.empty();
        }
        if (model.mode == Mode.SELECT) {
            model.selected = Optional.empty();
            model.current.follow();
        }
        model.mode = Mode.CHAT;
    }

    private void neighbour(int step) {
        List<Conversation> list = model.list();
        int at = list.indexOf(model.current) + step;
        if (at >= 0 && at < list.size()) {
            click(list.get(at));
        }
    }

    private void help(Key key) {
        switch (key.code()) {
            case UP -> move(-1);
            case DOWN -> move(1);
            case PAGE_UP -> move(-ScreenView.paneHeight(model));
            case PAGE_DOWN, ENTER -> move(ScreenView.paneHeight(model));
            case TEXT -> {
                back();
                chat(key);
            }
            default -> back();
        }
    }

    /** In a page of help, or among things to choose from. */
    private void move(int step) {
        if (model.mode == Mode.HELP) {
            int most = Math.max(0, HelpPage.rows(ScreenView.paneWidth(model)).size() - ScreenView.paneHeight(model));
            model.scroll = Math.max(0, Math.min(most, model.scroll + step));
            return;
        }
        int count = model.mode == Mode.JUMP
                ? model.matches().size()
                : model.found.map(List::size).orElse(0);
        model.chosen = Math.max(0, Math.min(count - 1, model.chosen + step));
    }

    private void confirm(Key key) {
        if (key.code() == Key.Code.ENTER) {
            String text = model.toAll.orElseThrow();
            model.toAll = Optional.empty();
            model.mode = Mode.CHAT;
            input.sendToAll(text);
        } else {
            back();
        }
    }

    private void jump(Key key) {
        switch (key.code()) {
            case ENTER, TAB -> {
                List<Conversation> matches = model.matches();
                if (!matches.isEmpty()) {
                    click(matches.get(Math.min(model.chosen, matches.size() - 1)));
                }
            }
            case UP -> move(-1);
            case DOWN -> move(1);
            case ESCAPE -> back();
            default -> {
                edit(key, model.query);
                model.chosen = 0;
            }
        }
    }

    private void search(Key key) {
        switch (key.code()) {
            case ENTER -> {
                if (model.found.filter(found -> !found.isEmpty()).isPresent()) {
                    HistoryEntry hit = model.found.get().get(model.chosen);
                    boolean mine = hit.message().sender().equals(model.me);
                    click(model.with(
                            hit.room() || mine
                                    ? hit.message().receiver()
                                    : hit.message().sender()));
                    history.goTo(hit);
                } else if (!model.query.text().isBlank()) {
                    input.search(model.current.with(), model.query.text().strip());
                }
            }
            case UP -> move(-1);
            case DOWN -> move(1);
            case PAGE_UP -> move(-ScreenView.paneHeight(model));
            case PAGE_DOWN -> move(ScreenView.paneHeight(model));
            case ESCAPE -> back();
            default -> {
                edit(key, model.query);
                model.found = Optional.empty();
            }
        }
    }

    private void chat(Key key) {
        Composer composer = model.current.composer();
        switch (key.code()) {
            case ENTER -> send();
            case NEW_LINE -> composer.insert("\n");
            case TAB -> complete();
            case UP -> {
                if (!composer.up() && composer.isEmpty()) {
                    neighbour(-1);
                }
            }
            case DOWN -> {
                if (!composer.down() && composer.isEmpty()) {
                    neighbour(1);
                }
            }
            case PAGE_UP -> scroll(-Math.max(1, ScreenView.paneHeight(model) - 1));
            case PAGE_DOWN -> scroll(Math.max(1, ScreenView.paneHeight(model) - 1));
            case END -> {
                if (composer.isEmpty()) {
                    model.current.follow();
                } else {
                    composer.end();
                }
            }
            case ESCAPE -> {
                if (model.current.anchor().isPresent()) {
                    model.current.follow();
                } else if (model.current.leftOff().isPresent()) {
                    model.current.forgetLeftOff();
                } else {
                    click(model.home);
                }
            }
            case ALT -> alt(key.text().toLowerCase(Locale.ROOT));
            default -> edit(key, composer);
        }
    }

    private void alt(String letter) {
        Composer composer = model.current.composer();
        switch (letter) {
            case "s" -> {
                String text = composer.text();
                if (text.isBlank()) {
                    model.hint = Optional.of("write the text first, then Alt-S sends it to all");
                } else {
                    before = text;
                    if (input.line("/all " + text)) {
                        composer.set("");
                    }
                }
            }
            case "r" -> enterSelect();
            case "w" -> input.line("/wire");
            case "m" -> input.wireCommand();
            case "b" -> composer.wordLeft();
            case "f" -> composer.wordRight();
            case "\b" -> composer.deleteWord();
            default -> model.hint = Optional.of("Alt-%s does nothing; F1 lists the keys".formatted(letter));
        }
    }

    /** One's own messages here, oldest first. */
    private List<Item> own() {
        return model.current.items().stream()
                .filter(item -> item.kind() == Item.Kind.OUTGOING)
                .toList();
    }

    /** What became of the last message of one's own; from there the keys go to others. */
    private void enterSelect() {
        List<Item> own = own();
        if (own.isEmpty()) {
            model.hint = Optional.of("you have written nothing here");
            return;
        }
        model.mode = Mode.SELECT;
        choose(own.get(own.size() - 1));
    }

    private void select(Key key) {
        List<Item> own = own();
        int at = model.selected.map(own::indexOf).orElse(-1);
        switch (key.code()) {
            case UP -> {
                if (at > 0) {
                    choose(own.get(at - 1));
                } else {
                    history.older(model.current);
                }
            }
            case DOWN -> {
                if (at + 1 < own.size()) {
                    choose(own.get(at + 1));
                }
            }
            case HOME -> choose(own.get(0));
            case END -> choose(own.get(own.size() - 1));
            case PAGE_UP -> scroll(-Math.max(1, ScreenView.paneHeight(model) - 1));
            case PAGE_DOWN -> scroll(Math.max(1, ScreenView.paneHeight(model) - 1));
            case TEXT, PASTE -> {
                back();
                chat(key);
            }
            default -> back();
        }
    }

    /** Scrolls so that it can be seen. */
    private void choose(Item item) {
        model.selected = Optional.of(item);
        model.current.follow();
        boolean seen = new Transcript(model, model.current, ScreenView.paneWidth(model))
                        .rows(Math.max(
                                1,
                                ScreenView.paneHeight(model)
                                        - Fate.lines(item, model).size()))
                        .stream()
                        .anyMatch(row -> row.item() == item && row.below() == 0);
        if (!seen) {
            model.current.anchor(item, 0);
        }
    }

    private void send() {
        Conversation conversation = model.current;
        Composer composer = conversation.composer();
        String line = composer.text();
        if (line.isBlank()) {
            conversation.follow();
            return;
        }
        before = line;
        if (input.line(line)) {
            composer.set("");
            throttle.lineEnded();
            remembered.remove(line);
            remembered.add(line);
            if (remembered.size() > MOST_REMEMBERED) {
                remembered.remove(0);
            }
            recalled = remembered.size();
        }
    }

    private void recall(int step) {
        int at = recalled + step;
        if (at >= 0 && at <= remembered.size()) {
            recalled = at;
            model.current.composer().set(at == remembered.size() ? "" : remembered.get(at));
        }
    }

    private void complete() {
        Composer composer = model.current.composer();
        String typed = composer.before();
        if (typed.isEmpty()) {
            return;
        }
        List<String> candidates = new Completion(model).candidates(typed);
        if (candidates.isEmpty()) {
            model.hint = Optional.of("nothing begins like this");
            return;
        }
        composer.replaceBefore(Completion.word(typed).length(), Completion.common(candidates));
        if (candidates.size() > 1) {
            model.hint = Optional.of(candidates.stream().map(String::strip).collect(Collectors.joining("  ")));
        }
    }

    /** Keys that write or move in a text. */
    private void edit(Key key, Composer composer) {
        switch (key.code()) {
            case TEXT, PASTE -> composer.insert(key.text());
            case BACKSPACE -> composer.backspace();
            case DELETE -> composer.delete();
            case LEFT -> composer.left();
            case RIGHT -> composer.right();
            case WORD_LEFT -> composer.wordLeft();
            case WORD_RIGHT -> composer.wordRight();
            case HOME -> composer.home();
            case END -> composer.end();
            case CTRL -> control(key.text(), composer);
            default -> {
                return;
            }
        }
        if (composer == model.current.composer()) {
            hintOfTyping(key, composer.text());
        }
    }

    private void control(String letter, Composer composer) {
        switch (letter) {
            case "a" -> composer.home();
            case "e" -> composer.end();
            case "b" -> composer.left();
            case "f" -> composer.right();
            case "u" -> composer.deleteToStart();
            case "w" -> composer.deleteWord();
            case "p" -> recall(-1);
            case "n" -> recall(1);
            default ->
                model.hint = Optional.of(
                        "Ctrl-%s does nothing; F1 lists the keys".formatted(letter.toUpperCase(Locale.ROOT)));
        }
    }

    /** The others are told of keys that change a text, not of commands. */
    private void hintOfTyping(Key key, String text) {
        if (text.isBlank()) {
            throttle.lineEnded();
            return;
        }
        boolean changes =
                key.code() == Key.Code.TEXT || key.code() == Key.Code.PASTE || key.code() == Key.Code.BACKSPACE;
        if (!changes || !model.typingHints || text.startsWith("/") && !text.startsWith("//")) {
            return;
        }
        UserInput.addressee(text)
                .filter(model::isKnown)
                .or(() -> model.current.with())
                .filter(to -> throttle.key(to, model.now))
                .ifPresent(to -> outside.publish(new Typing(model.me, to)));
    }
}
