package labchat.broker.event;

import java.util.Optional;
import java.util.function.BiConsumer;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.TopicFilter;

/** What users may ask of the server: {@code ROOT/server/...}, and what it tells them unasked. Any thread. */
public interface ServerAccount {

    /** Where the answer to a request goes. */
    interface Answers {
        /** @param payload handed over, not copied */
        void answer(ChatId asker, byte[] payload);

        /**
         * The same for the client alone that asked, whatever else the asker has connected.
         *
         * @param payload handed over, not copied
         */
        default void answerHere(ChatId asker, byte[] payload) {
            answer(asker, payload);
        }

        /** The largest payload that the asker's client takes, in bytes; what is larger does not reach it. */
        default int maxBytes() {
            return Integer.MAX_VALUE;
        }
    }

    /** Whether {@code ROOT/server/<kind>} takes requests. */
    boolean serves(String kind);

    /**
     * Takes a request; the answer may come at any time, on any thread.
     *
     * @param user who is logged in; empty for a client without a name
     * @param payload not to be changed
     * @return why it is none; the publish is then refused and explained, and there is no answer
     */
    Optional<Refusal> request(Optional<String> user, String kind, byte[] payload, Answers answers);

    /** Somebody wrote to the server; the message passed every check and is on its way into the store. */
    void message(ChatMessage message);

    /** Gives the topic and payload of each retained message of the server's that the filter matches. */
    void retained(TopicFilter filter, BiConsumer<String, byte[]> to);

    /** A server that takes no requests and says nothing. */
    static ServerAccount silent() {
        return new ServerAccount() {
            @Override
            public boolean serves(String kind) {
                return false;
            }

            @Override
            public Optional<Refusal> request(Optional<String> user, String kind, byte[] payload, Answers answers) {
                return Optional.of(Refusal.of("unknown_request", "the server takes no requests"));
            }

            @Override
            public void message(ChatMessage message) {
                // Nobody is at home.
            }

            @Override
            public void retained(TopicFilter filter, BiConsumer<String, byte[]> to) {
                // There is none.
            }
        };
    }
}
