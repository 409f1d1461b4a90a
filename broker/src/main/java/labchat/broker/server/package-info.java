/** The account {@code server}: takes requests, answers who writes to it, and gives what it has retained. */
package labchat.broker.server;
