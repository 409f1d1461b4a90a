/** The embedded broker: the only packages that know Moquette and Netty. */
package labchat.broker.mqtt;
