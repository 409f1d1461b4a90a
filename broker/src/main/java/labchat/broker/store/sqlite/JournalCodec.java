package labchat.broker.store.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.StoreException;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.DecodeResult;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/**
 * The publishes of one journal row, in one blob: a version byte, for each publish its fields, at the end a CRC-32C of
 * all before it. Numbers are big-endian, ids and uuids ASCII behind one byte of length. Not for several threads.
 */
final class JournalCodec {

    private static final byte VERSION = 1;
    private static final int CHECKSUM_BYTES = 4;

    private static final ChatKind[] KINDS = ChatKind.values();

    /** Sequence number, time, kind and QoS; then come the names, then payload and properties. */
    private static final int NUMBERS_BYTES = 8 + 8 + 1 + 1;

    private static final int NAMES = 4;
    private static final int ARRAYS = 2;

    private static final ChatCodec CHAT =
            new ChatCodec(new ProtocolLimits(Integer.MAX_VALUE, ProtocolLimits.DEFAULT.maxDepth()));

    /** All but payload and properties: numbers, and four names of at most 64 characters. */
    private static final int MAX_FIXED_BYTES = NUMBERS_BYTES + NAMES * (1 + 64) + ARRAYS * 4;

    /** A publish of the journal. */
    record Entry(
            long sequence,
            ChatKind kind,
            String sender,
            String receiver,
            String uuid,
            Optional<String> room,
            long timeMillis,
            int qos,
            byte[] payload,
            byte[] properties) {

        boolean isMessage(MessageId id) {
            return kind == ChatKind.MESSAGE
                    && sender.equals(id.sender().value())
                    && receiver.equals(id.receiver().value())
                    && uuid.equals(id.uuid().value());
        }

        /** Its {@link BloomFilter#hash}. */
        long hash() {
            return BloomFilter.hash(kind.level(), sender, receiver, uuid, room.orElse(""));
        }

        /** The message's conversation, as the column of this name has it. */
        String conversation() {
            return room.orElseGet(
                    () -> sender.compareTo(receiver) < 0 ? sender + " " + receiver : receiver + " " + sender);
        }

        /** Whether this is a receipt of the same reader for the same message, and of the same kind. */
        boolean isSameReceipt(Entry other) {
            return kind == other.kind
                    && uuid.equals(other.uuid)
                    && sender.equals(other.sender)
                    && receiver.equals(other.receiver)
                    && room.equals(other.room);
        }

        /** The message without its receipts. */
        HistoryEntry toHistory() {
            String text = CHAT.decode(ChatKind.MESSAGE, payload) instanceof DecodeResult.Decoded decoded
                            && decoded.event() instanceof ChatMessage message
                    ? message.text()
                    : "";
            return new HistoryEntry(
                    new ChatMessage(new ChatId(sender), new ChatId(receiver), text, new MessageUuid(uuid)),
                    Instant.ofEpochMilli(timeMillis),
                    room.isPresent(),
                    Map.of(),
                    Map.of());
        }
    }

    /** The blob is not what was written. */
    static final class DamagedJournal extends Exception {
        private static final long serialVersionUID = 1;

        DamagedJournal(String message) {
            super(message);
        }
    }

    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    /** Begins a blob. */
    void begin() {
        buffer.clear();
        buffer.put(VERSION);
    }

    /** How many bytes the blob has so far. */
    int size() {
        return buffer.position();
    }

    /** @param uuid of the event, which is a message or a receipt */
    void add(long sequence, AcceptedPublish publish, String uuid) {
        reserve(MAX_FIXED_BYTES + publish.payload().length + publish.properties().length);
        buffer.putLong(sequence);
        buffer.putLong(publish.time().toEpochMilli());
        buffer.put((byte) publish.event().kind().ordinal());
        buffer.put((byte) publish.qos());
        put(publish.event().sender().value());
        put(publish.event().receiver().value());
        put(uuid);
        put(room(publish));
        buffer.putInt(publish.payload().length).put(publish.payload());
        buffer.putInt(publish.properties().length).put(publish.properties());
    }

