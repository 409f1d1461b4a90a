/** Who is connected: counts connections, tells everybody, and keeps it across restarts. */
package labchat.broker.presence;
