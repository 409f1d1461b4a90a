/** What both command lines have: completion and a manual page out of their own description, and what {@code doctor} finds. */
package labchat.cli;
