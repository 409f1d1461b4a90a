package labchat.broker.diagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import labchat.broker.diagram.Diagram.Arrow;
import labchat.broker.diagram.Diagram.Style;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;
import labchat.broker.traffic.TrafficRecord;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class DiagramTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String ROOT = "ttm4175/chat/";

    /** What somebody would like to see on a page that shows the diagram. */
    private static final String HOSTILE = "</text><script>alert(1)</script> a//b ;# \u001b[31m \u202e";

    private DiagramBuilder builder =
            new DiagramBuilder("team1a", "team2a", ChatTopics.DEFAULT, DiagramBuilder.Options.STANDARD);
    private int line;

    /** A packet of a user, made step by step. */
    private static final class P {
        private final String user;
        private final boolean inbound;
        private final String type;
        private String client = "laptop";
        private String topic = "";
        private int id;
        private int code = -1;
        private Optional<ChatFields> chat = Optional.empty();
        private Optional<Refusal> refusal = Optional.empty();
        private Optional<String> payload = Optional.empty();

        private P(String user, boolean inbound, String type) {
            this.user = user;
            this.inbound = inbound;
            this.type = type;
        }

        static P in(String user, String type) {
            return new P(user, true, type);
        }

        static P out(String user, String type) {
            return new P(user, false, type);
        }

        P topic(String value) {
            topic = value;
            return this;
        }

        P client(String value) {
            client = value;
            return this;
        }

        P id(int value) {
            id = value;
            return this;
        }

        P code(int value) {
            code = value;
            return this;
        }

        P refused(String reason) {
            refusal = Optional.of(Refusal.of(reason, "because"));
            return this;
        }

        P payload(String value) {
            payload = Optional.of(value);
            return this;
        }

        P chat(String kind, String from, String to, String uuid) {
            topic = ROOT + to + "/" + kind;
            chat = Optional.of(new ChatFields(kind, from, to, uuid));
            return this;
        }

        P typing(String from, String to) {
            return chat("typing", from, to, "");
        }

        PacketTrace at(Instant time) {
            return new PacketTrace(
                    time,
                    new ClientIdentity(Optional.of(user), client, "10.0.0.7:1"),
                    inbound,
                    type,
                    topic,
                    chat.isPresent() ? 1 : -1,
                    false,
                    false,
                    id,
                    105,
                    code,
                    chat,
                    refusal,
                    payload);
        }
    }

    private void add(P packet) {
        line++;
        builder.add(packet.at(NOON.plusMillis(line)), "traffic.jsonl:" + line);
    }

    private List<Arrow> arrows() {
        return builder.build().steps().stream().map(step -> (Arrow) step).toList();
    }

    private List<String> labels() {
        return arrows().stream()
                .map(arrow -> (arrow.left() ? "team1a" : "team2a") + (arrow.inbound() ? " > " : " < ") + arrow.label())
                .toList();
    }

    private void options(boolean acknowledgements, boolean everything, int max) {
        builder = new DiagramBuilder(
                "team1a", "team2a", ChatTopics.DEFAULT, new DiagramBuilder.Options(acknowledgements, everything, max));
    }

    /** A chat as the lab's figure has it, with mistakes and remote text that wants to be more. */
    private Diagram chat() {
        add(P.in("team1a", "CONNECT"));
        add(P.out("team1a", "CONNACK").code(0));
        add(P.in("team1a", "SUBSCRIBE").topic(ROOT + "team1a/#").id(1));
        add(P.in("team2a", "CONNECT").client("phone"));
        add(P.in("team2a", "SUBSCRIBE").client("phone").topic(ROOT + "team2a/#").id(1));
        for (int i = 0; i < 5; i++) {
            add(P.in("team1a", "PUBLISH").typing("team1a", "team2a"));
            add(P.out("team2a", "PUBLISH").client("phone").typing("team1a", "team2a"));
        }
        add(P.in("team1a", "PUBLISH")
                .chat("message", "team1a", "team2a", "16fd2706")
                .id(2));
        add(P.out("team2a", "PUBLISH").client("phone").chat("message", "team1a", "team2a", "16fd2706"));
        add(P.out("team1a", "PUBACK").id(2));
        add(P.in("team2a", "PUBLISH").client("phone").chat("read", "team2a", "team1a", "16fd2706"));
        add(P.out("team1a", "PUBLISH").chat("read", "team2a", "team1a", "16fd2706"));
        add(P.in("team1a", "PUBLISH")
                .topic(ROOT + "team2a/message")
                .id(3)
                .refused("invalid_json")
                .payload(HOSTILE));
        line++;
        builder.add(new TrafficRecord.Dropped(
                NOON.plusMillis(line), 7, new TrafficRecord.Place("traffic.jsonl", line), "{}"));
        add(P.in("team1a", "DISCONNECT"));
        add(P.out("team2a", "DISCONNECT").client("phone").code(0x8b));
        return builder.build();
    }

    @ParameterizedTest
    @EnumSource(DiagramFormat.class)
    void render_chat_isAsInTheGoldenFile(DiagramFormat format) throws IOException {
        String rendered = format.render(chat());

        String name = "chat." + format.extension();
        String folder = System.getProperty("labchat.golden", "");
        if (!folder.isEmpty()) {
            Files.writeString(Path.of(folder, name), rendered);
        }
        try (InputStream golden = DiagramTest.class.getResourceAsStream(name)) {
            assertThat(golden).as("golden file %s", name).isNotNull();
            assertThat(rendered).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void render_svgOfHostileText_isOnePictureWithoutScript() throws Exception {
        String svg = DiagramFormat.SVG.render(chat());

        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        NodeList all = document.getElementsByTagName("*");
        assertThat(IntStream.range(0, all.getLength()).mapToObj(i -> all.item(i).getNodeName()))
                .containsOnly("svg", "title", "style", "rect", "line", "text", "g", "path");
        NodeList texts = document.getElementsByTagName("text");
        assertThat(IntStream.range(0, texts.getLength()).mapToObj(i -> ((Element) texts.item(i)).getTextContent()))
                .anySatisfy(text -> assertThat(text).contains("</text><script>alert(1)</script>"));
    }

    @Test
    void render_hostileText_staysInItsLineAndHasNoControlCharacters() {
        Diagram diagram = chat();
        for (DiagramFormat format : DiagramFormat.values()) {
            String rendered = format.render(diagram);
            assertThat(rendered).endsWith("\n").doesNotContain("\u001b").doesNotContain("\u202e");
            assertThat(rendered.lines().filter(l -> l.contains("alert(1)")))
                    .as(format.name())
                    .hasSize(1);
        }
    }

    @Test
    void build_eachArrow_hasThePacketsItStandsFor() {
        Diagram diagram = chat();

        List<String> places = new ArrayList<>();
        for (Diagram.Step step : diagram.steps()) {
            if (step instanceof Arrow arrow) {
                arrow.sources().forEach(source -> places.add(source.place()));
            }
        }
        // All but CONNACK (2), PUBACK (18) and the gap (22), and none twice.
        assertThat(places).doesNotHaveDuplicates();
        assertThat(places)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 24)
                        .filter(i -> i != 2 && i != 18 && i != 22)
                        .mapToObj(i -> "traffic.jsonl:" + i)
                        .toList());
    }

    @Test
    void build_typing_isFoldedUntilSomethingElseIsShown() {
        add(P.in("team1a", "PUBLISH").typing("team1a", "team2a"));
        add(P.in("team1a", "PINGREQ"));
        add(P.out("team1a", "PINGRESP"));
        add(P.in("team1a", "PUBLISH").typing("team1a", "team2a"));
        add(P.in("team1a", "PUBLISH").chat("message", "team1a", "team2a", "u"));
        add(P.in("team1a", "PUBLISH").typing("team1a", "team2a"));

        assertThat(labels())
                .containsExactly(
                        "team1a > send(ttm4175/chat/team2a/typing, typing x2)",
                        "team1a > send(ttm4175/chat/team2a/message, uuid u)",
                        "team1a > send(ttm4175/chat/team2a/typing, typing)");
    }

    @Test
    void build_refusedTyping_isNotFoldedAway() {
        add(P.in("team1a", "PUBLISH").typing("team1a", "team2a"));
        add(P.in("team1a", "PUBLISH").typing("team1a", "team2a").refused("rate"));

        assertThat(arrows()).extracting(Arrow::style).containsExactly(Style.CALL, Style.REFUSED);
    }

    @Test
    void build_othersPackets_areNotThere() {
        add(P.in("team3a", "CONNECT"));
        add(P.in("team1a", "PUBLISH").chat("message", "team1a", "team3a", "u"));
        add(P.out("team1a", "PUBLISH").topic(ROOT + "team3a/presence"));
        add(P.out("team1a", "PUBLISH").topic(ROOT + "team2a/presence"));

        assertThat(labels()).containsExactly("team1a < send(ttm4175/chat/team2a/presence, 105 bytes)");
    }

    @Test
    void build_everything_hasWhatTheTwoSayToOthers() {
        options(false, true, 500);
        add(P.in("team3a", "CONNECT"));
        add(P.in("team1a", "PUBLISH").chat("message", "team1a", "team3a", "u"));

        assertThat(labels()).containsExactly("team1a > send(ttm4175/chat/team3a/message, uuid u)");
    }

    @Test
    void build_messageInARoomOfBoth_isThere() {
        add(P.in("team1a", "PUBLISH").chat("message", "team1a", "lobby", "u"));
        add(P.out("team2a", "PUBLISH").chat("message", "team1a", "lobby", "u"));
        add(P.in("team1a", "PUBLISH").chat("message", "team1a", "group_1", "v"));

        assertThat(labels())
                .containsExactly(
                        "team1a > send(ttm4175/chat/lobby/message, uuid u)",
                        "team2a < send(ttm4175/chat/lobby/message, uuid u)");
    }

    @Test
    void build_acknowledgements_areThereIfWantedOrIfTheyRefuse() {
        add(P.out("team1a", "CONNACK").code(5).refused("bad_password"));
        add(P.out("team1a", "SUBACK").id(1).code(1));
        add(P.out("team1a", "SUBACK").id(2).code(0x80));
        assertThat(labels()).containsExactly("team1a < connack 0x05 refused: bad_password", "team1a < suback(2) 0x80");

        options(true, false, 500);
        add(P.out("team1a", "SUBACK").id(1).code(1));
        add(P.in("team1a", "PUBACK").id(9));
        assertThat(labels()).containsExactly("team1a < suback(1)", "team1a > puback(9)");
    }

    @Test
    void build_payload_isTheDataUpToALength() {
        add(P.in("team1a", "PUBLISH").chat("message", "team1a", "team2a", "u").payload("{\"a\":\"" + "x".repeat(200)));

        assertThat(labels().get(0)).startsWith("team1a > send(ttm4175/chat/team2a/message, \"{\\\"a\\\":\\\"xxx");
        assertThat(labels().get(0)).endsWith("x…)").hasSizeLessThan(130);
    }

    @Test
    void build_severalClientsOfAUser_areTold() {
        add(P.in("team1a", "CONNECT").client("laptop"));
        add(P.in("team1a", "CONNECT").client("0123456789abcdef"));
        add(P.in("team2a", "CONNECT").client("phone"));

        assertThat(labels())
                .containsExactly("team1a > connect [laptop]", "team1a > connect [012345678…]", "team2a > connect");
    }

    @Test
    void build_packetLoggedBeforeItsCause_isPutBehindIt() {
        builder.add(P.out("team2a", "DISCONNECT").at(NOON.plusMillis(2)), "traffic.jsonl:1");
        builder.add(P.in("team1a", "CONNECT").at(NOON.plusMillis(1)), "traffic.jsonl:2");

        assertThat(labels()).containsExactly("team1a > connect", "team2a < disconnect");
    }

    @Test
    void build_moreThanTheMost_hasTheLastAndSaysHowManyAreMissing() {
        options(false, false, 2);
        for (int i = 0; i < 5; i++) {
            add(P.in("team1a", "SUBSCRIBE").topic("t" + i));
        }

        assertThat(labels()).containsExactly("team1a > subscribe(t3)", "team1a > subscribe(t4)");
        assertThat(builder.build().leftOut()).isEqualTo(3);
        for (DiagramFormat format : DiagramFormat.values()) {
            assertThat(format.render(builder.build())).contains("3 earlier arrows are not shown");
        }
    }

    @Test
    void seen_onlyThoseWhosePacketsWereGiven() {
        add(P.in("team1a", "PINGREQ"));

        assertThat(builder.leftSeen()).isTrue();
        assertThat(builder.rightSeen()).isFalse();
        assertThat(builder.build().steps()).isEmpty();
    }

    @Test
    void between_oneUserTwice_isRefused() {
        assertThatThrownBy(() -> new DiagramBuilder("x1", "x1", ChatTopics.DEFAULT, DiagramBuilder.Options.STANDARD))
                .hasMessageContaining("x1");
    }
}
