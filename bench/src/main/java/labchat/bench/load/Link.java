package labchat.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * One MQTT 3.1.1 client, made to cost little: it reads and writes packets in the socket's buffers and flushes once for all
 * that one read has caused. Belongs to its event loop.
 */
final class Link extends ChannelInboundHandlerAdapter {

    /** Hears what happens to a client, on its event loop. */
    interface Listener {
        /** CONNACK has come. @param code 0 if the server let the client in */
        void connected(Link link, int code, boolean sessionPresent);

        /** SUBACK has come. @param code the granted QoS, or 0x80 */
        default void subscribed(Link link, int code) {}

        /**
         * A publish has come, for the first time as far as packet ids tell. The buffer holds the packet; it is the
         * caller's.
         */
        default void arrived(Link link, ByteBuf in, int topicAt, int topicEnd, int payloadAt, int payloadEnd) {}

        /** A publish with this token was acknowledged: by PUBACK, or by PUBCOMP. */
        default void acknowledged(Link link, long token) {}

        /** The server has closed the connection, or it broke; not called after {@link Link#close}. */
        void closed(Link link, String why);
    }

    private static final int MOST_IDS = 65_535;
    private static final long FREE = Long.MIN_VALUE;

    private final int index;
    private final String user;
    private final Listener listener;
    private Channel channel;
    private ByteBuf out;
    private ByteBuf rest;
    private boolean reading;
    private boolean closing;
    private boolean acknowledges = true;
    private String failure = "the server closed the connection";

    /** By packet id, modulo its length. */
    private long[] tokens = new long[16];

    private int[] ids = new int[16];

    private int lastId;
    private int inFlight;
    private final BitSet receivedQos2 = new BitSet();

    Link(int index, String user, Listener listener) {
        this.index = index;
        this.user = user;
        this.listener = listener;
        Arrays.fill(tokens, FREE);
    }

    int index() {
        return index;
    }

    String user() {
        return user;
    }

    Channel channel() {
        return channel;
    }

    /** How many publishes are not acknowledged yet. */
    int inFlight() {
        return inFlight;
    }

    /** Whether what is written now leaves soon, and whether there is a packet id left. */
    boolean isReady() {
        return channel.isWritable() && inFlight < MOST_IDS - 1;
    }

    boolean isOpen() {
        return channel != null && channel.isActive();
    }

    /** Takes no more from the socket and acknowledges nothing. */
    void stopReading() {
        acknowledges = false;
        channel.config().setAutoRead(false);
    }

    /** No connection was made. */
    void unreachable(Throwable cause) {
        if (!closing) {
            listener.closed(this, cause.getMessage() + "; is the server running, and are --host and --port right?");
        }
    }

    void close() {
        closing = true;
        if (channel != null) {
            channel.close();
        }
    }

    /** Says DISCONNECT and closes. */
    void disconnect() {
        if (isOpen()) {
            closing = true;
            out(2).writeShort(0xe000);
            flush();
            channel.close();
        }
    }

    private ByteBuf out(int bytes) {
        if (out == null) {
            out = channel.alloc().directBuffer(Math.max(512, bytes));
        }
        return out;
    }

    /** Sends what was written; within a read that is done at its end. */
    void flush() {
        if (out != null) {
            ByteBuf all = out;
            out = null;
            channel.writeAndFlush(all, channel.voidPromise());
        }
    }

    /** For what is written outside of a read. */
    void flushUnlessReading() {
        if (!reading) {
            flush();
        }
    }

    void connect(String clientId, String password, boolean clean) {
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        int length = 10 + 2 + id.length + 2 + name.length + 2 + secret.length;
        ByteBuf buffer = out(length + 5);
        buffer.writeByte(0x10);
        writeLength(buffer, length);
        string(buffer, new byte[] {'M', 'Q', 'T', 'T'});
        buffer.writeByte(4);
        buffer.writeByte(0xc0 | (clean ? 2 : 0));
        buffer.writeShort(0);
        string(buffer, id);
        string(buffer, name);
        string(buffer, secret);
        flush();
    }

    void subscribe(String filter, int qos) {
        byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
        ByteBuf buffer = out(bytes.length + 16);
        buffer.writeByte(0x82);
        writeLength(buffer, 2 + 2 + bytes.length + 1);
        buffer.writeShort(MOST_IDS);
        string(buffer, bytes);
        buffer.writeByte(qos);
        flushUnlessReading();
    }

    /** @param token given back with the acknowledgement; none at QoS 0 */
    void publish(byte[] topic, byte[] payload, int payloadLength, int qos, long token) {
        int length = 2 + topic.length + (qos > 0 ? 2 : 0) + payloadLength;
        ByteBuf buffer = out(length + 5);
        buffer.writeByte(0x30 | qos << 1);
        writeLength(buffer, length);
        string(buffer, topic);
        if (qos > 0) {
            buffer.writeShort(takeId(token));
        }
        buffer.writeBytes(payload, 0, payloadLength);
    }

