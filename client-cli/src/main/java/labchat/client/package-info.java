/**
 * The entry of the program; and the chat for programs of others: {@link labchat.client.ChatSession} and
 * {@link labchat.client.ChatListener}.
 */
package labchat.client;
