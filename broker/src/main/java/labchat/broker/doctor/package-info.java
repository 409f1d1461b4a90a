/** Looks at what the broker needs, before it runs and while it runs, and says what is wrong and what to do about it. */
package labchat.broker.doctor;