    /** The room that a message was published to or a receipt is about; empty for none. */
    private static String room(AcceptedPublish publish) {
        if (publish.event() instanceof Receipt receipt) {
            return receipt.room().map(ChatId::value).orElse("");
        }
        return publish.room() ? publish.event().receiver().value() : "";
    }

    /** Ends the blob. */
    byte[] end() {
        reserve(CHECKSUM_BYTES);
        buffer.putInt(checksum(buffer.array(), buffer.position()));
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    @SuppressWarnings("deprecation") // The quick way to the bytes of what is known to be ASCII.
    private void put(String ascii) {
        int length = ascii.length();
        buffer.put((byte) length);
        ascii.getBytes(0, length, buffer.array(), buffer.position());
        buffer.position(buffer.position() + length);
    }

    private void reserve(int bytes) {
        if (buffer.remaining() < bytes) {
            int needed = Math.addExact(buffer.position(), bytes);
            byte[] larger = Arrays.copyOf(buffer.array(), Math.max(needed, buffer.capacity() * 2));
            buffer = ByteBuffer.wrap(larger).position(buffer.position());
        }
    }

    /** @throws StoreException if the blob is not one that {@link #end()} gave; the message says what to do */
    static List<Entry> decode(Path file, byte[] blob) {
        try {
            return decode(blob);
        } catch (DamagedJournal | RuntimeException e) {
            throw new StoreException(Damage.advice(file, e.getMessage()), e);
        }
    }

    /** @throws DamagedJournal if the blob is not one that {@link #end()} gave */
    static List<Entry> decode(byte[] blob) throws DamagedJournal {
        ByteBuffer in = check(blob);
        List<Entry> entries = new ArrayList<>();
        while (in.hasRemaining()) {
            entries.add(entry(in));
        }
        return entries;
    }

    /**
     * The one publish with this number, for a fraction of what all of them cost.
     *
     * @param blob one that {@link #check(Path, byte[])} has found to be good
     */
    static Optional<Entry> decode(byte[] blob, long sequence) {
        ByteBuffer in = fields(blob);
        while (in.hasRemaining()) {
            if (in.getLong(in.position()) == sequence) {
                return Optional.of(entry(in));
            }
            in.position(in.position() + NUMBERS_BYTES);
            for (int i = 0; i < NAMES; i++) {
                int length = in.get();
                in.position(in.position() + length);
            }
            for (int i = 0; i < ARRAYS; i++) {
                int length = in.getInt();
                in.position(in.position() + length);
            }
        }
        return Optional.empty();
    }

    /** @throws StoreException if the blob is not one that {@link #end()} gave; the message says what to do */
    static void check(Path file, byte[] blob) {
        try {
            check(blob);
        } catch (DamagedJournal e) {
            throw new StoreException(Damage.advice(file, e.getMessage()), e);
        }
    }

    private static ByteBuffer check(byte[] blob) throws DamagedJournal {
        int end = blob.length - CHECKSUM_BYTES;
        if (end < 1 || blob[0] != VERSION) {
            throw new DamagedJournal("a journal row of %d bytes does not begin as it should".formatted(blob.length));
        }
        if (ByteBuffer.wrap(blob, end, CHECKSUM_BYTES).getInt() != checksum(blob, end)) {
            throw new DamagedJournal("the checksum of a journal row is wrong");
        }
        return fields(blob);
    }

    private static ByteBuffer fields(byte[] blob) {
        return ByteBuffer.wrap(blob, 1, blob.length - CHECKSUM_BYTES - 1);
    }

    private static Entry entry(ByteBuffer in) {
        long sequence = in.getLong();
        long time = in.getLong();
        ChatKind kind = KINDS[in.get()];
        int qos = in.get();
        String sender = string(in);
        String receiver = string(in);
        String uuid = string(in);
        String room = string(in);
        byte[] payload = bytes(in);
        byte[] properties = bytes(in);
        return new Entry(
                sequence,
                kind,
                sender,
                receiver,
                uuid,
                room.isEmpty() ? Optional.empty() : Optional.of(room),
                time,
                qos,
                payload,
                properties);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static String string(ByteBuffer in) {
        int length = in.get();
        String text = new String(in.array(), in.position(), length, StandardCharsets.ISO_8859_1);
        in.position(in.position() + length);
        return text;
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }
}
