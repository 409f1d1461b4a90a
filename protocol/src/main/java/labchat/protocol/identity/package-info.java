/** Names: of users, of rooms, of messages. */
package labchat.protocol.identity;
