/** The pages in a real Chromium, against the packaged broker. */
package labchat.it.browser;
