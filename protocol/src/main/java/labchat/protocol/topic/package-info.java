/** MQTT's topics and filters, and where in them the chat lives. */
package labchat.protocol.topic;
