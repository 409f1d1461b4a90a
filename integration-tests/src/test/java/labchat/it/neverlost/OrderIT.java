package labchat.it.neverlost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One sender, one receiver; both connect several times, and the broker is stopped and started once. When nothing is
 * killed, each message arrives once, and in order.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrderIT {

    private static final int MESSAGES = 2_000;
    private static final int BATCH = 100;
    private static final Duration PATIENCE = RawMqtt.PATIENCE;

    @TempDir
    private Path directory;

    private final List<String> arrived = new ArrayList<>();
    private boolean hasSession;

    @ParameterizedTest(name = "QoS {1}, durable session {2}, {0}")
    @CsvSource({
        "TCP_V3, 1, false",
        "TCP_V5, 2, false",
        "TCP_V3, 2, true",
        "TCP_V5, 1, true",
    })
    void messages_acrossReconnectsAndARestart_arriveOnceAndInOrder(Wire wire, int qos, boolean durable)
            throws Exception {
        Lab lab = new Lab(directory, List.of("team1a", "team2a"));
        List<String> texts =
                IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
        try (BrokerProcess broker = lab.start()) {
            // The receiver is there, has gone in the middle, and comes when all has been sent.
            send(broker, wire, qos, texts.subList(0, 400), receiver(broker, wire, qos, durable));
            RawMqtt leaving = receiver(broker, wire, qos, durable);
            send(broker, wire, qos, texts.subList(400, 500), leaving);
            send(broker, wire, qos, texts.subList(500, 900), null);
            RawMqtt back = receiver(broker, wire, qos, durable);
            send(broker, wire, qos, texts.subList(900, 1_000), back);
            send(broker, wire, qos, texts.subList(1_000, 1_200), null);
            Lab.stop(broker);
        }
        try (BrokerProcess broker = lab.start()) {
            send(broker, wire, qos, texts.subList(1_200, 1_400), null);
            send(broker, wire, qos, texts.subList(1_400, 1_800), receiver(broker, wire, qos, durable));
            send(broker, wire, qos, texts.subList(1_800, MESSAGES), null);
            try (RawMqtt last = receiver(broker, wire, qos, durable)) {
                takeUntil(last, texts.get(MESSAGES - 1));
                last.ping();
                assertThat(last.kept()).isEmpty();
            }
            Lab.stop(broker);
        }
        assertThat(arrived).isEqualTo(texts);
    }

    private RawMqtt receiver(BrokerProcess broker, Wire wire, int qos, boolean durable) throws IOException {
        RawMqtt client = RawMqtt.open(wire, broker.port(wire), "receiver");
        Connect connect = Connect.as(wire).clientId("receiver").login("team2a", Lab.PASSWORD);
        if (durable) {
            connect.persistent().props(wire.isV5() ? Props.NONE.with(Prop.SESSION_EXPIRY, 3_600) : Props.NONE);
        }
        Packet answer = client.connect(connect);
        assertThat(answer.code()).isZero();
        assertThat(answer.sessionPresent()).isEqualTo(hasSession);
        if (!hasSession) {
            assertThat(client.subscribe(Chat.ROOT + "team2a/#", qos)).isEqualTo(qos);
            hasSession = durable;
        }
        return client;
    }

    /**
     * Sends on a connection of its own for each batch.
     *
     * @param receiver takes what comes up to the last text, and leaves; null for none
     */
    private void send(BrokerProcess broker, Wire wire, int qos, List<String> texts, RawMqtt receiver)
            throws IOException {
        for (int from = 0; from < texts.size(); from += BATCH) {
            try (RawMqtt sender = Lab.login(broker, wire, "team1a")) {
                List<String> batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
                List<Integer> ids = new ArrayList<>();
                for (String text : batch) {
                    ids.add(sender.nextId());
                    sender.send(Publish.to(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", text))
                            .qos(qos, ids.get(ids.size() - 1))
                            .encode(wire));
                }
                for (int id : ids) {
                    finish(sender, qos, id);
                }
                sender.disconnect();
            }
        }
        if (receiver != null) {
            takeUntil(receiver, texts.get(texts.size() - 1));
            receiver.disconnect();
            receiver.expectClosed();
            receiver.close();
        }
    }

    private static void finish(RawMqtt sender, int qos, int id) throws IOException {
        if (qos == 1) {
            assertThat(sender.takeAck(Type.PUBACK, id).code()).isZero();
        } else {
            assertThat(sender.takeAck(Type.PUBREC, id).code()).isZero();
            sender.ack(Type.PUBREL, id);
            sender.takeAck(Type.PUBCOMP, id);
        }
    }

    private void takeUntil(RawMqtt receiver, String text) throws IOException {
        String last = "";
        while (!last.equals(text)) {
            Packet message = receiver.takeWithin(PATIENCE, packet -> packet.type() == Type.PUBLISH)
                    .orElseThrow(() -> new AssertionError("nothing after %s; waited for %s"
                            .formatted(arrived.isEmpty() ? "" : arrived.get(arrived.size() - 1), text)));
            receiver.acknowledge(message);
            String json = message.text();
            int start = json.indexOf("\"message\":\"") + 11;
            last = json.substring(start, json.indexOf('"', start));
            arrived.add(last);
        }
        // All acknowledgements have been read when this is answered.
        receiver.ping();
    }
}
