/** TLS from the client's side: whom it trusts, what it shows of itself, and what it remembers. The JDK's own, no MQTT. */
package labchat.client.tls;
