/** The lab's steps: which parts each has, what shows that a part works, and how far everybody is. */
package labchat.broker.steps;
