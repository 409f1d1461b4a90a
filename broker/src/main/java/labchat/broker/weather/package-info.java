/** A bad network for one team, on purpose: the rules of what is lost and when, without any library of networks. */
package labchat.broker.weather;
