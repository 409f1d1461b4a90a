/** What the specifications of MQTT 3.1.1 and 5 ask of a broker, statement by statement. */
package labchat.it.conformance;
