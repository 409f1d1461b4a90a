/** The JSON of the four kinds, written and read; the only place of this module that knows a JSON library. */
package labchat.protocol.codec;
