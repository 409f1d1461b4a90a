/** What staff see of the broker at work: one line for each event on the console, one JSON object for each packet. */
package labchat.broker.traffic;
