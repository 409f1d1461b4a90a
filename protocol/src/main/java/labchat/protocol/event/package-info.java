/** What users tell each other, as values. */
package labchat.protocol.event;
