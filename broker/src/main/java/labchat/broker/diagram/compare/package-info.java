/** Compares a diagram that somebody has drawn, in Mermaid or PlantUML, with the packets that really passed. */
package labchat.broker.diagram.compare;
