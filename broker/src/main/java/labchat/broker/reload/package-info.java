/** New accounts, rules and settings for a broker that runs: all of them or none. */
package labchat.broker.reload;
