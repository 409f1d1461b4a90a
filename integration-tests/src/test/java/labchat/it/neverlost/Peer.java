package labchat.it.neverlost;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.Wire;

/**
 * A user's program as it should be: it connects again whenever the connection ends, publishes again with the same uuid
 * what was not acknowledged, in order and before anything new, acknowledges what it gets, and sends both receipts for each
 * message that it sees for the first time. One thread of its own; everything public may be used by any thread.
 */
final class Peer implements AutoCloseable {

    /** How a peer is connected. */
    enum Presence {
        /** Always, with clean sessions. */
        STAYS,
        /** Comes and goes, with clean sessions. */
        COMES_AND_GOES,
        /** Comes and goes, with a session that outlives its connections and the broker. */
        DURABLE
    }

    private static final int WINDOW = 8;
    /** Below are the packet ids of SUBSCRIBE. */
    private static final int FIRST_ID = 1_000;

    private static final Duration TICK = Duration.ofMillis(20);
    private static final Pattern FIELD = Pattern.compile("\"(sender|uuid|room|code|status|action)\":\"([^\"]*)\"");

    private final Address address;
    private final Wire wire;
    private final String user;
    private final String password;
    private final int qos;
    private final Presence presence;
    private final List<String> filters;
    private final Random random;
    private final Runnable onAcknowledged;
    private final Thread thread;

    // Guarded by this.
    private final Deque<Outgoing> outbox = new ArrayDeque<>();
    private final Map<Integer, Outgoing> inFlight = new LinkedHashMap<>();
    private final Set<Integer> unreleased = new LinkedHashSet<>();
    private final Set<Outgoing.Key> published = new LinkedHashSet<>();
    private final Set<Outgoing.Key> acknowledged = new LinkedHashSet<>();
    private final Set<Outgoing.Key> received = new LinkedHashSet<>();
    private final List<String> roomAnswers = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private boolean wantsToBeHere;
    private boolean isHere;
    private boolean closed;

    // The thread's own.
    private boolean hasSession;
    private int connections;
    private int lastId = FIRST_ID;

    /**
     * @param qos of its subscriptions and receipts
     * @param rooms that it subscribes to beside its own tree
     * @param onAcknowledged called for every acknowledgement of a message or receipt
     */
    Peer(
            Address address,
            Wire wire,
            String user,
            String password,
            int qos,
            Presence presence,
            List<String> rooms,
            long seed,
            Runnable onAcknowledged) {
        this.address = address;
        this.wire = wire;
        this.user = user;
        this.password = password;
        this.qos = qos;
        this.presence = presence;
        List<String> all = new ArrayList<>(List.of(Chat.ROOT + user + "/#"));
        rooms.forEach(room -> all.add(Chat.ROOT + room + "/#"));
        this.filters = List.copyOf(all);
        this.random = new Random(seed);
        this.onAcknowledged = onAcknowledged;
        this.thread = new Thread(this::run, "peer-" + user);
        thread.setDaemon(true);
        thread.start();
    }

    String user() {
        return user;
    }

    /** From now on it connects. */
    synchronized void come() {
        wantsToBeHere = true;
        notifyAll();
    }

    /** It ends its connection and connects no more. */
    synchronized void leave() {
        wantsToBeHere = false;
        notifyAll();
    }

    /** Whether it is connected and its subscriptions are answered. */
    synchronized boolean isHere() {
        return isHere;
    }

    synchronized void send(Outgoing publish) {
        outbox.add(publish);
    }

    synchronized int unsent() {
        return outbox.size();
    }

    /** Whether everything that it was to publish is acknowledged. */
    synchronized boolean isDone() {
        return outbox.isEmpty() && inFlight.isEmpty();
    }

    /** What it is about, for failures. */
    synchronized String describe() {
        return "%s (%s, %s): %d to send, in flight %s"
                .formatted(user, wire, isHere ? "connected" : "not connected", outbox.size(), inFlight);
    }

