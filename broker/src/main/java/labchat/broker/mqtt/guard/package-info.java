/**
 * What stands before Moquette on every connection: one small handler for each duty, in the order in which a packet meets
 * them. {@link labchat.broker.mqtt.guard.GuardInitializer} puts them in.
 */
package labchat.broker.mqtt.guard;
