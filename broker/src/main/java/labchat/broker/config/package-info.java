/** The settings: options over environment over {@code broker.conf} over defaults, and the problems found in them. */
package labchat.broker.config;
