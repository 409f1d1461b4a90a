/** Lab weather, over real connections. */
package labchat.it.weather;
