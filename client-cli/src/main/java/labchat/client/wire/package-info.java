/** The packets of a session as they go over the wire, for people to look at. */
package labchat.client.wire;
