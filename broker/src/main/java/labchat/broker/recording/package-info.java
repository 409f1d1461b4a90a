/** Lessons: recording what passes, with other names, and playing a recording back below a topic of its own. */
package labchat.broker.recording;