    /** What it has ever sent, in the order of the first time. */
    synchronized List<Outgoing.Key> published() {
        return List.copyOf(published);
    }

    synchronized Set<Outgoing.Key> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    /** What reached it, in the order of the first time. */
    synchronized List<Outgoing.Key> received() {
        return List.copyOf(received);
    }

    synchronized boolean hasReceived(Outgoing.Key key) {
        return received.contains(key);
    }

    /** What the server has answered about rooms. */
    synchronized List<String> roomAnswers() {
        return List.copyOf(roomAnswers);
    }

    /** What the broker did against its word, as far as a client sees it. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    private synchronized void fault(String what) {
        faults.add("%s (%s): %s".formatted(user, wire, what));
    }

    private void run() {
        try {
            while (!isClosed()) {
                if (awaitWish()) {
                    connectOnce();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fault("ended by " + e);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized boolean awaitWish() throws InterruptedException {
        if (!wantsToBeHere && !closed) {
            TimeUnit.MILLISECONDS.timedWait(this, 1_000);
        }
        return wantsToBeHere && !closed;
    }

    private void connectOnce() throws InterruptedException {
        int port = address.await(wire.isWebSocket());
        if (port == 0) {
            return;
        }
        connections++;
        try (RawMqtt client = RawMqtt.open(wire, port, user + "-" + connections)) {
            if (open(client)) {
                talk(client);
            }
        } catch (IOException | AssertionError e) {
            // The broker was killed meanwhile; there is another attempt.
        } finally {
            synchronized (this) {
                isHere = false;
                if (!hasSession) {
                    List<Outgoing> again = new ArrayList<>(inFlight.values());
                    inFlight.clear();
                    unreleased.clear();
                    for (int i = again.size() - 1; i >= 0; i--) {
                        outbox.addFirst(again.get(i));
                    }
                }
            }
        }
        if (presence != Presence.STAYS) {
            synchronized (this) {
                TimeUnit.MILLISECONDS.timedWait(this, 1 + random.nextInt(100));
            }
        }
    }

    private boolean open(RawMqtt client) throws IOException {
        Connect connect = Connect.as(wire).keepAlive(0).clientId("c-" + user).login(user, password);
        boolean durable = presence == Presence.DURABLE;
        if (durable) {
            connect.persistent();
            if (wire.isV5()) {
                connect.props(Props.NONE.with(Prop.SESSION_EXPIRY, 3_600));
            }
        }
        Packet answer = client.connect(connect);
        if (answer.code() != 0) {
            fault("refused: " + answer);
            return false;
        }
        if (answer.sessionPresent() != (durable && hasSession)) {
            // Of a session whose subscription was not answered nothing is known.
            if (!durable || hasSession) {
                fault("session present: " + answer.sessionPresent());
            }
        }
        if (!hasSession) {
            for (String filter : filters) {
                if (client.subscribe(filter, qos) >= 0x80) {
                    fault("may not subscribe to " + filter);
                }
            }
            hasSession = durable;
        } else {
            resume(client);
        }
        synchronized (this) {
            isHere = true;
        }
        return true;
    }

    /** In a session everything goes on under its packet id [MQTT-4.4.0-1]. */
    private void resume(RawMqtt client) throws IOException {
        Map<Integer, Outgoing> again;
        List<Integer> releases;
        synchronized (this) {
            again = new LinkedHashMap<>(inFlight);
            releases = List.copyOf(unreleased);
        }
        for (int id : releases) {
            client.ack(Type.PUBREL, id);
        }
        for (Map.Entry<Integer, Outgoing> one : again.entrySet()) {
            Outgoing publish = one.getValue();
            client.send(Publish.to(publish.topic(), publish.payload())
                    .qos(publish.qos(), one.getKey())
                    .dup()
                    .encode(wire));
        }
    }

