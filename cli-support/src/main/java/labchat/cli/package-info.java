/** What both command lines can do with their own description: completion for shells, and a manual page. */
package labchat.cli;
