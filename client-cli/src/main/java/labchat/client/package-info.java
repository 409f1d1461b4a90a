/** The lab's chat client for terminals and scripts; its entry is {@link labchat.client.ClientMain}. */
package labchat.client;
