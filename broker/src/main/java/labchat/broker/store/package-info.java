/** Where chat publishes are kept before they are acknowledged. */
package labchat.broker.store;
