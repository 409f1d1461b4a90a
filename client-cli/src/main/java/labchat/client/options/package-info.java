/** Where settings come from: the command line, the configuration file with its profiles, the sources of a password. */
package labchat.client.options;
