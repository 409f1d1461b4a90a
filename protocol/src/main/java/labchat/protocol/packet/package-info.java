/** MQTT's packets as bytes, taken apart for people to look at; no client and no server is built on this. */
package labchat.protocol.packet;
