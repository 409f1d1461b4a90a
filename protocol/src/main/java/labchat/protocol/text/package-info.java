/** Words for people. */
package labchat.protocol.text;
