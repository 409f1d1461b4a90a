package labchat.client.ui.full;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import labchat.client.options.Preferences;
import labchat.client.options.Preferences.Background;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import org.jline.utils.AttributedString;

/** A screen without a terminal, and a server that is the test. */
final class Scene implements Outside {

    static final ChatId ME = new ChatId("team1a");
    static final ChatId TEAM2A = new ChatId("team2a");
    static final ChatId TEAM3A = new ChatId("team3a");
    static final ChatId ROOM = new ChatId("group_1");

    /** A question that waits for the test's answer. */
    record Asked(ServerRequest<?> request, Consumer<Object> answered, Consumer<SessionFailure> failed) {}

    final ScreenModel model;
    final List<ChatEvent> published = new ArrayList<>();
    final List<Asked> asked = new ArrayList<>();
    final List<String> notified = new ArrayList<>();
    final List<String> others = new ArrayList<>();
    private final AtomicInteger uuids = new AtomicInteger();
    private final ScreenView view = new ScreenView();
    private final NetworkReaction network;
    private final KeyReaction keys;
    private Frame frame;

    Scene(int columns, int rows) {
        model = new ScreenModel(
                ME,
                Optional.empty(),
                Preferences.DEFAULT,
                new Theme(true, Background.AUTO, 256),
                ZoneOffset.UTC,
                columns,
                rows);
        model.now = Instant.parse("2026-11-20T10:15:30Z");
        History history = new History(model, this);
        InputReaction input =
                new InputReaction(model, () -> new MessageUuid("u" + uuids.incrementAndGet()), this, history, true);
        network = new NetworkReaction(model, ChatTopics.DEFAULT, this, history);
        keys = new KeyReaction(model, this, input, history);
    }

    /** Connected, and all that was kept has come. */
    Scene connected() {
        tell(new SessionEvent.Connected("localhost:1883", false));
        tell(new SessionEvent.CaughtUp(true));
        return this;
    }

    Scene tell(SessionEvent event) {
        event.accept(network);
        return this;
    }

    Scene arrives(ChatEvent event) {
        return tell(new SessionEvent.Arrived(event, model.now, "ttm4175/chat/x/" + event.kind(), 1, "{}"));
    }

    Scene message(ChatId from, String text, String uuid) {
        return arrives(new ChatMessage(from, ME, text, new MessageUuid(uuid)));
    }

    Scene receipt(ChatKind kind, ChatId from, String uuid) {
        return arrives(new Receipt(kind, from, ME, new MessageUuid(uuid)));
    }

    Scene online(String id) {
        return tell(
                new SessionEvent.Presence(new ChatId(id), true, Optional.of(Instant.parse("2026-11-20T09:00:00Z"))));
    }

    Scene offline(String id, String since) {
        return tell(new SessionEvent.Presence(new ChatId(id), false, Optional.of(Instant.parse(since))));
    }

    Scene room(ChatId... members) {
        RoomInfo room = new RoomInfo(ROOM, true, List.of(members), true);
        return tell(
                new SessionEvent.Rooms(new RoomsAnswer(ME, "list", Optional.empty(), List.of(room), Optional.empty())));
    }

    /** Answers the oldest open question for the history of this conversation. */
    void history(ChatId with, boolean more, HistoryEntry... entries) {
        Asked question = asked.stream()
                .filter(a -> a.request() instanceof ServerRequest.History history
                        && history.request().with().equals(Optional.of(with)))
                .findFirst()
                .orElseThrow();
        asked.remove(question);
        question.answered().accept(new HistoryAnswer(ME, Optional.of(with), List.of(entries), more, Optional.empty()));
    }

    static HistoryEntry entry(ChatId from, ChatId to, String text, String uuid, String sent, boolean read) {
        Instant at = Instant.parse(sent);
        Map<ChatId, Instant> by = read ? Map.of(to, at) : Map.of();
        return new HistoryEntry(new ChatMessage(from, to, text, new MessageUuid(uuid)), at, false, by, by);
    }

    List<HistoryRequest> historyAsked(ChatId with) {
        return asked.stream()
                .filter(a -> a.request() instanceof ServerRequest.History)
                .map(a -> ((ServerRequest.History) a.request()).request())
                .filter(request -> request.with().equals(Optional.of(with)))
                .toList();
    }

    Scene later(Duration time) {
        model.now = model.now.plus(time);
        network.tick();
        return this;
    }

    Optional<Instant> nextTick() {
        return network.nextTick();
    }

    Scene press(Key.Code code) {
        return key(Key.of(code));
    }

    Scene press(Key.Code code, String letter) {
        return key(Key.of(code, letter));
    }

    Scene key(Key key) {
        keys.key(key, ScreenView.listWidth(model.columns));
        return this;
    }

    Scene type(String text) {
        text.codePoints().forEach(c -> press(Key.Code.TEXT, Character.toString(c)));
        return this;
    }

    Scene enter(String line) {
        return type(line).press(Key.Code.ENTER);
    }

    Scene click(int row) {
        keys.click(frame.clicks().get(row));
        return this;
    }

    /** Draws; what can be seen is read by that. */
    Frame draw() {
        frame = view.draw(model);
        keys.seen(frame.visible());
        frame = view.draw(model);
        return frame;
    }

    /** The picture as text. */
    String text() {
        return draw().lines().stream().map(AttributedString::toString).collect(Collectors.joining("\n"));
    }

    List<ChatEvent> published(ChatKind kind) {
        return published.stream().filter(event -> event.kind() == kind).toList();
    }

    String hint() {
        return model.hint.orElse("");
    }

    @Override
    public void publish(ChatEvent event) {
        published.add(event);
    }

    void acknowledgeAll() {
        published.forEach(network::acknowledged);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <A> void ask(ServerRequest<A> request, Consumer<A> answered, Consumer<SessionFailure> failed) {
        asked.add(new Asked(request, answer -> answered.accept((A) answer), failed));
    }

    @Override
    public void notify(String words) {
        notified.add(words);
    }

    @Override
    public Optional<String> keep(String name, String value) {
        others.add("keep " + name + " " + value);
        return Optional.empty();
    }

    @Override
    public void mouse(boolean on) {
        others.add("mouse " + on);
    }

    @Override
    public void suspend() {
        others.add("suspend");
    }

    @Override
    public void redraw() {
        others.add("redraw");
    }

    @Override
    public void leave(Optional<SessionFailure> failure) {
        others.add("leave");
    }

    @Override
    public void interrupt() {
        others.add("interrupt");
    }
}
