package labchat.it.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import labchat.it.support.Chat;
import labchat.it.support.MapUsers;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Who is not there gets it later: once, in order. Each test has its own pair of users, so that none finds what another
 * has left.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OfflineIT {

    private static final List<String> USERS =
            IntStream.range(0, 500).mapToObj(i -> "user" + i).toList();

    @RegisterExtension
    static final TestBroker BROKER =
            TestBroker.ofTheClass().users(MapUsers.of(USERS)).stored();

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String sender = newUser();
    private final String receiver = newUser();
    private final String topic = Chat.messageTopic(receiver);

    private static String newUser() {
        return USERS.get(NEXT.getAndIncrement());
    }

    private String say(RawMqtt from, String text) throws IOException {
        return say(from, text, 1);
    }

    private String say(RawMqtt from, String text, int qos) throws IOException {
        String uuid = Chat.freshUuid();
        from.publish(topic, Chat.message(sender, receiver, text, uuid), qos);
        return uuid;
    }

    private RawMqtt subscribed(Wire wire, int qos) throws IOException {
        return BROKER.receiver(wire, receiver, qos);
    }

    /** Takes so many messages and acknowledges them; their texts. */
    private static List<String> texts(RawMqtt client, int count) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(textOf(client.message()));
        }
        return texts;
    }

    private static String textOf(Packet message) {
        return message.text().replaceFirst(".*\"message\":\"([^\"]*)\".*", "$1");
    }

    /** Nothing more comes: what is sent now is next. */
    private void expectNothingBefore(RawMqtt client, String fence) throws IOException {
        RawMqtt other = BROKER.login(Wire.TCP_V3, sender);
        say(other, fence);
        assertThat(texts(client, 1)).containsExactly(fence);
    }

    @OnEveryListener
    void messages_toSomebodyWhoIsNotThere_comeAtTheNextSubscribeInOrder(Wire wire) throws IOException {
        RawMqtt from = BROKER.login(wire, sender);
        for (int i = 0; i < 300; i++) {
            say(from, wire + " " + i, i % 3);
        }
        RawMqtt to = subscribed(wire, 2);
        assertThat(texts(to, 300))
                .isEqualTo(IntStream.range(0, 300).mapToObj(i -> wire + " " + i).toList());
        expectNothingBefore(to, "fence " + wire);
    }

    @Test
    void whatWasAcknowledged_isNotSentAgain() throws IOException {
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        RawMqtt to = subscribed(Wire.TCP_V3, 1);
        say(from, "live");
        texts(to, 1);
        to.ping();
        to.close();
        say(from, "late");
        RawMqtt again = subscribed(Wire.TCP_V5, 1);
        assertThat(texts(again, 1)).containsExactly("late");
        again.ping();
        again.close();
        expectNothingBefore(subscribed(Wire.WS_V3, 1), "fence");
    }

    @Test
    void whatWasNotAcknowledged_isSentAgain() throws IOException {
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        RawMqtt to = subscribed(Wire.TCP_V3, 1);
        say(from, "one");
        say(from, "two");
        to.take(Type.PUBLISH);
        to.close();
        assertThat(texts(subscribed(Wire.TCP_V3, 1), 2)).containsExactly("one", "two");
    }

    @Test
    void whatWasWrittenAtQos0_isHandedOver() throws IOException {
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        say(from, "waits");
        RawMqtt to = subscribed(Wire.TCP_V3, 0);
        assertThat(texts(to, 1)).containsExactly("waits");
        to.ping();
        to.close();
        expectNothingBefore(subscribed(Wire.TCP_V3, 1), "fence");
    }

    @Test
    void whatWasReceipted_isNotSentAgain() throws IOException {
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        RawMqtt to = subscribed(Wire.TCP_V3, 1);
        String uuid = say(from, "receipted");
        to.take(Type.PUBLISH);
        to.publish(Chat.ROOT + sender + "/delivered", Chat.receipt("delivered", receiver, sender, uuid), 1);
        to.close();
        expectNothingBefore(subscribed(Wire.TCP_V3, 1), "fence");
    }

    @Test
    void receipts_waitLikeMessages() throws IOException {
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        String uuid = say(from, "Hei!");
        from.close();
        RawMqtt to = subscribed(Wire.TCP_V3, 1);
        texts(to, 1);
        for (String kind : List.of("delivered", "read")) {
            to.publish(Chat.ROOT + sender + "/" + kind, Chat.receipt(kind, receiver, sender, uuid), 1);
        }
        RawMqtt back = BROKER.receiver(Wire.TCP_V5, sender, 1);
        assertThat(List.of(back.message().topic(), back.message().topic()))
                .containsExactly(Chat.ROOT + sender + "/delivered", Chat.ROOT + sender + "/read");
    }

    @Test
    void subscriptionToMessagesOnly_leavesTheReceiptsWaiting() throws IOException {
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        String uuid = say(from, "Hei!");
        from.close();
        RawMqtt to = subscribed(Wire.TCP_V3, 1);
        texts(to, 1);
        to.publish(Chat.ROOT + sender + "/read", Chat.receipt("read", receiver, sender, uuid), 1);

        RawMqtt some = BROKER.login(Wire.TCP_V3, sender);
        some.subscribe(Chat.messageTopic(sender), 1);
        to.publish(Chat.messageTopic(sender), Chat.message(receiver, sender, "answer"), 1);
        assertThat(texts(some, 1)).containsExactly("answer");
        some.subscribe(Chat.ROOT + sender + "/#", 1);
        assertThat(some.message().topic()).isEqualTo(Chat.ROOT + sender + "/read");
    }

    @OnEveryListener
    void repeatedMessage_isAcknowledgedAndNotDeliveredAgain(Wire wire) throws IOException {
        RawMqtt from = BROKER.login(wire, sender);
        RawMqtt to = subscribed(wire, 1);
        String message = Chat.message(sender, receiver, "once " + wire, Chat.freshUuid());
        assertThat(from.publish(topic, message, 1).code()).isZero();
        assertThat(from.publish(topic, message, 2).code()).isZero();
        from.publish(topic, message, 0);
        assertThat(texts(to, 1)).containsExactly("once " + wire);
        expectNothingBefore(to, "fence " + wire);
    }

    @Test
    void repeatedUuidWithAnotherText_isExplainedToItsAuthor() throws IOException {
        RawMqtt from = BROKER.receiver(Wire.TCP_V3, sender, 1);
        String uuid = Chat.freshUuid();
        from.publish(topic, Chat.message(sender, receiver, "first", uuid), 1);
        from.publish(topic, Chat.message(sender, receiver, "first", uuid), 1);
        from.publish(topic, Chat.message(sender, receiver, "second", uuid), 1);
        assertThat(from.diagnostics().text()).contains("\"code\":\"repeated_uuid\"");
        assertThat(texts(subscribed(Wire.TCP_V3, 1), 1)).containsExactly("first");
    }

    @Test
    void sameUuidToAnotherReceiver_isAnotherMessage() throws IOException {
        String third = newUser();
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        RawMqtt to = subscribed(Wire.TCP_V3, 1);
        RawMqtt other = BROKER.receiver(Wire.TCP_V3, third, 1);
        String uuid = Chat.freshUuid();
        from.publish(topic, Chat.message(sender, receiver, "a", uuid), 1);
        from.publish(Chat.messageTopic(third), Chat.message(sender, third, "b", uuid), 1);
        assertThat(texts(to, 1)).containsExactly("a");
        assertThat(texts(other, 1)).containsExactly("b");
    }

    @Test
    void restart_losesNothingAndRepeatsNothing() throws IOException {
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        RawMqtt to = subscribed(Wire.TCP_V3, 1);
        say(from, "had");
        texts(to, 1);
        to.ping();
        to.close();
        String message = Chat.message(sender, receiver, "waits", Chat.freshUuid());
        from.publish(topic, message, 1);

        BROKER.restart();
        RawMqtt again = BROKER.login(Wire.TCP_V3, sender);
        assertThat(again.publish(topic, message, 1).code()).isZero();
        RawMqtt back = subscribed(Wire.TCP_V3, 1);
        assertThat(texts(back, 1)).containsExactly("waits");
        expectNothingBefore(back, "fence");
    }

    @Test
    void secondClient_getsOnlyWhatNoClientOfTheUserHas() throws IOException {
        RawMqtt from = BROKER.login(Wire.TCP_V3, sender);
        RawMqtt first = subscribed(Wire.TCP_V3, 1);
        say(from, "first has it");
        texts(first, 1);
        first.ping();
        RawMqtt second = subscribed(Wire.TCP_V3, 1);
        say(from, "both");
        assertThat(texts(first, 1)).containsExactly("both");
        assertThat(texts(second, 1)).containsExactly("both");
    }

    /** Ten thousand, to a client that takes ten at a time, while their author goes on and two others chat. */
    @Test
    void tenThousandWaiting_comeInOrderBeforeWhatIsNewAndHurtNobody() throws IOException {
        int waiting = 10_000;
        RawMqtt from = BROKER.login(Wire.TCP_V5, sender);
        int window = 20;
        for (int i = 0; i < waiting; i += window) {
            for (int k = i; k < i + window; k++) {
                String uuid = Chat.freshUuid();
                from.send(Publish.to(topic, Chat.message(sender, receiver, String.valueOf(k), uuid))
                        .qos(1, 1 + k % window)
                        .encode(from.wire()));
            }
            for (int k = i; k < i + window; k++) {
                from.takeAck(Type.PUBACK, 1 + k % window);
            }
        }
        String one = newUser();
        String two = newUser();
        RawMqtt talker = BROKER.login(Wire.TCP_V3, one);
        RawMqtt listener = BROKER.receiver(Wire.TCP_V3, two, 1);

        RawMqtt to = BROKER.open(Wire.TCP_V5);
        to.connect(TestBroker.loginOf(to, receiver).props(Props.NONE.with(Prop.RECEIVE_MAXIMUM, 10)));
        to.subscribe(Chat.ROOT + receiver + "/#", 1);
        int added = 0;
        for (int i = 0; i < waiting; i++) {
            assertThat(textOf(to.message())).isEqualTo(String.valueOf(i));
            if (i % 500 == 0) {
                say(from, "new " + added++);
                talker.publish(Chat.messageTopic(two), Chat.message(one, two, "beside " + i), 1);
                assertThat(textOf(listener.message())).isEqualTo("beside " + i);
            }
        }
        for (int i = 0; i < added; i++) {
            assertThat(textOf(to.message())).isEqualTo("new " + i);
        }
    }

    @OnVersion5
    void properties_areKept_andWhatExpiresIsNot(Wire wire) throws IOException {
        RawMqtt from = BROKER.login(wire, sender);
        from.publish(
                Publish.to(topic, Chat.message(sender, receiver, "with properties"))
                        .props(Props.NONE
                                .with(Prop.CONTENT_TYPE, "application/json")
                                .with(Prop.MESSAGE_EXPIRY, 3_600)),
                1);
        BROKER.restart();
        RawMqtt to = subscribed(wire, 1);
        Packet message = to.message();
        assertThat(textOf(message)).isEqualTo("with properties");
        assertThat(message.props().text(Prop.CONTENT_TYPE)).contains("application/json");
        assertThat(message.props().number(Prop.MESSAGE_EXPIRY).orElseThrow()).isBetween(1L, 3_600L);
    }

    @Test
    void memberWhoIsNotThere_getsTheRoomsMessagesLater_andANewOneNotTheOlder() throws IOException {
        String room = "room_of_" + sender;
        String third = newUser();
        RawMqtt author = BROKER.receiver(Wire.TCP_V3, sender, 1);
        ask(author, sender, "create", room);
        RawMqtt member = BROKER.receiver(Wire.TCP_V3, receiver, 1);
        ask(member, receiver, "join", room);
        member.close();
        author.publish(Chat.messageTopic(room), Chat.message(sender, room, "to the room"), 1);

        RawMqtt late = BROKER.receiver(Wire.TCP_V3, third, 1);
        ask(late, third, "join", room);
        late.subscribe(Chat.ROOT + room + "/#", 1);
        author.publish(Chat.messageTopic(room), Chat.message(sender, room, "welcome"), 1);
        assertThat(roomTexts(late, room, 1)).containsExactly("welcome");

        RawMqtt back = BROKER.login(Wire.TCP_V3, receiver);
        back.subscribe(Chat.ROOT + room + "/#", 1);
        assertThat(roomTexts(back, room, 2)).containsExactly("to the room", "welcome");
    }

    private static void ask(RawMqtt client, String user, String action, String room) throws IOException {
        String request =
                "{\"sender\":\"%s\",\"action\":\"%s\",\"room\":\"%s\",\"public\":true}".formatted(user, action, room);
        client.publish(Chat.ROOT + "server/rooms", request, 1);
        Packet answer = client.take(
                "the answer to " + action,
                packet -> packet.type() == Type.PUBLISH && packet.topic().endsWith("/rooms"));
        client.acknowledge(answer);
        assertThat(answer.text()).contains("\"status\":\"ok\"");
    }

    private static List<String> roomTexts(RawMqtt client, String room, int count) throws IOException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            Packet message = client.message();
            if (message.topic().equals(Chat.messageTopic(room))) {
                texts.add(textOf(message));
            }
        }
        return texts;
    }
}
