/**
 * Explains mistakes to those who made them: finds the words, and publishes them on {@code ROOT/<id>/diagnostics}. Every
 * code is described in docs/diagnostics.md.
 */
package labchat.broker.diagnostics;
