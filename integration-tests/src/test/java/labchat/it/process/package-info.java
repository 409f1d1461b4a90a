/** The packaged broker as its own process, with real peers: mosquitto's clients, a student's Python program, our client. */
package labchat.it.process;
