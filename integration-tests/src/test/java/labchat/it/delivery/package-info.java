/** What reaches whom, and when: with messages kept on disk. */
package labchat.it.delivery;
