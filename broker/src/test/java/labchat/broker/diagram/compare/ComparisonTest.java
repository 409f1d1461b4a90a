package labchat.broker.diagram.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.broker.diagram.DiagramBuilder;
import labchat.broker.diagram.DiagramFormat;
import labchat.broker.diagram.compare.Comparison.Difference;
import labchat.broker.diagram.compare.Comparison.Finding;
import labchat.broker.diagram.compare.Comparison.Report;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab's scenario: both connect and subscribe, team1a types and sends, the message arrives and is read. */
class ComparisonTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final DiagramBuilder.Options ALL = new DiagramBuilder.Options(true, false, 2_000);

    private static final String RIGHT = """
            sequenceDiagram
            participant A as team1a
            participant M as MQTT Broker
            participant B as team2a
            A->>M: connect
            A->>M: subscribe
            B->>M: connect
            B->>M: subscribe
            loop while typing
            A->>M: typing
            M->>B: typing
            end
            A->>M: message
            M->>B: message
            B->>M: delivered
            M->>A: delivered
            B->>M: read
            M->>A: read
            """;

    private final DiagramBuilder builder = new DiagramBuilder("team1a", "team2a", ChatTopics.DEFAULT, ALL);
    private int millis;

    @BeforeEach
    void chat() {
        // In this order, not in that of the diagram: two clients do not wait for each other.
        for (String user : List.of("team2a", "team1a")) {
            packet(user, true, "CONNECT", "", 0, Optional.empty());
            packet(user, false, "CONNACK", "", 0, Optional.empty());
            packet(user, true, "SUBSCRIBE", "ttm4175/chat/" + user + "/#", 1, Optional.empty());
            packet(user, false, "SUBACK", "", 1, Optional.empty());
            packet(user, true, "SUBSCRIBE", "ttm4175/chat/+/presence", 2, Optional.empty());
            packet(user, false, "SUBACK", "", 2, Optional.empty());
        }
        for (int i = 0; i < 4; i++) {
            passOn("typing", "team1a", "team2a", 0);
        }
        passOn("message", "team1a", "team2a", 10);
        passOn("delivered", "team2a", "team1a", 10);
        passOn("read", "team2a", "team1a", 11);
    }

    private void passOn(String kind, String from, String to, int id) {
        Optional<ChatFields> chat =
                Optional.of(new ChatFields(kind, from, to, kind.equals("typing") ? "" : "16fd2706"));
        String topic = "ttm4175/chat/" + to + "/" + kind;
        packet(from, true, "PUBLISH", topic, id, chat);
        packet(to, false, "PUBLISH", topic, id, chat);
        if (id > 0) {
            packet(to, true, "PUBACK", "", id, Optional.empty());
            packet(from, false, "PUBACK", "", id, Optional.empty());
        }
    }

    private void packet(String user, boolean inbound, String type, String topic, int id, Optional<ChatFields> chat) {
        millis++;
        builder.add(
                new PacketTrace(
                        NOON.plusMillis(millis),
                        new ClientIdentity(Optional.of(user), user, ""),
                        inbound,
                        type,
                        topic,
                        1,
                        false,
                        false,
                        id,
                        10,
                        -1,
                        chat,
                        Optional.empty(),
                        Optional.empty()),
                "traffic.jsonl:" + millis);
    }

    private Report compare(String text) throws UnreadableDiagramException {
        return Comparison.compare(text, "own.mmd", builder.build(), Map.of(), false);
    }

    private static String shown(Finding finding) {
        return finding.difference() + " " + finding.line() + " " + finding.words();
    }

    @Test
    void rightDiagram_inMermaid_isTheSame() throws Exception {
        Report report = compare(RIGHT);

        assertThat(report.findings()).isEmpty();
        assertThat(report.matched()).isEqualTo(12);
        assertThat(String.join("\n", report.remarks()))
                .contains("no mistake", "presence as well", "PUBACK", "\"MQTT Broker\" is taken for broker");
    }

    @Test
    void rightDiagram_inPlantUmlWithOtherNames_isTheSame() throws Exception {
        Report report = compare("""
                @startuml
                actor Kari
                participant "Client 1" as C1
                participant Broker
                participant "Client 2" as C2
                C2 -> Broker : CONNECT
                C2 -> Broker : SUBSCRIBE
                C1 -> Broker : CONNECT
                C1 -> Broker : SUBSCRIBE
                Kari -> C1 : types
                C1 -> Broker : send(ttm4175/chat/team2a/typing)
                Broker -> C2 : send(ttm4175/chat/team2a/typing)
                C1 -> C1 : make a uuid
                C1 -> Broker : send(message)
                Broker -> C2 : send(message)
                alt shown at once
                C2 -> Broker : read
                else delivered first
                C2 -> Broker : delivered
                Broker -> C1 : delivered
                C2 -> Broker : read
                end
                Broker -> C1 : read
                @enduml
                """);

        assertThat(report.findings()).isEmpty();
        assertThat(String.join("\n", report.remarks()))
                .contains(
                        "\"Client 1\" is taken for team1a", "\"Kari\" are not compared", "line 13: an arrow to oneself")
                .contains("only the branch that begins at line 18 is compared");
    }

    @ParameterizedTest
    @EnumSource(
            value = DiagramFormat.class,
            names = {"MERMAID", "PLANTUML"})
    void whatTheBrokerDraws_isTheSameWithAllAcknowledgements(DiagramFormat format) throws Exception {
        String drawn = format.render(builder.build());

        Report report = Comparison.compare(drawn, "", builder.build(), Map.of(), true);

        assertThat(report.findings()).isEmpty();
    }

    @Test
    void missingArrow_isSaidWithItsNeighbours() throws Exception {
        assertThat(compare(RIGHT.replace("B->>M: delivered\n", "")).findings())
                .singleElement()
                .satisfies(finding -> assertThat(shown(finding))
                        .startsWith(
                                "MISSING 14 team2a -> broker: delivered is missing; in the traffic it came after"
                                        + " broker -> team2a: message (line 14) and before broker -> team1a: delivered (line 15)")
                        .contains("12:00:00.", "traffic.jsonl:"));
    }

    @Test
    void extraArrow_isSaid() throws Exception {
        assertThat(compare(RIGHT + "A->>M: disconnect\n").findings())
                .extracting(ComparisonTest::shown)
                .containsExactly("EXTRA 19 you have team1a -> broker: disconnect; no such packet passed");
        assertThat(compare(RIGHT + "M->>A: read\n").findings())
                .extracting(ComparisonTest::shown)
                .containsExactly("EXTRA 19 you have broker -> team1a: read once more than it passed");
    }

    @Test
    void anotherOrder_thatCannotHaveBeen_isSaid() throws Exception {
        String swapped = RIGHT.replace("M->>B: message\nB->>M: delivered\n", "B->>M: delivered\nM->>B: message\n");

        assertThat(compare(swapped).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.difference()).isEqualTo(Difference.ORDER);
            assertThat(finding.words())
                    .contains("broker -> team2a: message", "team2a -> broker: delivered", "in the traffic it came");
        });
    }

    @Test
    void arrowTheWrongWay_isSaidOnce() throws Exception {
        assertThat(compare(RIGHT.replace("M->>A: read", "A->>M: read")).findings())
                .singleElement()
                .satisfies(finding -> assertThat(shown(finding))
                        .startsWith("EXTRA 18 you have team1a -> broker: read; what passed is broker -> team1a: read"));
    }

    @Test
    void arrowPastTheBroker_isSaidOnce() throws Exception {
        assertThat(compare(RIGHT.replace("A->>M: message\nM->>B: message", "A->>B: message"))
                        .findings())
                .extracting(ComparisonTest::shown)
                .containsExactly(
                        "EXTRA 13 you have team1a -> team2a: message; the two never talk to each other. What passed is"
                                + " team1a -> broker, and then broker -> team2a: draw both");
    }

    @Test
    void acknowledgements_onceOneIsDrawn_areCompared() throws Exception {
        Report report = compare(RIGHT.replace("A->>M: message\n", "A->>M: message\nM-->>A: PUBACK\n"));

        assertThat(report.findings()).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.difference()).isEqualTo(Difference.MISSING);
            assertThat(finding.words()).contains("PUBACK is missing", "answered with PUBACK");
        });
    }

    @Test
    void labelWithoutAKnownWord_isUnclear() throws Exception {
        assertThat(compare(RIGHT.replace("A->>M: message", "A->>M: Hei!")).findings())
                .singleElement()
                .satisfies(finding -> assertThat(shown(finding))
                        .startsWith(
                                "UNCLEAR 13 you have team1a -> broker: Hei!; no word of it says what packet that is."
                                        + " What passed is team1a -> broker: message"));
    }

    @Test
    void who_saysWhomAParticipantStandsFor() throws Exception {
        String other =
                RIGHT.replace("team1a", "Alice").replace("MQTT Broker", "Hub").replace("team2a", "Bob");
        Map<String, String> who = Map.of("alice", "team1a", "Hub", "broker", "B", "team2a");

        assertThat(Comparison.compare(other, "", builder.build(), who, false).isSame())
                .isTrue();
        assertThatThrownBy(() -> Comparison.compare(other, "", builder.build(), Map.of("Eve", "team1a"), false))
                .hasMessage("there is no participant \"Eve\"; there are Alice, Hub, Bob");
        assertThatThrownBy(() -> Comparison.compare(other, "", builder.build(), Map.of("Bob", "x1"), false))
                .hasMessageContaining("none of team1a, team2a and broker");
    }

    @Test
    void textOfNeitherLanguage_isRefused() {
        assertThatThrownBy(() -> Comparison.compare("hello", "x.txt", builder.build(), Map.of(), false))
                .hasMessageContaining("neither Mermaid");
    }

    /** Such labels took minutes, or the stack. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "a/"})
    void lineTooLong_isRefusedWithItsNumber(String piece) {
        String drawn = RIGHT.replace("A->>M: message", "A->>M: message ");
        int line = (int) drawn.substring(0, drawn.indexOf("A->>M: message"))
                        .lines()
                        .count()
                + 1;

        assertThatThrownBy(
                        () -> compare(drawn.replace("A->>M: message", "A->>M: " + piece.repeat(Comparison.MAX_LINE))))
                .isInstanceOf(UnreadableDiagramException.class)
                .hasMessageStartingWith("line " + line + ": it has ")
                .hasMessageContaining("at most 2000 are read");
        assertThatCode(() -> compare(drawn.replace("A->>M: message", "A->>M: message " + piece.repeat(900))))
                .doesNotThrowAnyException();
    }
}
