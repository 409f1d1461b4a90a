package labchat.client;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import labchat.client.mqtt.HiveMqChatSession;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.MqttVersion;
import labchat.client.session.Password;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.client.session.SessionState;
import labchat.client.tls.ClientTls;
import labchat.client.tls.Fingerprint;
import labchat.client.tls.TlsFileException;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * The chat for a program: a login at the broker that sends, receives, and keeps its connection alive. Rules of the
 * protocol that need no decision are kept for you: messages are acknowledged as delivered, repeated ones told of once,
 * typing hints sent no more often than every three seconds.
 *
 * <p>All methods may be called by any thread; none but {@link #connect}, {@link #close} and {@link #awaitEnd} waits for
 * anything. What happens is told to the {@link ChatListener}. The session's own threads do not keep the process alive.
 *
 * <pre>{@code
 * ChatSession.Login login = new ChatSession.Login("localhost", 1883, "team1a", "secret");
 * try (ChatSession chat = ChatSession.connect(login, new ChatListener() {})) {
 *     chat.send("team2a", "Hei!").acknowledged().join();
 * }
 * }</pre>
 */
public final class ChatSession implements AutoCloseable {

    /** Typing hints to one receiver are at least this far apart. */
    public static final Duration BETWEEN_TYPING_HINTS = Duration.ofSeconds(3);

    /** Of so many messages it is known that they were told of already. */
    private static final int REMEMBERED = 10_000;

    private final ConnectSettings settings;
    private final ChatListener listener;
    private final Clock clock;
    private final labchat.client.session.ChatSession session;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Map<ChatId, Instant> hints = new ConcurrentHashMap<>();
    /** What was told of already; of the listener's thread. */
    private final Set<MessageId> seen = new LinkedHashSet<>();

    /**
     * Where to log in, and as whom, with MQTT 5: over TCP, or over TLS after {@link #signedBy} or {@link #fingerprint}.
     * Nothing is asked and nothing remembered; a server that is not trusted is a {@link SessionException}.
     *
     * @param host a name or an address
     * @param port 1 to 65535
     * @param user an id of 1 to 32 characters out of A-Z a-z 0-9 _ -
     * @param password at most 65,535 bytes of UTF-8; it does not appear in {@link #toString}
     * @param tls whom to trust; empty for a connection that is not encrypted
     */
    public record Login(String host, int port, String user, String password, Optional<ClientTls> tls) {

        /** Checks all five. */
        public Login {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(password, "password: is the variable it should come from set?");
            ChatId.problem(user).ifPresent(problem -> {
                throw new IllegalArgumentException("user \"%s\": %s".formatted(user, problem));
            });
            settings(host, port, user, password, Objects.requireNonNull(tls, "tls"));
        }

        /** Without TLS. */
        public Login(String host, int port, String user, String password) {
            this(host, port, user, password, Optional.empty());
        }

        /**
         * The same over TLS; the server's certificate must be signed by a CA in this file and be for the host.
         *
         * @param caFile PEM, such as the class's {@code ca.crt}
         * @throws IllegalArgumentException if the file cannot be used; the message names it
         */
        public Login signedBy(Path caFile) {
            try {
                return over(ClientTls.signedBy(caFile, Optional.empty()));
            } catch (TlsFileException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        /**
         * The same over TLS; the server, or the CA it sends along, must have this certificate, and it must be for the
         * host.
         *
         * @param sha256 32 bytes in hexadecimal, with colons or without
         * @throws IllegalArgumentException if it is not
         */
        public Login fingerprint(String sha256) {
            return over(ClientTls.named(
                    Fingerprint.parse(sha256)
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "a fingerprint is a SHA-256, 64 hexadecimal digits, not \"%s\"".formatted(sha256))),
                    Optional.empty()));
        }

        private Login over(ClientTls trust) {
            return new Login(host, port, user, password, Optional.of(trust));
        }

        private static ConnectSettings settings(
                String host, int port, String user, String password, Optional<ClientTls> tls) {
            return new ConnectSettings(
                    host,
                    port,
                    new ChatId(user),
                    new Password(password),
                    MqttVersion.V5,
                    OptionalInt.empty(),
                    Duration.ofSeconds(60),
                    ChatTopics.DEFAULT,
                    tls);
        }

        private ConnectSettings settings() {
            return settings(host, port, user, password, tls);
        }

        @Override
        public String toString() {
            return "Login[%s at %s:%d%s]".formatted(user, host, port, tls.isPresent() ? " over TLS" : "");
        }
    }

    /**
     * A message on its way.
     *
     * @param message with its uuid, by which receipts name it
     * @param acknowledged completes when the server has it on disk; fails with a {@link SessionException} if the server
     *     refuses it or gives no answer within 10 s, or if the session ends first
     */
    public record Sent(ChatMessage message, CompletableFuture<Void> acknowledged) {
        public Sent {
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(acknowledged, "acknowledged");
        }
    }

    static {
        // From Java 24 on, Netty's use of this class prints warnings, and nothing here needs its speed.
        if (System.getProperty("io.netty.noUnsafe") == null) {
            System.setProperty("io.netty.noUnsafe", "true");
        }
    }

    private ChatSession(ConnectSettings settings, ChatListener listener, Clock clock) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.clock = clock;
        this.session = HiveMqChatSession.create(settings, Interest.CHAT, clock, event -> event.accept(new Events()));
    }

    /**
     * Logs in, and returns when that is done. The listener may be called before it returns.
     *
     * @throws SessionException if the server cannot be reached, or refuses the login; its
     *     {@link SessionException#failure} says which
     */
    public static ChatSession connect(Login login, ChatListener listener)
            throws SessionException, InterruptedException {
        return connect(login.settings(), listener);
    }

    /**
     * The same with all settings there are.
     *
     * @throws SessionException as above
     */
    public static ChatSession connect(ConnectSettings settings, ChatListener listener)
            throws SessionException, InterruptedException {
        ChatSession chat = new ChatSession(settings, listener, Clock.systemUTC());
        chat.session.start();
        try {
            chat.first.get();
            return chat;
        } catch (ExecutionException e) {
            chat.close();
            SessionFailure failure = SessionFailure.of(e.getCause());
            throw new SessionException(failure, e);
        } catch (InterruptedException e) {
            chat.close();
            throw e;
        }
    }

    /** Who this session is logged in as. */
    public ChatId user() {
        return settings.user();
    }

    /** Whether there is a connection right now. */
    public boolean isConnected() {
        return session.state() == SessionState.CONNECTED;
    }

    /**
     * Sends a text. Without a connection it waits for the next one, and so do the ones after it; the order is kept.
     *
     * @param to a user or a room
     * @param text 1 to 4,096 characters
     * @throws IllegalArgumentException if one of them is not as above
     */
    public Sent send(ChatId to, String text) {
        int length = text.codePointCount(0, text.length());
        int most = ProtocolLimits.DEFAULT.maxTextLength();
        if (length == 0 || length > most) {
            throw new IllegalArgumentException(
                    "a text has 1 to %d characters, this one has %d".formatted(most, length));
        }
        ChatMessage message = new ChatMessage(settings.user(), to, text, MessageUuid.random());
        hints.remove(to);
        return new Sent(message, session.publish(message));
    }

    /**
     * Sends a text.
     *
     * @param to the id of a user or a room
     * @throws IllegalArgumentException if it is no id, or the text is empty or too long
     */
    public Sent send(String to, String text) {
        return send(new ChatId(to), text);
    }

    /** Answers where the message was written: its room, or its author. */
    public Sent reply(ChatMessage message, String text) {
        boolean toMe = message.receiver().equals(settings.user());
        return send(toMe ? message.sender() : message.receiver(), text);
    }

    /** Tells the author that the message was read; to be said when its text was on a screen, or understood. */
    public void read(ChatMessage message) {
        tell(ChatKind.READ, message);
    }

    /** Tells somebody that you are typing. Said too often, or without a connection, it does nothing. */
    public void typing(ChatId to) {
        Instant now = clock.instant();
        boolean[] due = new boolean[1];
        hints.compute(to, (id, last) -> {
            due[0] = last == null || !now.isBefore(last.plus(BETWEEN_TYPING_HINTS));
            return due[0] ? now : last;
        });
        if (due[0]) {
            session.publish(new Typing(settings.user(), to));
        }
    }

    /** Waits until the session has ended, by itself or by {@link #close}. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Waits up to three seconds for what was sent last to be acknowledged, then says goodbye. */
    @Override
    public void close() {
        try {
            if (isConnected()) {
                session.drain(Duration.ofSeconds(3));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            session.close();
            ended.countDown();
        }
    }

    private void tell(ChatKind kind, ChatMessage message) {
        Optional<ChatId> room =
                message.receiver().equals(settings.user()) ? Optional.empty() : Optional.of(message.receiver());
        session.publish(new Receipt(kind, settings.user(), message.sender(), message.uuid(), room));
    }

    /** Turns what the session tells into calls of the listener. */
    private final class Events implements SessionEvent.Visitor<Void>, ChatEvent.Visitor<Void> {

        @Override
        public Void connected(SessionEvent.Connected event) {
            first.complete(null);
            listener.connection(ChatSession.this, true, event.server());
            return null;
        }

        @Override
        public Void connectionLost(SessionEvent.ConnectionLost event) {
            listener.connection(ChatSession.this, false, event.reason());
            return null;
        }

        @Override
        public Void ended(SessionEvent.Ended event) {
            boolean before = first.completeExceptionally(new SessionException(event.failure()));
            ended.countDown();
            if (!before) {
                listener.ended(ChatSession.this, event.failure());
            }
            return null;
        }

        @Override
        public Void arrived(SessionEvent.Arrived event) {
            return event.event().accept(this);
        }

        @Override
        public Void message(ChatMessage message) {
            if (message.sender().equals(settings.user())) {
                // One's own, from a room.
                return null;
            }
            tell(ChatKind.DELIVERED, message);
            if (seen.add(message.id())) {
                if (seen.size() > REMEMBERED) {
                    seen.remove(seen.iterator().next());
                }
                listener.message(ChatSession.this, message);
            }
            return null;
        }

        @Override
        public Void receipt(Receipt receipt) {
            listener.receipt(ChatSession.this, receipt);
            return null;
        }

        @Override
        public Void typing(Typing hint) {
            if (!hint.sender().equals(settings.user())) {
                listener.typing(ChatSession.this, hint.sender());
            }
            return null;
        }

        @Override
        public Void presence(SessionEvent.Presence event) {
            listener.presence(ChatSession.this, event.id(), event.online());
            return null;
        }

        @Override
        public Void malformed(SessionEvent.Malformed event) {
            listener.problem(
                    ChatSession.this,
                    "something on %s is no chat message: %s".formatted(event.topic(), event.reason()));
            return null;
        }

        @Override
        public Void diagnostics(SessionEvent.Diagnostics event) {
            String hint = event.hint().map(words -> " " + words).orElse("");
            listener.problem(ChatSession.this, event.reason() + hint);
            return null;
        }

        @Override
        public Void unsent(SessionEvent.Unsent event) {
            // Told by the future of what was sent.
            return null;
        }

        @Override
        public Void rooms(SessionEvent.Rooms event) {
            return null;
        }

        @Override
        public Void notice(SessionEvent.NoticeCame event) {
            return null;
        }

        @Override
        public Void caughtUp(SessionEvent.CaughtUp event) {
            return null;
        }
    }
}
