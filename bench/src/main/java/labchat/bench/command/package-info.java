/** The command line; the only package that knows picocli. */
package labchat.bench.command;
