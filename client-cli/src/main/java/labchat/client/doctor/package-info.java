/** Looks step by step at the way to the server, and says at which step it ends and what to do about it. */
package labchat.client.doctor;
