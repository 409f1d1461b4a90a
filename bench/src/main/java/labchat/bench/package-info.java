/** A load generator for MQTT brokers that carry the chat, and what compares brokers with it. */
package labchat.bench;
