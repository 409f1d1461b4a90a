/** Who is connected, as everybody sees it; and what the server's own account says and takes. */
package labchat.it.presence;
