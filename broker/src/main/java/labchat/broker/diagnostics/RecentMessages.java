package labchat.broker.diagnostics;

import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.MessageId;

/**
 * The messages that were passed on of late, at least {@value #REMEMBERED}, so that a receipt for something else, and
 * another text under the uuid of an earlier message, are noticed. Used by any thread.
 *
 * <p>They are kept as hashes of 64 bits, in two tables that take turns, so that a message takes some 30 bytes, is no work
 * for the garbage collector, and nothing has to be removed one by one. Two messages with one hash, which is to be expected
 * once in some billion messages, would cost a piece of advice too much or too few, and no message.
 */
public final class RecentMessages {

    private static final int REMEMBERED = 65_536;

    private Table newer = new Table(1 << 10);
    private Table older = new Table(1 << 10);
    private boolean forgotten;

    /**
     * A message is passed on.
     *
     * @return whether a message with another text was passed on under the same id before, which stays the one remembered
     */
    public synchronized boolean add(ChatMessage message) {
        long key = key(
                message.sender().value(),
                message.receiver().value(),
                message.uuid().value());
        int text = message.text().hashCode();
        int at = older.find(key);
        if (older.isAt(at, key)) {
            return older.texts[at] != text;
        }
        at = newer.find(key);
        if (newer.isAt(at, key)) {
            return newer.texts[at] != text;
        }
        if (newer.count == REMEMBERED) {
            forgotten |= older.count > 0;
            older = newer;
            newer = new Table(older.keys.length);
            at = newer.find(key);
        }
        newer.put(at, key, text);
        return false;
    }

    /** Whether it is certain that no such message was passed on since the broker started. */
    public synchronized boolean neverSaw(MessageId message) {
        if (forgotten) {
            return false;
        }
        long key = key(
                message.sender().value(),
                message.receiver().value(),
                message.uuid().value());
        return !newer.isAt(newer.find(key), key) && !older.isAt(older.find(key), key);
    }

    /** Never 0. */
    private static long key(String sender, String receiver, String uuid) {
        long hash = add(add(add(0x9e3779b97f4a7c15L, sender), receiver), uuid);
        hash ^= hash >>> 32;
        hash *= 0xd6e8feb86659fd93L;
        hash ^= hash >>> 32;
        return hash == 0 ? 1 : hash;
    }

    private static long add(long start, String part) {
        // Two lengths that differ are two starts: "ab" and "c" is not "a" and "bc".
        long hash = (start ^ part.length()) * 0xff51afd7ed558ccdL;
        for (int i = 0; i < part.length(); i++) {
            hash = (hash ^ part.charAt(i)) * 0x100000001b3L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    /** Open addressing; at most half full. */
    private static final class Table {
        private long[] keys;
        private int[] texts;
        private int count;

        Table(int size) {
            keys = new long[size];
            texts = new int[size];
        }

        /** Where the key is, or where it would go. */
        int find(long key) {
            int at = (int) key & keys.length - 1;
            while (keys[at] != 0 && keys[at] != key) {
                at = at + 1 & keys.length - 1;
            }
            return at;
        }

        boolean isAt(int at, long key) {
            return keys[at] == key;
        }

        void put(int at, long key, int text) {
            keys[at] = key;
            texts[at] = text;
            count++;
            if (count * 2 > keys.length) {
                grow();
            }
        }

        private void grow() {
            long[] oldKeys = keys;
            int[] oldTexts = texts;
            keys = new long[oldKeys.length * 2];
            texts = new int[keys.length];
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldKeys[i] != 0) {
                    int at = find(oldKeys[i]);
                    keys[at] = oldKeys[i];
                    texts[at] = oldTexts[i];
                }
            }
        }
    }
}
