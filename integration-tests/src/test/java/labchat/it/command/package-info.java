/** The broker's command line, as a process. */
package labchat.it.command;
