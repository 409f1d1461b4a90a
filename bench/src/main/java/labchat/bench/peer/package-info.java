/** Other brokers in processes of their own; the only package that knows Moquette. */
package labchat.bench.peer;
