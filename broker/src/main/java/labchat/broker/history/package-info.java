/** Answers who asks what was said. */
package labchat.broker.history;
