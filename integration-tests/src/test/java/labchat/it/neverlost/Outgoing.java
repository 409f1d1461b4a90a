package labchat.it.neverlost;

import labchat.it.support.Chat;

/**
 * A publish of {@code message}, {@code delivered}, {@code read} or a request.
 *
 * @param receiver in whose part of the tree it is published
 * @param room that a receipt names; else empty
 */
record Outgoing(String kind, String sender, String receiver, String uuid, String room, int qos, String payload) {

    static Outgoing message(String sender, String receiver, String text, int qos) {
        String uuid = Chat.freshUuid();
        return new Outgoing("message", sender, receiver, uuid, "", qos, Chat.message(sender, receiver, text, uuid));
    }

    /** @param room in which the message was written; empty for none */
    static Outgoing receipt(String kind, String sender, String author, String uuid, String room, int qos) {
        String payload = Chat.receipt(kind, sender, author, uuid);
        String inRoom = room.isEmpty() ? payload : payload.replaceFirst("}$", ",\"room\":\"%s\"}".formatted(room));
        return new Outgoing(kind, sender, author, uuid, room, qos, inRoom);
    }

    static Outgoing roomRequest(String sender, String action, String room) {
        return new Outgoing(
                "rooms",
                sender,
                "server",
                action + " " + room,
                room,
                1,
                "{\"sender\":\"%s\",\"action\":\"%s\",\"room\":\"%s\",\"public\":true}"
                        .formatted(sender, action, room));
    }

    String topic() {
        return Chat.ROOT + receiver + "/" + kind;
    }

    Key key() {
        return new Key(kind, sender, receiver, uuid, room);
    }

    /** What tells a publish apart from others; receipts name a room or none. */
    record Key(String kind, String sender, String receiver, String uuid, String room) {

        /** All publishes between whom an order holds: of one kind, from one sender, in one part of the tree. */
        String line() {
            return "%s %s -> %s".formatted(kind, sender, receiver);
        }
    }
}
