package labchat.broker.mqtt.guard;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import labchat.protocol.topic.ChatTopic;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.ServerTopic;

/**
 * What the topics mean that are published on, found out once for all connections; and, a bit for each, which of them a
 * connection may publish on. So who writes to a thousand others in turn costs no more than who writes to one, and takes
 * hardly any memory. May be used by any thread.
 */
final class KnownTopics {

    /** With more than these it begins anew, so that no flood of topics fills the memory. */
    static final int MOST = 16_384;

    /** Longer ones, in characters, are not remembered. */
    private static final int LONGEST = 128;

    /**
     * A topic.
     *
     * @param number counts from 0 within its page; -1 if the topic is not remembered
     * @param name the one text that all publishes on the topic share
     * @param bytes the name in UTF-8; not to be changed
     */
    record Topic(int number, String name, byte[] bytes, Optional<ChatTopic> chat, Optional<ServerTopic> server) {}

    /** The topics since it last began anew. Connections keep its number only, or old ones would fill the memory. */
    static final class Page {
        private final long number;
        private final ConcurrentMap<String, Topic> topics = new ConcurrentHashMap<>();
        private int count;

        /** @param number another one for each page, from 1 */
        Page(long number) {
            this.number = number;
        }

        /** Null if it is not known. */
        Topic find(String name) {
            return topics.get(name);
        }
    }

    /** Which topics of one page a connection may publish on. Belongs to the connection's event loop. */
    static final class Rights {
        private long page;
        private long epoch;
        private BitSet allowed = new BitSet(0);

        /**
         * Whether it was found to be allowed.
         *
         * @param now the state of the rights; what was found in another state counts no more
         */
        boolean allow(Page of, long now, Topic topic) {
            return page == of.number && epoch == now && allowed.get(topic.number());
        }

        /** Remembers that it is allowed. */
        void add(Page of, long now, Topic topic) {
            if (topic.number() < 0) {
                return;
            }
            if (page != of.number || epoch != now) {
                page = of.number;
                epoch = now;
                allowed = new BitSet(0);
            }
            allowed.set(topic.number());
        }
    }

    private final ChatTopics chatTopics;
    private volatile Page page = new Page(1);

    KnownTopics(ChatTopics chatTopics) {
        this.chatTopics = chatTopics;
    }

    Page page() {
        return page;
    }

    /** Finds out what a topic means that is not on the page. */
    Topic parse(String name) {
        return new Topic(
                -1,
                name,
                name.getBytes(StandardCharsets.UTF_8),
                chatTopics.parse(name),
                chatTopics.parseServerTopic(name));
    }

    /** Remembers a topic that somebody may publish on; gives it with its number, if it has one on this page. */
    Topic remember(Page on, Topic topic) {
        if (topic.number() >= 0 || topic.name().length() > LONGEST) {
            return topic;
        }
        synchronized (this) {
            if (on != page) {
                return topic;
            }
            if (on.count == MOST) {
                page = new Page(on.number + 1);
                return topic;
            }
            Topic known = on.find(topic.name());
            if (known == null) {
                known = new Topic(on.count++, topic.name(), topic.bytes(), topic.chat(), topic.server());
                on.topics.put(known.name(), known);
            }
            return known;
        }
    }
}
