/** One class per command of the command line, the exit codes, and the words in which failures are told. */
package labchat.client.command;
