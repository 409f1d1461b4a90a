package labchat.it.support;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import labchat.it.support.Packet.Type;

/**
 * One connection that sends what it is told, well-formed or not, and acknowledges nothing by itself but presence. Packets
 * from the broker are kept until they are asked for, presence apart from all others, because whoever subscribes to their
 * own tree gets some. To be used by one thread; every wait ends after {@link #PATIENCE}.
 */
public final class RawMqtt implements AutoCloseable {

    /** How long to wait for what must come. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Wire wire;
    private final Link link;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Packet> received = new ArrayDeque<>();
    private final Deque<Packet> presence = new ArrayDeque<>();
    private final Object writing = new Object();
    private final List<String> transcript = new ArrayList<>();
    private boolean ended;
    private boolean paused;
    private int lastId;

    private RawMqtt(Wire wire, Link link, String name) {
        this.wire = wire;
        this.link = link;
        this.name = name;
    }

    /**
     * Opens a connection and sends nothing on it.
     *
     * @param name stands for the connection in failures
     */
    public static RawMqtt open(Wire wire, int port, String name) throws IOException {
        return open(wire, port, name, 0);
    }

    /**
     * Opens a connection that the system buffers little for.
     *
     * @param receiveBuffer in bytes; 0 leaves it to the system
     */
    static RawMqtt open(Wire wire, int port, String name, int receiveBuffer) throws IOException {
        return open(wire, port, name, receiveBuffer, Optional.empty());
    }

    /** Opens a connection with TLS and sends nothing on it. */
    public static RawMqtt openSecure(Wire wire, int port, String name, SSLContext tls) throws IOException {
        return open(wire, port, name, 0, Optional.of(tls));
    }

    private static RawMqtt open(Wire wire, int port, String name, int receiveBuffer, Optional<SSLContext> tls)
            throws IOException {
        Link link = wire.isWebSocket()
                ? new WebSocketLink(port, receiveBuffer, tls)
                : new TcpLink(port, receiveBuffer, tls);
        RawMqtt client = new RawMqtt(wire, link, name);
        Thread reader = new Thread(client::readAll, "raw-mqtt-" + name);
        reader.setDaemon(true);
        reader.start();
        return client;
    }

    private void readAll() {
        String end = "the broker closed the connection";
        try {
            InputStream in = link.in();
            for (int first = in.read(); first >= 0; first = in.read()) {
                int length = 0;
                int digit = 128;
                for (int shift = 0; digit > 127; shift += 7) {
                    digit = in.read();
                    length |= (digit & 127) << shift;
                }
                Packet packet = Packet.read(first, in.readNBytes(length), wire.isV5());
                if (isPresence(packet)) {
                    change(() -> presence.add(packet), "< " + packet);
                    acknowledgePresence(packet);
                } else {
                    change(() -> received.add(packet), "< " + packet);
                }
                waitWhilePaused();
            }
        } catch (IOException e) {
            end = "the connection broke: " + e.getMessage();
        } catch (RuntimeException e) {
            end = "unreadable bytes from the broker: " + e;
        } finally {
            change(() -> ended = true, end);
        }
    }

    private static boolean isPresence(Packet packet) {
        return packet.type() == Type.PUBLISH
                && packet.topic().startsWith(Chat.ROOT)
                && packet.topic().endsWith("/presence");
    }

    private void acknowledgePresence(Packet packet) {
        try {
            acknowledge(packet);
        } catch (IOException e) {
            change(() -> {}, "(could not acknowledge: %s)".formatted(e.getMessage()));
        }
    }

