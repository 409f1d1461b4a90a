/**
 * The chat as its user sees it: the model turns input and session events into effects, the view turns lines into text,
 * the terminal shows them. The only package that knows the terminal library.
 */
package labchat.client.ui;
