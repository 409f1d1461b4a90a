/** What was said, asked for by request and read from the store by command. */
package labchat.it.history;
