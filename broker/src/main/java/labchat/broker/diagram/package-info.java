/** Sequence diagrams of real packets: two clients' users with the broker between them. */
package labchat.broker.diagram;
