/** Random and mutated packets: the broker survives them all, and nobody else notices. */
package labchat.it.fuzz;
