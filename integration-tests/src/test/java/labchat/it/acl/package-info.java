/** The two files of Mosquitto's, against a real Mosquitto. */
package labchat.it.acl;
