/** What the broker says of itself on {@code $SYS/broker/…}, with Mosquitto's topics. */
package labchat.broker.sys;
