package labchat.it.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.it.support.Chat;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import labchat.protocol.codec.HistoryCodec;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ROOT/server/history}: docs/protocol.md, "Requests to the server". */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HistoryIT {

    private static final String REQUESTS = Chat.ROOT + "server/history";
    private static final AtomicInteger TEAMS = new AtomicInteger();

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().stored();

    /** Two users who have said nothing yet: each test gets its own of the class's twelve pairs. */
    private String ann;

    private String bob;

    @BeforeEach
    void choosePair() {
        int team = TEAMS.incrementAndGet();
        ann = "team" + team + "a";
        bob = "team" + team + "b";
    }

    /** Somebody who hears the answers to requests, and nothing else. */
    private static RawMqtt asker(Wire wire, String user) throws IOException {
        RawMqtt client = BROKER.login(wire, user);
        assertThat(client.subscribe(Chat.ROOT + user + "/history", 1)).isEqualTo(1);
        return client;
    }

    private static void say(RawMqtt client, String from, String to, String text, String uuid) throws IOException {
        assertThat(client.publish(Chat.messageTopic(to), Chat.message(from, to, text, uuid), 1)
                        .code())
                .isZero();
    }

    private static Packet ask(RawMqtt client, String json) throws IOException {
        assertThat(client.publish(REQUESTS, json, 1).code()).isZero();
        return takeAnswer(client);
    }

    private static Packet takeAnswer(RawMqtt client) throws IOException {
        Packet answer = client.take(
                "an answer",
                packet -> packet.type() == Type.PUBLISH && packet.topic().endsWith("/history"));
        client.acknowledge(answer);
        return answer;
    }

    private static HistoryAnswer read(Packet packet) {
        return HistoryCodec.decodeAnswer(packet.text().getBytes(UTF_8)).orElseThrow();
    }

    private static List<String> uuids(HistoryAnswer answer) {
        assertThat(answer.fault()).isEmpty();
        return answer.messages().stream()
                .map(entry -> entry.message().uuid().value())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"TCP_V3", "WS_V5"})
    void conversation_whenAskedFor_hasItsTimes(Wire wire) throws IOException {
        RawMqtt asker = asker(wire, ann);
        RawMqtt other = BROKER.login(wire, bob);
        say(asker, ann, bob, "Hei!", "one");
        say(other, bob, ann, "Hei du!", "two");
        other.publish(Chat.ROOT + ann + "/delivered", Chat.receipt("delivered", bob, ann, "one"), 1);
        other.publish(Chat.ROOT + ann + "/read", Chat.receipt("read", bob, ann, "one"), 1);

        Packet answer = ask(asker, "{\"sender\":\"%s\",\"with\":\"%s\"}".formatted(ann, bob));

        String time = "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"";
        assertThat(answer.topic()).isEqualTo(Chat.ROOT + ann + "/history");
        assertThat(answer.qos()).isEqualTo(1);
        assertThat(answer.isRetain()).isFalse();
        assertThat(answer.text())
                .matches(("\\{\"sender\":\"server\",\"receiver\":\"ANN\",\"with\":\"BOB\",\"messages\":\\["
                                + "\\{\"sender\":\"ANN\",\"receiver\":\"BOB\",\"message\":\"Hei!\",\"uuid\":\"one\","
                                + "\"sent\":TIME,\"delivered\":TIME,\"read\":TIME},"
                                + "\\{\"sender\":\"BOB\",\"receiver\":\"ANN\",\"message\":\"Hei du!\",\"uuid\":\"two\","
                                + "\"sent\":TIME,\"delivered\":null,\"read\":null}],\"more\":false}")
                        .replace("ANN", ann)
                        .replace("BOB", bob)
                        .replace("TIME", time));
        HistoryEntry first = read(answer).messages().get(0);
        assertThat(first.delivered().get(new ChatId(bob))).isAfterOrEqualTo(first.sent());
        assertThat(first.read().get(new ChatId(bob)))
                .isAfterOrEqualTo(first.delivered().get(new ChatId(bob)));
    }

    @Test
    void request_withAResponseTopic_isAnsweredThere() throws IOException {
        RawMqtt asker = BROKER.login(Wire.TCP_V5, ann);
        String responses = "ttm4175/other/history-" + ann;
        assertThat(asker.subscribe(responses, 1)).isEqualTo(1);
        say(asker, ann, bob, "Hei!", "one");

        asker.publish(
                Publish.to(REQUESTS, "{\"sender\":\"%s\",\"with\":\"%s\"}".formatted(ann, bob))
                        .props(Props.NONE
                                .with(Prop.RESPONSE_TOPIC, responses)
                                .with(Prop.CORRELATION_DATA, "question 7")),
                1);

        Packet answer = asker.take(Type.PUBLISH);
        assertThat(answer.topic()).isEqualTo(responses);
        assertThat(uuids(read(answer))).containsExactly("one");
        assertThat(answer.props().all(Prop.CORRELATION_DATA)).containsExactly("question 7");
    }

    @Test
    void pages_of130Messages_leadThroughAllOnce() throws IOException {
        RawMqtt asker = asker(Wire.TCP_V3, ann);
        RawMqtt other = BROKER.login(Wire.TCP_V5, bob);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            String uuid = "m" + i;
            all.add(uuid);
            say(i % 2 == 0 ? asker : other, i % 2 == 0 ? ann : bob, i % 2 == 0 ? bob : ann, "text " + i, uuid);
        }

        List<String> read = new ArrayList<>();
        String before = "";
        boolean more = true;
        while (more) {
            HistoryAnswer answer =
                    read(ask(asker, "{\"sender\":\"%s\",\"with\":\"%s\"%s}".formatted(ann, bob, before)));
            read.addAll(0, uuids(answer));
            before = ",\"before\":\"%s\"".formatted(read.get(0));
            more = answer.more();
        }

        assertThat(read).isEqualTo(all);
        HistoryAnswer oldest = read(ask(
                asker, "{\"sender\":\"%s\",\"with\":\"%s\",\"before\":\"m9\",\"limit\":\"4\"}".formatted(ann, bob)));
        assertThat(uuids(oldest)).containsExactly("m5", "m6", "m7", "m8");
    }

    @Test
    void search_ofOnesOwnMessages_takesWordsAsTheyAre() throws IOException {
        RawMqtt asker = asker(Wire.TCP_V5, ann);
        RawMqtt other = BROKER.login(Wire.TCP_V3, bob);
        say(asker, ann, bob, "Blåbær på fjellet 😀", "berries");
        say(other, bob, ann, "say \\\"hei\\\" OR (hallo) NEAR* text:x", "syntax");
        say(other, bob, "x4", "Blåbær for others", "others");
        Map<String, List<String>> found = Map.of(
                "blåbær",
                List.of("berries"),
                "BLABÆR fjellet",
                List.of("berries"),
                "fjellet 😀 blåbær",
                List.of("berries"),
                "😀",
                List.of(),
                "\\\"hei\\\" OR",
                List.of("syntax"),
                "NEAR(hei hallo)",
                List.of(),
                "hei* \\\" ) ^ - '",
                List.of("syntax"),
                "hal*",
                List.of("syntax"),
                "text:x",
                List.of("syntax"));
        found.forEach((words, uuids) -> {
            try {
                assertThat(uuids(read(ask(asker, "{\"sender\":\"%s\",\"search\":\"%s\"}".formatted(ann, words)))))
                        .as(words)
                        .isEqualTo(uuids);
            } catch (IOException e) {
                throw new AssertionError(words, e);
            }
        });
        assertThat(uuids(read(ask(asker, "{\"sender\":\"%s\",\"with\":\"x4\",\"search\":\"blåbær\"}".formatted(ann)))))
                .isEmpty();
    }

    @Test
    void room_ofWhichOneIsAMember_hasReceiptsOfEachReader() throws IOException {
        RawMqtt asker = asker(Wire.TCP_V3, ann);
        RawMqtt other = BROKER.login(Wire.TCP_V3, bob);
        String uuid = "lobby-" + ann;
        say(asker, ann, "lobby", "God dag", uuid);
        assertThat(other.publish(
                                Chat.ROOT + ann + "/read",
                                "{\"sender\":\"%s\",\"receiver\":\"%s\",\"status\":\"read\",\"uuid\":\"%s\",\"room\":\"lobby\"}"
                                        .formatted(bob, ann, uuid),
                                1)
                        .code())
                .isZero();

        Packet answer = ask(asker, "{\"sender\":\"%s\",\"with\":\"lobby\",\"limit\":1}".formatted(ann));

        assertThat(answer.text()).contains("\"delivered\":{},\"read\":{\"%s\":\"".formatted(bob));
        assertThat(uuids(read(answer))).containsExactly(uuid);
    }

    @Test
    void startPage_hasTheNewestOfEveryConversation() throws IOException {
        RawMqtt asker = asker(Wire.TCP_V5, ann);
        RawMqtt other = BROKER.login(Wire.TCP_V3, bob);
        say(asker, ann, bob, "old", "old");
        say(other, bob, ann, "new", "new");
        say(asker, ann, "x5", "other", "other");

        List<String> newest = new ArrayList<>(uuids(read(ask(asker, "{\"sender\":\"%s\"}".formatted(ann)))));

        // The room of all may have its message of another test.
        newest.removeIf(uuid -> uuid.startsWith("lobby-"));
        assertThat(newest).containsExactly("new", "other");
    }

    @ParameterizedTest
    @CsvSource({"group_1", "nobody"})
    void conversation_thatIsNotOnesOwn_isRefused(String with) throws IOException {
        RawMqtt asker = asker(Wire.TCP_V3, ann);

        HistoryAnswer answer = read(ask(asker, "{\"sender\":\"%s\",\"with\":\"%s\"}".formatted(ann, with)));

        assertThat(answer.fault().orElseThrow().code()).isEqualTo("not_a_member");
    }

    @Test
    void request_inAnothersName_isRefusedAndExplained() throws IOException {
        RawMqtt stranger = BROKER.receiver(Wire.TCP_V5, ann, 1);

        assertThat(stranger.publish(REQUESTS, "{\"sender\":\"%s\",\"with\":\"x4\"}".formatted(bob), 1)
                        .code())
                .isEqualTo(0x99);

        assertThat(stranger.diagnostics().text()).contains("\"code\":\"sender_mismatch\"");
        stranger.ping();
        assertThat(stranger.kept()).noneMatch(packet -> packet.topic().endsWith("/history"));
    }

    @Test
    void answer_toAClientOfSmallPackets_fitsAndGoesOn() throws IOException {
        RawMqtt writer = BROKER.login(Wire.TCP_V5, ann);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add("m" + i);
            say(writer, ann, bob, "x".repeat(300), "m" + i);
        }
        RawMqtt asker = BROKER.open(Wire.TCP_V5);
        int most = 4_000;
        assertThat(asker.connect(TestBroker.loginOf(asker, ann).props(Props.NONE.with(Prop.MAXIMUM_PACKET_SIZE, most)))
                        .code())
                .isZero();
        asker.subscribe(Chat.ROOT + ann + "/history", 1);

        List<String> read = new ArrayList<>();
        String before = "";
        boolean more = true;
        int pages = 0;
        while (more) {
            Packet page = ask(asker, "{\"sender\":\"%s\",\"with\":\"%s\"%s}".formatted(ann, bob, before));
            assertThat(page.text()).hasSizeLessThan(most);
            read.addAll(0, uuids(read(page)));
            before = ",\"before\":\"%s\"".formatted(read.get(0));
            more = read(page).more();
            pages++;
        }

        assertThat(read).isEqualTo(all);
        assertThat(pages).isGreaterThan(2);
    }

    @Test
    void requests_manyAtOnce_areAnsweredInTheirOrder() throws IOException {
        RawMqtt asker = asker(Wire.TCP_V3, ann);
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String with = i % 2 == 0 ? bob : "x4";
            asked.add(with);
            asker.send(Publish.to(REQUESTS, "{\"sender\":\"%s\",\"with\":\"%s\"}".formatted(ann, with))
                    .qos(0, 0)
                    .encode(Wire.TCP_V3));
        }
        List<String> answered = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answered.add(read(takeAnswer(asker)).with().orElseThrow().value());
        }
        assertThat(answered).isEqualTo(asked);
        assertThat(Collections.frequency(answered, bob)).isEqualTo(5);
    }
}
