package labchat.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import labchat.it.support.Chat;
import labchat.it.support.Packet;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;

/** A topic that one user writes and another reads: chat, which is kept in the store, or any other. */
record Way(TestBroker broker, String writer, String reader, String topic, boolean isChat) {

    /** Both ways, between two fresh users. */
    static List<Way> both(TestBroker broker) {
        return List.of(chat(broker, People.fresh(), People.fresh()), other(broker));
    }

    /** Both ways, from a fresh user to the same. */
    static List<Way> bothToOneself(TestBroker broker) {
        String user = People.fresh();
        return List.of(chat(broker, user, user), new Way(broker, user, user, "ttm4175/other/" + user + "/x", false));
    }

    static Way other(TestBroker broker) {
        String reader = People.fresh();
        return new Way(broker, People.fresh(), reader, "ttm4175/other/" + reader + "/x", false);
    }

    private static Way chat(TestBroker broker, String writer, String reader) {
        return new Way(broker, writer, reader, Chat.messageTopic(reader), true);
    }

    /** What is published; no two are the same message. */
    String payload(String text) {
        return isChat ? Chat.message(writer, reader, text) : text;
    }

    Publish says(String text) {
        return Publish.to(topic, payload(text));
    }

    /** What a received publish says. */
    String textOf(Packet message) {
        return isChat ? message.text().replaceFirst(".*\"message\":\"([^\"]*)\".*", "$1") : message.text();
    }

    /** A filter that matches the topic by a wildcard. */
    String wildcard() {
        return topic.substring(0, topic.lastIndexOf('/')) + "/+";
    }

    RawMqtt writes(Wire wire) throws IOException {
        return People.login(broker, wire, writer);
    }

    /** @param options QoS and, in MQTT 5, more */
    RawMqtt reads(Wire wire, int options) throws IOException {
        RawMqtt client = People.login(broker, wire, reader);
        subscribe(client, options);
        return client;
    }

    void subscribe(RawMqtt client, int options) throws IOException {
        assertThat(client.subscribe(topic, options)).isEqualTo(options & 3);
    }

    /** Checks that nothing comes before what is said now. */
    void expectNothingButAFence(RawMqtt reading, Wire wire) throws IOException {
        RawMqtt writing = writes(wire);
        writing.publish(says("fence"), 1);
        assertThat(textOf(reading.message())).isEqualTo("fence");
        writing.disconnect();
    }
}
