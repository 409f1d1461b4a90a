/**
 * The chat on the whole screen. {@link labchat.client.ui.full.ScreenModel} is all that is known,
 * {@link labchat.client.ui.full.ScreenView} turns it into lines and does nothing else, the reactions change it; one
 * thread does all of it, and draws.
 */
package labchat.client.ui.full;
