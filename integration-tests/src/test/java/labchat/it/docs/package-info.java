/** The documentation does what it says: its commands and programs are run. docs/developers.md tells how blocks are marked. */
package labchat.it.docs;
