/** The workloads, on one event loop; the only package that knows Netty. */
package labchat.bench.load;
