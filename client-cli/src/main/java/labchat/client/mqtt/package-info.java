/** The session over MQTT; the only package that knows the MQTT library. */
package labchat.client.mqtt;
