/** What the broker says of itself, and what helps to find what is wrong. */
package labchat.it.sys;
