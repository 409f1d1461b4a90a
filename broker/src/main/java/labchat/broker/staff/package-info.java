/** What staff see of the class and what they may do, without a word of HTTP: the feed, the teams, who is signed in. */
package labchat.broker.staff;
