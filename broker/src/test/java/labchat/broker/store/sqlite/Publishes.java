package labchat.broker.store.sqlite;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.ReplayQuery;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/** Publishes to append, and what comes back. */
final class Publishes {

    static final Instant TIME = Instant.parse("2026-11-20T10:15:30.123Z");
    static final byte[] NO_PROPERTIES = new byte[0];

    private Publishes() {}

    /** Remembers what became of a publish; being told twice is an error. */
    static final class Told implements MessageStore.Outcome {

        private final CompletableFuture<Boolean> told = new CompletableFuture<>();

        @Override
        public void durable() {
            tell(true);
        }

        @Override
        public void failed() {
            tell(false);
        }

        private void tell(boolean durable) {
            if (!told.complete(durable)) {
                throw new IllegalStateException("told twice");
            }
        }

        boolean isTold() {
            return told.isDone();
        }

        /** Waits until it is told. */
        boolean isDurable() throws Exception {
            return told.get(30, TimeUnit.SECONDS);
        }
    }

    static AcceptedPublish message(String sender, String receiver, String uuid) {
        return message(sender, receiver, uuid, "Hei", TIME);
    }

    static AcceptedPublish message(String sender, String receiver, String uuid, String text, Instant time) {
        return new AcceptedPublish(
                time,
                event(sender, receiver, uuid, text),
                false,
                payload(sender, receiver, uuid, text),
                1,
                NO_PROPERTIES);
    }

    static AcceptedPublish roomMessage(String sender, String room, String uuid) {
        return new AcceptedPublish(
                TIME, event(sender, room, uuid, "Hei"), true, payload(sender, room, uuid, "Hei"), 1, NO_PROPERTIES);
    }

    private static ChatMessage event(String sender, String receiver, String uuid, String text) {
        return new ChatMessage(new ChatId(sender), new ChatId(receiver), text, new MessageUuid(uuid));
    }

    private static byte[] payload(String sender, String receiver, String uuid, String text) {
        return "{\"sender\":\"%s\",\"receiver\":\"%s\",\"message\":\"%s\",\"uuid\":\"%s\"}"
                .formatted(sender, receiver, text, uuid)
                .getBytes(StandardCharsets.UTF_8);
    }

    static AcceptedPublish receipt(ChatKind kind, String sender, String receiver, String uuid, String room) {
        Receipt receipt = new Receipt(
                kind,
                new ChatId(sender),
                new ChatId(receiver),
                new MessageUuid(uuid),
                Optional.ofNullable(room).map(ChatId::new));
        byte[] payload = "{\"sender\":\"%s\",\"receiver\":\"%s\",\"status\":\"%s\",\"uuid\":\"%s\"}"
                .formatted(sender, receiver, kind, uuid)
                .getBytes(StandardCharsets.UTF_8);
        return new AcceptedPublish(TIME, receipt, false, payload, 1, NO_PROPERTIES);
    }

    /** Appends, and waits until it is on disk. */
    static long keep(SqliteStore store, AcceptedPublish publish) throws Exception {
        Told told = new Told();
        long sequence = store.messages().append(publish, told);
        if (!told.isDurable()) {
            throw new IllegalStateException("failed: " + publish);
        }
        return sequence;
    }

    /** The same, and gives it a row of its own in the journal. */
    static void keepInARow(SqliteStore store, AcceptedPublish publish) throws Exception {
        keep(store, publish);
        // Whoever reads has all put into the journal.
        read(store, query(Set.of("nobody"), 0, Long.MAX_VALUE, 1, null));
    }

    static ReplayQuery all() {
        return query(Set.of(), 0, Long.MAX_VALUE, 1_000_000, null);
    }

    static ReplayQuery query(Set<String> receivers, long after, long upTo, int limit, String reader) {
        return new ReplayQuery(
                Set.copyOf(receivers.stream().map(ChatId::new).toList()),
                after,
                upTo,
                limit,
                Optional.ofNullable(reader).map(ChatId::new));
    }

    static List<KeptPublish> read(SqliteStore store, ReplayQuery query) throws Exception {
        return store.messages().read(query).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    static List<String> uuids(SqliteStore store, ReplayQuery query) throws Exception {
        return read(store, query).stream().map(kept -> kept.uuid().value()).toList();
    }
}
