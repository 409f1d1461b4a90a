/** The accounts as which the load logs in. */
package labchat.bench.accounts;
