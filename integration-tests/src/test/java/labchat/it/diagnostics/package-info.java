/** What the server tells those who make mistakes, and that it tells nobody else anything. */
package labchat.it.diagnostics;
