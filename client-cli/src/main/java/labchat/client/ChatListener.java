package labchat.client;

import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.ChatId;

/**
 * What a program of yours does when something happens in its {@link ChatSession}. Override what you need; the rest does
 * nothing.
 *
 * <p>All methods are called by one thread, one after another, in the order in which things happened. Until one returns
 * nothing else is told, so they must not wait; they may call the session's methods, but not {@link ChatSession#close} and
 * {@link ChatSession#awaitEnd}. An exception that one throws goes to the thread's uncaught exception handler, which
 * prints it, and the session goes on.
 */
public interface ChatListener {

    /**
     * Somebody wrote, to you or in a room of yours. Its author has been told that it was delivered; say
     * {@link ChatSession#read} when it was read, too. A message that comes twice is told of once.
     *
     * @param message its receiver is you or the room
     */
    default void message(ChatSession chat, ChatMessage message) {}

    /** A message of yours was delivered to somebody, or read. Either may come without the other, and more than once. */
    default void receipt(ChatSession chat, Receipt receipt) {}

    /** Somebody is typing to you; the hint is good for six seconds. */
    default void typing(ChatSession chat, ChatId who) {}

    /** Somebody has come or gone. For everybody there is one such call after each connection. */
    default void presence(ChatSession chat, ChatId who, boolean online) {}

    /**
     * The connection was made, lost, or made again. What is sent meanwhile waits.
     *
     * @param words why, or where to
     */
    default void connection(ChatSession chat, boolean connected, String words) {}

    /** The server explains a mistake, or something came that is none of the protocol's. */
    default void problem(ChatSession chat, String words) {}

    /** The session has ended by itself, such as when the password is no longer right; nothing follows. */
    default void ended(ChatSession chat, SessionFailure failure) {}
}