    private void talk(RawMqtt client) throws IOException {
        int stay = presence == Presence.STAYS ? Integer.MAX_VALUE : 20 + random.nextInt(300);
        for (int packets = 0; packets < stay && staysHere(); ) {
            fill(client);
            Optional<Packet> packet = client.takeWithin(TICK, any -> true);
            if (packet.isPresent()) {
                packets++;
                handle(client, packet.get());
            } else if (client.isClosed()) {
                return;
            }
        }
        if (random.nextBoolean()) {
            client.disconnect();
        }
    }

    private synchronized boolean staysHere() {
        return wantsToBeHere && !closed;
    }

    private void fill(RawMqtt client) throws IOException {
        while (true) {
            Outgoing next;
            int id;
            synchronized (this) {
                if (inFlight.size() >= WINDOW || outbox.isEmpty()) {
                    return;
                }
                next = outbox.poll();
                do {
                    lastId = lastId == 65_535 ? FIRST_ID : lastId + 1;
                } while (inFlight.containsKey(lastId) || unreleased.contains(lastId));
                id = lastId;
                inFlight.put(id, next);
                if (!next.kind().equals("rooms")) {
                    published.add(next.key());
                }
            }
            client.send(
                    Publish.to(next.topic(), next.payload()).qos(next.qos(), id).encode(wire));
        }
    }

    private void handle(RawMqtt client, Packet packet) throws IOException {
        switch (packet.type()) {
            case PUBACK -> settled(packet);
            case PUBREC -> {
                settled(packet);
                synchronized (this) {
                    unreleased.add(packet.id());
                }
                client.ack(Type.PUBREL, packet.id());
            }
            case PUBREL -> client.ack(Type.PUBCOMP, packet.id());
            case PUBCOMP -> {
                synchronized (this) {
                    unreleased.remove(packet.id());
                }
            }
            case PUBLISH -> {
                if (packet.qos() > 0) {
                    client.ack(packet.qos() == 1 ? Type.PUBACK : Type.PUBREC, packet.id());
                }
                arrived(packet);
            }
            default -> fault("an unexpected " + packet);
        }
    }

    private void settled(Packet packet) {
        if (packet.code() >= 0x80) {
            fault("refused: " + packet);
        }
        boolean counts;
        synchronized (this) {
            Outgoing publish = inFlight.remove(packet.id());
            counts = publish != null && !publish.kind().equals("rooms");
            if (counts) {
                acknowledged.add(publish.key());
            }
        }
        if (counts) {
            onAcknowledged.run();
        }
    }

    private void arrived(Packet packet) {
        String[] levels = packet.topic().substring(Chat.ROOT.length()).split("/");
        String owner = levels[0];
        String kind = levels[1];
        Map<String, String> fields = fields(packet.text());
        switch (kind) {
            case "message", "delivered", "read" -> {
                Outgoing.Key key = new Outgoing.Key(
                        kind, fields.get("sender"), owner, fields.get("uuid"), fields.getOrDefault("room", ""));
                synchronized (this) {
                    boolean isNew = received.add(key);
                    if (isNew && kind.equals("message") && !key.sender().equals(user)) {
                        String room = owner.equals(user) ? "" : owner;
                        for (String receipt : List.of("delivered", "read")) {
                            outbox.add(Outgoing.receipt(receipt, user, key.sender(), key.uuid(), room, qos));
                        }
                    }
                }
            }
            case "rooms" -> {
                synchronized (this) {
                    roomAnswers.add(packet.text());
                }
            }
            case "diagnostics" -> {
                // After a kill a receipt may be there before the message is published again.
                if (!"unknown_message".equals(fields.get("code"))) {
                    fault(packet.text());
                }
            }
            case "notice" -> {
                // Who joined is asked for in the store.
            }
            default -> fault("an unexpected " + packet);
        }
    }

    private static Map<String, String> fields(String json) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Matcher field = FIELD.matcher(json); field.find(); ) {
            fields.putIfAbsent(field.group(1), field.group(2));
        }
        return fields;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(RawMqtt.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
