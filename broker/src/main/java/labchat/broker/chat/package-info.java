/** What a publish on the four kinds means: which are accepted, and why others are not. */
package labchat.broker.chat;
