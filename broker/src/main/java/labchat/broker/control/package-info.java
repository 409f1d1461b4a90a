/** How a command of staff's reaches the broker that runs: a socket in its data directory. */
package labchat.broker.control;
