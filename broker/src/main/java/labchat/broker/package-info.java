/** The broker: its entry point and its wiring. */
package labchat.broker;
