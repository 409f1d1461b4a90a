/** What the rest of the client knows of a connection: a session that keeps itself alive, its events, its failures. */
package labchat.client.session;
