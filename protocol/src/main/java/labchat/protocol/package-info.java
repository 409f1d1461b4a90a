/** What travels between the broker and its clients; normative text: {@code docs/protocol.md}. */
package labchat.protocol;
