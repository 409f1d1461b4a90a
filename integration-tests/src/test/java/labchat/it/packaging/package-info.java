/** What is in the jars that are handed out. */
package labchat.it.packaging;
