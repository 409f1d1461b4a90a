/** The accounts: Mosquitto's {@code password_file}. */
package labchat.broker.users;
