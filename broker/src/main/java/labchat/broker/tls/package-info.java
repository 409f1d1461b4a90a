/** Certificates: read from PEM files and checked, made, replaced while the broker runs. */
package labchat.broker.tls;