    private void waitWhilePaused() {
        lock.lock();
        try {
            while (paused) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads nothing any more but the packet that comes next, until the connection is closed from here. */
    public void stopReading() {
        change(() -> paused = true, "(reads no more)");
    }

    /** Reads on after {@link #stopReading()}. */
    public void readOn() {
        change(() -> paused = false, "(reads on)");
    }

    private void change(Runnable change, String line) {
        lock.lock();
        try {
            change.run();
            transcript.add(line.length() > 400 ? line.substring(0, 400) + "…" : line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public Wire wire() {
        return wire;
    }

    /** What the connection is called in failures; also its client id, if it was opened by a {@link TestBroker}. */
    public String name() {
        return name;
    }

    /** Sends any bytes at once; over WebSocket in one frame. */
    public RawMqtt send(byte[]... packets) throws IOException {
        byte[] bytes = Bytes.join(packets);
        change(() -> {}, "> %d bytes, first %02x".formatted(bytes.length, bytes[0]));
        synchronized (writing) {
            link.write(bytes);
        }
        return this;
    }

    /** Sends the bytes as several writes, or frames of one WebSocket message. */
    public void sendInPieces(byte[] bytes, int pieces) throws IOException {
        change(() -> {}, "> %d bytes in %d pieces".formatted(bytes.length, pieces));
        synchronized (writing) {
            link.writeInPieces(bytes, pieces);
        }
    }

    /** The first packet that is kept or comes and fits; it is taken out, others stay. */
    public Packet take(String what, Predicate<Packet> fits) {
        return takeIfAny(received, fits, PATIENCE).orElseThrow(() -> failure("waited for " + what));
    }

    /** The next packet of a type; others stay. */
    public Packet take(Type type) {
        return take(type.toString(), packet -> packet.type() == type);
    }

    /** The next packet, which must be of the type. */
    public Packet expect(Type type) {
        Packet packet = take("any packet", any -> true);
        if (packet.type() != type) {
            throw failure("expected %s, got %s".formatted(type, packet));
        }
        return packet;
    }

    /** The first packet that is kept or comes within the time and fits; empty if none does. */
    public Optional<Packet> takeWithin(Duration patience, Predicate<Packet> fits) {
        return takeIfAny(received, fits, patience);
    }

    private Optional<Packet> takeIfAny(Deque<Packet> from, Predicate<Packet> fits, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (true) {
                for (Iterator<Packet> each = from.iterator(); each.hasNext(); ) {
                    Packet packet = each.next();
                    if (fits.test(packet)) {
                        each.remove();
                        return Optional.of(packet);
                    }
                }
                if (ended || left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the broker has closed the connection; packets that came before stay. */
    public void expectClosed(Duration within) {
        lock.lock();
        try {
            long left = within.toNanos();
            while (!ended) {
                if (left <= 0) {
                    throw failure("expected the broker to close the connection within " + within);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    public void expectClosed() {
        expectClosed(PATIENCE);
    }

    /** Whether the connection has ended. */
    public boolean isClosed() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** What is kept and was not taken. */
    public List<Packet> kept() {
        lock.lock();
        try {
            return List.copyOf(received);
        } finally {
            lock.unlock();
        }
    }

    private AssertionError failure(String what) {
        lock.lock();
        try {
            int from = Math.max(0, transcript.size() - 30);
            return new AssertionError("%s (%s): %s%n%s"
                    .formatted(name, wire, what, String.join("\n", transcript.subList(from, transcript.size()))));
        } finally {
            lock.unlock();
        }
    }

    /** A packet id that was not used for the last 65,534 packets. */
    public int nextId() {
        lastId = lastId % 65_535 + 1;
        return lastId;
    }

    /** Sends CONNECT and returns the CONNACK, whatever it says. */
    public Packet connect(Connect connect) throws IOException {
        send(connect.encode());
        return expect(Type.CONNACK);
    }

    /** Subscribes to one filter and returns the SUBACK's code. */
    public int subscribe(String filter, int options) throws IOException {
        return subscribe(Props.NONE, filter, options).code();
    }

    /** Subscribes to filters, each followed by its options, and returns the SUBACK. */
    public Packet subscribe(Props props, Object... filtersAndOptions) throws IOException {
        int id = nextId();
        send(subscribePacket(id, props, filtersAndOptions));
        return take("SUBACK " + id, packet -> packet.type() == Type.SUBACK && packet.id() == id);
    }

    /** A SUBSCRIBE of filters (text or bytes), each followed by its options. */
    public byte[] subscribePacket(int id, Props props, Object... filtersAndOptions) {
        PacketWriter out = new PacketWriter().u16(id);
        if (wire.isV5()) {
            props.write(out);
        }
        for (int i = 0; i < filtersAndOptions.length; i += 2) {
            Object filter = filtersAndOptions[i];
            out.lengthAndBytes(filter instanceof byte[] bytes ? bytes : Bytes.utf8((String) filter))
                    .u8((Integer) filtersAndOptions[i + 1]);
        }
        return out.asPacket(Type.SUBSCRIBE, 2);
    }

    /** Unsubscribes and returns the UNSUBACK. */
    public Packet unsubscribe(String... filters) throws IOException {
        int id = nextId();
        send(unsubscribePacket(id, filters));
        return take("UNSUBACK " + id, packet -> packet.type() == Type.UNSUBACK && packet.id() == id);
    }

    /** An UNSUBSCRIBE of filters. */
    public byte[] unsubscribePacket(int id, String... filters) {
        PacketWriter out = new PacketWriter().u16(id);
        if (wire.isV5()) {
            Props.NONE.write(out);
        }
        for (String filter : filters) {
            out.text(filter);
        }
        return out.asPacket(Type.UNSUBSCRIBE, 2);
    }

    /** Publishes text; see {@link #publish(Publish, int)}. */
    public Packet publish(String topic, String payload, int qos) throws IOException {
        return publish(Publish.to(topic, payload), qos);
    }

    /**
     * Publishes and goes through the whole handshake.
     *
     * @return PUBACK, PUBCOMP, or a PUBREC that refuses; at QoS 0, where nothing answers, the answer to a ping
     */
    public Packet publish(Publish publish, int qos) throws IOException {
        int id = nextId();
        send(publish.qos(qos, id).encode(wire));
        if (qos == 0) {
            return ping();
        }
        if (qos == 1) {
            return takeAck(Type.PUBACK, id);
        }
        Packet pubrec = takeAck(Type.PUBREC, id);
        if (pubrec.code() >= 0x80) {
            return pubrec;
        }
        ack(Type.PUBREL, id);
        return takeAck(Type.PUBCOMP, id);
    }

    /** The next acknowledgement of the type with the id; others stay. */
    public Packet takeAck(Type type, int id) {
        return take(type + " " + id, packet -> packet.type() == type && packet.id() == id);
    }

    /** Sends PUBACK, PUBREC, PUBREL or PUBCOMP. */
    public void ack(Type type, int id) throws IOException {
        send(new PacketWriter().u16(id).asPacket(type, type == Type.PUBREL ? 2 : 0));
    }

    /** Takes the next PUBLISH that is no explanation of the server's and acknowledges it as its QoS asks. */
    public Packet message() throws IOException {
        Packet message = take(
                "a PUBLISH",
                packet -> packet.type() == Type.PUBLISH && !packet.topic().endsWith("/diagnostics"));
        acknowledge(message);
        return message;
    }

    /** Takes the server's next explanation of a mistake and acknowledges it. */
    public Packet diagnostics() throws IOException {
        Packet message = take(
                "diagnostics",
                packet -> packet.type() == Type.PUBLISH && packet.topic().endsWith("/diagnostics"));
        acknowledge(message);
        return message;
    }

    /** Takes the next presence, which is acknowledged already. */
    public Packet presence() {
        return presence("", "");
    }

    /**
     * Takes the next presence of a user that contains the text, which is acknowledged already; what came before of that
     * user is dropped.
     */
    public Packet presence(String user, String text) {
        while (true) {
            Packet next = takeIfAny(presence, packet -> packet.topic().startsWith(Chat.ROOT + user), PATIENCE)
                    .orElseThrow(() -> failure("waited for presence of %s with %s".formatted(user, text)));
            if (next.text().contains(text)) {
                return next;
            }
        }
    }

    /** What presence is kept and was not taken. */
    public List<Packet> keptPresence() {
        lock.lock();
        try {
            return List.copyOf(presence);
        } finally {
            lock.unlock();
        }
    }

    /** Goes through the receiver's part of a PUBLISH's handshake. */
    public void acknowledge(Packet message) throws IOException {
        if (message.qos() == 1) {
            ack(Type.PUBACK, message.id());
        } else if (message.qos() == 2) {
            ack(Type.PUBREC, message.id());
            takeAck(Type.PUBREL, message.id());
            ack(Type.PUBCOMP, message.id());
        }
    }

    /** Sends PINGREQ and returns its answer: a sign of life, and that what was sent before was read. */
    public Packet ping() throws IOException {
        send(new PacketWriter().asPacket(Type.PINGREQ, 0));
        return take(Type.PINGRESP);
    }

    /** Says goodbye. */
    public void disconnect() throws IOException {
        send(new PacketWriter().asPacket(Type.DISCONNECT, 0));
    }

    /** Sends a DISCONNECT of version 5 with properties. */
    public void disconnect(Props props) throws IOException {
        PacketWriter out = new PacketWriter().u8(0);
        props.write(out);
        send(out.asPacket(Type.DISCONNECT, 0));
    }

    /** Breaks the connection without a goodbye. */
    @Override
    public void close() {
        change(() -> paused = false, "(closed from here)");
        link.close();
    }
}
