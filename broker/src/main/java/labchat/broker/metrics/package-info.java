/** Numbers about the broker for Prometheus: what happens is counted, and what the store takes is timed. */
package labchat.broker.metrics;
