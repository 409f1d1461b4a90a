package labchat.client.ui.full;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import labchat.client.options.Preferences;
import labchat.client.options.Preferences.Background;
import labchat.client.options.Preferences.Notify;
import labchat.client.session.KnownRooms;
import labchat.client.session.LabClass;
import labchat.client.ui.Contact;
import labchat.client.ui.WireDisplay;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;

/** All that the screen shows, or could show. Belongs to the screen's thread; only the reactions change it. */
final class ScreenModel {

    /** What the keys are for. */
    enum Mode {
        CHAT,
        HELP,
        JUMP,
        SEARCH,
        /** One of one's own messages is chosen, and what became of it is told. */
        SELECT,
        CONFIRM
    }

    /** Where the connection stands. */
    enum Link {
        CONNECTING,
        CONNECTED,
        LOST
    }

    final ChatId me;
    final ZoneId zone;
    final boolean contactsConfigured;
    final Map<ChatId, Contact> contacts = new TreeMap<>(Contact.ORDER);
    final KnownRooms rooms;
    final Conversation home = new Conversation(Optional.empty());
    final Map<ChatId, Conversation> conversations = new HashMap<>();
    final Map<ChatId, Map<ChatId, Instant>> typing = new HashMap<>();
    final Composer query = new Composer();
    Conversation current = home;
    Mode mode = Mode.CHAT;
    Link link = Link.CONNECTING;
    String server = "";
    Theme theme;
    /** What the user has set; of AUTO the terminal is asked. */
    Background background;

    Notify notify;
    Optional<Item> selected = Optional.empty();
    boolean presenceKnown;
    boolean focused = true;
    boolean mouse;
    boolean receipts;
    boolean typingHints;
    int columns;
    int rows;
    int waiting;
    int chosen;
    int scroll;
    Optional<Integer> listTop = Optional.empty();
    Optional<String> hint = Optional.empty();
    Optional<String> toAll = Optional.empty();
    Optional<List<HistoryEntry>> found = Optional.empty();
    Optional<WireDisplay> wire = Optional.empty();
    /** Which packet's command was shown last, counted from the newest; -1 for none. */
    int wireCommand = -1;

    Instant now = Instant.EPOCH;

    /** @param configured the contacts that the user has listed; empty for the class's */
    ScreenModel(
            ChatId me,
            Optional<List<ChatId>> configured,
            Preferences preferences,
            Theme theme,
            ZoneId zone,
            int columns,
            int rows) {
        this.theme = theme;
        this.background = preferences.background();
        this.receipts = preferences.receipts();
        this.mouse = preferences.mouse();
        this.typingHints = preferences.typing();
        this.notify = preferences.attention();
        this.me = me;
        this.zone = zone;
        this.columns = columns;
        this.rows = rows;
        this.contactsConfigured = configured.isPresent();
        this.rooms = new KnownRooms(me);
        configured
                .orElseGet(() -> LabClass.without(me))
                .forEach(id -> contacts.put(id, new Contact(id, Optional.empty(), Optional.empty(), false)));
    }

    /** The conversation with this user, or in this room; made if there is none. */
    Conversation with(ChatId id) {
        return conversations.computeIfAbsent(id, key -> new Conversation(Optional.of(key)));
    }

    boolean isKnown(ChatId id) {
        return contacts.containsKey(id) || rooms.isJoined(id);
    }

    boolean isRoom(ChatId id) {
        return rooms.find(id).isPresent();
    }

    /** Whether what comes in this conversation is before the user's eyes. */
    boolean isLookedAt(Conversation conversation) {
        return focused
                && mode == Mode.CHAT
                && current == conversation
                && conversation.anchor().isEmpty();
    }

    /** Whom a text to all goes to. One is one's own contact only by one's own list. */
    List<ChatId> everybody() {
        return contacts.keySet().stream()
                .filter(id -> contactsConfigured || !id.equals(me))
                .toList();
    }

    /** How many others there are in the room. */
    int others(ChatId room) {
        return rooms.find(room)
                .map(RoomInfo::members)
                .map(members ->
                        (int) members.stream().filter(id -> !id.equals(me)).count())
                .orElse(0);
    }

    boolean isOnline(Conversation conversation) {
        return conversation.with().map(contacts::get).flatMap(Contact::online).orElse(false);
    }

    /**
     * All conversations as the list shows them: the client's own page, then those where something was said, the newest
     * first, then rooms, then contacts, those who are there first.
     */
    List<Conversation> list() {
        contacts.keySet().forEach(this::with);
        rooms.joined().forEach(this::with);
        List<Conversation> list = new ArrayList<>(conversations.values());
        list.removeIf(conversation -> conversation != current
                && conversation.activity().isEmpty()
                && !isKnown(conversation.with().orElseThrow()));
        list.sort(Comparator.comparing((Conversation c) -> c.activity().orElse(Instant.MIN), Comparator.reverseOrder())
                .thenComparing(c -> isRoom(c.with().orElseThrow()) ? 0 : isOnline(c) ? 1 : 2)
                .thenComparing(c -> c.with().orElseThrow(), Contact.ORDER));
        list.remove(home);
        list.add(0, home);
        return list;
    }

    /** Those whose names hold what is being looked for; those that begin so come first. */
    List<Conversation> matches() {
        String wanted = query.text().strip().toLowerCase(Locale.ROOT);
        return list().stream()
                .filter(c -> c.with().isPresent())
                .filter(c -> name(c).contains(wanted))
                .sorted(Comparator.comparing(c -> !name(c).startsWith(wanted)))
                .toList();
    }

    private static String name(Conversation conversation) {
        return conversation.with().orElseThrow().value().toLowerCase(Locale.ROOT);
    }

    /** Whether the packets on the wire are in the picture. */
    boolean showsWire() {
        return wire.filter(WireDisplay::isOn).isPresent() && (mode == Mode.CHAT || mode == Mode.CONFIRM);
    }

    int unread() {
        return conversations.values().stream().mapToInt(Conversation::unread).sum();
    }

    /** Who is typing there, by name. */
    List<ChatId> typingIn(Conversation conversation) {
        return conversation.with().map(typing::get).map(Map::keySet).stream()
                .flatMap(ids -> ids.stream())
                .sorted(Contact.ORDER)
                .toList();
    }
}
