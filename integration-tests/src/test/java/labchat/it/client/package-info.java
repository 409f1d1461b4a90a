/** The packaged client against the packaged broker, as students and their scripts use it. */
package labchat.it.client;
