/** Starts brokers in turn, lets the workloads run against each and writes the table. */
package labchat.bench.compare;
