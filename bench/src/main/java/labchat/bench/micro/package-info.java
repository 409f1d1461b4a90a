/** Benchmarks of single parts of the broker, for JMH; the only package that knows JMH and the broker. */
package labchat.bench.micro;
