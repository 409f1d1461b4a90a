/** What the tests drive the broker with: a raw MQTT client, a broker in this process, a broker as its own process. */
package labchat.it.support;
