/** Makes a site for a browser out of README.md and docs: plain HTML, without scripts, that loads nothing from elsewhere. */
package labchat.site;
