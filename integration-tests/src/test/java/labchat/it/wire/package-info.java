/** What the broker does on the wire, the same on TCP and WebSocket, with MQTT 3.1.1 and 5. */
package labchat.it.wire;