    private int takeId(long token) {
        while (true) {
            lastId = lastId == MOST_IDS - 1 ? 1 : lastId + 1;
            int slot = lastId & tokens.length - 1;
            if (tokens[slot] == FREE) {
                tokens[slot] = token;
                ids[slot] = lastId;
                inFlight++;
                return lastId;
            }
            if (tokens.length <= MOST_IDS && inFlight * 2 > tokens.length) {
                grow();
            }
        }
    }

    private void grow() {
        long[] oldTokens = tokens;
        int[] oldIds = ids;
        tokens = new long[oldTokens.length * 2];
        ids = new int[tokens.length];
        Arrays.fill(tokens, FREE);
        for (int i = 0; i < oldTokens.length; i++) {
            int slot = oldIds[i] & tokens.length - 1;
            if (oldTokens[i] != FREE) {
                tokens[slot] = oldTokens[i];
                ids[slot] = oldIds[i];
            }
        }
    }

    private long giveBackId(int id) {
        int slot = id & tokens.length - 1;
        long token = ids[slot] == id ? tokens[slot] : FREE;
        if (token != FREE) {
            tokens[slot] = FREE;
            inFlight--;
        }
        return token;
    }

    private static void string(ByteBuf buffer, byte[] bytes) {
        buffer.writeShort(bytes.length);
        buffer.writeBytes(bytes);
    }

    private static void writeLength(ByteBuf buffer, int length) {
        int left = length;
        while (left >= 128) {
            buffer.writeByte(left & 0x7f | 0x80);
            left >>>= 7;
        }
        buffer.writeByte(left);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        reading = true;
        if (rest != null) {
            rest.writeBytes(in);
            in.release();
            in = rest;
            rest = null;
        }
        try {
            while (packet(in)) {
                // The next.
            }
            if (in.isReadable()) {
                rest = channel.alloc().directBuffer(in.readableBytes() * 2).writeBytes(in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        flush();
    }

    /** Takes one packet; false if it is not all there. */
    private boolean packet(ByteBuf in) {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        if (readable < 2) {
            return false;
        }
        int first = in.getUnsignedByte(start);
        int length = 0;
        int lengthBytes = 0;
        int digit;
        do {
            if (1 + lengthBytes >= readable) {
                return false;
            }
            digit = in.getByte(start + 1 + lengthBytes);
            length |= (digit & 0x7f) << 7 * lengthBytes;
            lengthBytes++;
        } while (digit < 0);
        int body = start + 1 + lengthBytes;
        if (body + length > in.writerIndex()) {
            return false;
        }
        in.readerIndex(body + length);
        switch (first >>> 4) {
            case 2 -> listener.connected(this, in.getByte(body + 1), (in.getByte(body) & 1) != 0);
            case 3 -> publish(in, first >>> 1 & 3, body, body + length);
            case 4 -> acknowledged(in.getUnsignedShort(body));
            case 5 -> answer(0x62, in.getUnsignedShort(body));
            case 6 -> {
                int id = in.getUnsignedShort(body);
                receivedQos2.clear(id);
                answer(0x70, id);
            }
            case 7 -> acknowledged(in.getUnsignedShort(body));
            case 9 -> listener.subscribed(this, in.getUnsignedByte(body + 2));
            default -> {
                // PINGRESP and UNSUBACK say nothing here.
            }
        }
        return true;
    }

    private void acknowledged(int id) {
        long token = giveBackId(id);
        if (token != FREE) {
            listener.acknowledged(this, token);
        }
    }

    private void publish(ByteBuf in, int qos, int body, int end) {
        int topicAt = body + 2;
        int topicEnd = topicAt + in.getUnsignedShort(body);
        int payloadAt = topicEnd;
        if (qos > 0) {
            int id = in.getUnsignedShort(topicEnd);
            payloadAt += 2;
            if (qos == 1) {
                answer(0x40, id);
            } else {
                boolean repeated = receivedQos2.get(id);
                receivedQos2.set(id);
                answer(0x50, id);
                if (repeated) {
                    return;
                }
            }
        }
        listener.arrived(this, in, topicAt, topicEnd, payloadAt, end);
    }

    private void answer(int firstByte, int id) {
        if (acknowledges) {
            out(4).writeInt(firstByte << 24 | 2 << 16 | id);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = String.valueOf(cause.getMessage());
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (rest != null) {
            rest.release();
            rest = null;
        }
        if (out != null) {
            out.release();
            out = null;
        }
        if (!closing) {
            listener.closed(this, failure);
        }
    }
}
