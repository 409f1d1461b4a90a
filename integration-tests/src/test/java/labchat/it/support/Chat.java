package labchat.it.support;

import java.util.concurrent.atomic.AtomicInteger;

/** Topics and payloads of the four kinds, written out by hand: the tests' own view of the protocol. */
public final class Chat {

    public static final String ROOT = "ttm4175/chat/";

    private static final AtomicInteger UUIDS = new AtomicInteger();

    private Chat() {}

    /** A uuid that no other message of this run has: a repeated one would be the same message. */
    public static String freshUuid() {
        return "u" + UUIDS.incrementAndGet();
    }

    /** {@code ROOT/<receiver>/message}. */
    public static String messageTopic(String receiver) {
        return ROOT + receiver + "/message";
    }

    /** A message with a fresh uuid. */
    public static String message(String sender, String receiver, String text) {
        return message(sender, receiver, text, freshUuid());
    }

    /** @param text without characters that JSON escapes */
    public static String message(String sender, String receiver, String text, String uuid) {
        return "{\"sender\":\"%s\",\"receiver\":\"%s\",\"message\":\"%s\",\"uuid\":\"%s\"}"
                .formatted(sender, receiver, text, uuid);
    }

    /** @param kind {@code delivered} or {@code read} */
    public static String receipt(String kind, String sender, String receiver, String uuid) {
        return "{\"sender\":\"%s\",\"receiver\":\"%s\",\"status\":\"%s\",\"uuid\":\"%s\"}"
                .formatted(sender, receiver, kind, uuid);
    }

    public static String typing(String sender, String receiver) {
        return "{\"sender\":\"%s\",\"receiver\":\"%s\",\"status\":\"typing\"}".formatted(sender, receiver);
    }

    /** A well-formed payload of any of the four kinds. */
    public static String payload(String kind, String sender, String receiver, String uuid) {
        return switch (kind) {
            case "message" -> message(sender, receiver, "Hei!", uuid);
            case "typing" -> typing(sender, receiver);
            default -> receipt(kind, sender, receiver, uuid);
        };
    }
}
