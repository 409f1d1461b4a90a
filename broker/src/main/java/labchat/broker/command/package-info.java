/** The command line: what can be asked of {@code broker.jar}, and what it says. */
package labchat.broker.command;
