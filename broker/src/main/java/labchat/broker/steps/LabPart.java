package labchat.broker.steps;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The lab's steps, part by part, in order: the one place that says what a step is. What shows that a part works is in
 * {@link LabRun}; docs/students.md, "The lab's steps", says the same in prose. {@code ROOT} and {@code YOU} in the texts
 * stand for the chat's root and the user's id.
 */
public enum LabPart {
    CONNECTED_2(2, "connected", "a client of yours has logged in", LabPart.LOG_IN),
    SUBSCRIBED_2(2, "subscribed", "it is subscribed to messages for you", LabPart.SUBSCRIBE),
    MESSAGE_SENT_2(2, "message_sent", "it has sent a message to somebody", "Publish a message to your other client."),
    MESSAGE_RECEIVED_2(
            2,
            "message_received",
            "a message for you has come to it",
            "Let your other client, or somebody else, write to YOU while yours is subscribed."),

    CONNECTED_3(3, "connected", "your program has logged in", LabPart.LOG_IN),
    SUBSCRIBED_3(3, "subscribed", "it is subscribed to messages and to delivered", LabPart.SUBSCRIBE),
    MESSAGE_SENT_3(3, "message_sent", "it has sent a message", "Send a message to the other side with your program."),
    NEW_UUID_3(3, "new_uuid", "each message has a uuid of its own", "Send two messages."),
    MESSAGE_RECEIVED_3(3, "message_received", "a message for you has come to it", "Let the other side write to YOU."),
    DELIVERED_SENT_3(
            3,
            "delivered_sent",
            "it has answered a message with delivered",
            "Let the other side write to YOU; your program sends delivered by itself."),
    DELIVERED_RECEIVED_3(
            3,
            "delivered_received",
            "delivered for a message of yours has come to it",
            "Send a message to somebody whose program sends receipts, such as a practice partner."),
    QOS_1_3(3, "qos_1", "it subscribes and publishes at QoS 1", "Subscribe, send a message and a receipt at QoS 1."),

    CONNECTED_4(4, "connected", "your program has logged in", LabPart.LOG_IN),
    SUBSCRIBED_4(4, "subscribed", "it is subscribed to all four kinds", LabPart.SUBSCRIBE),
    TYPING_PACED_4(
            4,
            "typing_paced",
            "it hints while you type for more than ten seconds, at most every 3 s",
            "Type one text to the other side for more than ten seconds without sending it."),
    TYPING_STOPS_4(
            4,
            "typing_stops",
            "no hint follows for 6 s once the text is sent",
            "Type, send the text, and leave the keyboard alone for 6 s."),
    TYPING_RECEIVED_4(4, "typing_received", "a typing hint for you has come to it", "Let the other side type to YOU."),
    READ_SENT_4(
            4,
            "read_sent",
            "it has answered a message with delivered, then with read",
            "Let the other side write to YOU, and look at the text in your program."),
    READ_RECEIVED_4(
            4,
            "read_received",
            "read for a message of yours has come to it",
            "Send a message to somebody who reads it, such as a practice partner.");

    /** The steps there are, in order, and what each is about. */
    static final SortedMap<Integer, String> STEPS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            2, "MQTT by hand, with MQTTX or Mosquitto's clients",
            3, "your own program: messages and delivered",
            4, "your own program: typing hints and read")));

    private static final String LOG_IN = "Start it, and log in as YOU. Labchat's own clients do not count.";
    private static final String SUBSCRIBE = "Subscribe to what is sent to YOU.";

    private final int step;
    private final String word;
    private final String title;
    private final String todo;

    LabPart(int step, String word, String title, String todo) {
        this.step = step;
        this.word = word;
        this.title = title;
        this.todo = todo;
    }

    /** The lab's number of the step. */
    public int step() {
        return step;
    }

    /** Stable; once in each step. */
    public String word() {
        return word;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** What somebody does to get it done. */
    String todo(String user) {
        return todo.replace("YOU", user);
    }

    /** The parts of a step, in order; none if there is no such step. */
    public static List<LabPart> of(int step) {
        return Arrays.stream(values()).filter(part -> part.step == step).toList();
    }
}
