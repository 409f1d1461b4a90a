/** How results are counted and written. */
package labchat.bench.report;
