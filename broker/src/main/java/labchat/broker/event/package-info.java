/** What happens in the broker, as values that features listen to. */
package labchat.broker.event;
