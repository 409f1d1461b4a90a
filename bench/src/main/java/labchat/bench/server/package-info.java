/** What is measured of the broker from outside its process: CPU time, memory. */
package labchat.bench.server;
