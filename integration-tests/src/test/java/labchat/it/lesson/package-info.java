/** Recording a lesson, playing it back, and comparing diagrams with it, on the packaged broker. */
package labchat.it.lesson;
