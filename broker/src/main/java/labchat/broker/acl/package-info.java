/** Who may publish and read what: Mosquitto's {@code acl_file}, and the decisions made from it. */
package labchat.broker.acl;
