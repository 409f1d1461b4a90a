/** A class in a directory: its accounts, rights, settings and certificate, and a slip of paper for each account. */
package labchat.broker.classroom;
