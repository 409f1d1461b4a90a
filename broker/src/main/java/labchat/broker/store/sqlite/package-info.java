/** The store in one SQLite file, {@code chat.db}: one thread writes, two read. docs/store.md tells staff about it. */
package labchat.broker.store.sqlite;
