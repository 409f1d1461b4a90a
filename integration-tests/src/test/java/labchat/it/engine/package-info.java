/**
 * What is wrong with the MQTT server inside, and that none of it gets past the guard: each hole is shown on a server that
 * stands alone (tag {@code engine}), and its absence on every listener of the broker. The list is
 * {@code docs/decisions/0003-holes.md}.
 */
package labchat.it.engine;
