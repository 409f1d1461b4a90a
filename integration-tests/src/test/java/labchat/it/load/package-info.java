/** Many clients at once: what is acknowledged arrives, whatever the load. */
package labchat.it.load;
