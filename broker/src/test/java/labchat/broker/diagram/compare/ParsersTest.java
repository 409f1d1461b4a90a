package labchat.broker.diagram.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParsersTest {

    private static List<String> arrows(OwnDiagram diagram) {
        return diagram.arrows().stream()
                .map(arrow -> "%d %s>%s %s".formatted(arrow.line(), arrow.from(), arrow.to(), arrow.label()))
                .toList();
    }

    private static OwnDiagram mermaid(String text) throws UnreadableDiagramException {
        return MermaidParser.parse("sequenceDiagram\n" + text);
    }

    private static OwnDiagram plantUml(String text) throws UnreadableDiagramException {
        return PlantUmlParser.parse("@startuml\n" + text + "\n@enduml\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A->>B: x | 2 A>B x",
                "A-->>B: x | 2 A>B x",
                "A->B:x | 2 A>B x",
                "A-->B: x | 2 A>B x",
                "A-xB: x | 2 A>B x",
                "A--xB: x | 2 A>B x",
                "A-)B: x | 2 A>B x",
                "A->>+B: x | 2 A>B x",
                "A-->>-B: x | 2 A>B x",
                "team 1a ->> the broker : send(a, b) | 2 team 1a>the broker send(a, b)",
                "A->>B: a#59;b; | 2 A>B a;b",
                "title->>B: x | 2 title>B x"
            })
    void mermaid_arrow_isRead(String line, String expected) throws Exception {
        assertThat(arrows(mermaid(line))).containsExactly(expected);
    }

    @Test
    void mermaid_whatIsNoArrow_isPassedOver() throws Exception {
        OwnDiagram diagram = MermaidParser.parse("""
                ---
                title: my chat
                ---
                %% a comment
                sequenceDiagram
                    autonumber
                    title: The chat
                    accDescr {
                      A->>B: no arrow
                    }
                    participant A as Team #35;1
                    actor U
                    box blue Clients
                    participant C@{ "type": "queue" }
                    end
                    note left of A: A->>B: no arrow
                    Note over A,C: hello
                    activate A
                    rect rgb(0, 0, 0)
                    A->>C: one; C->>A: two
                    end
                    deactivate A
                """);

        assertThat(arrows(diagram)).containsExactly("20 A>C one", "20 C>A two");
        assertThat(diagram.participants())
                .extracting(OwnDiagram.Participant::name)
                .containsExactly("Team #1", "U", "C");
    }

    @Test
    void mermaid_inAPageOfMarkdown_isReadThere() throws Exception {
        OwnDiagram diagram = MermaidParser.parse("# Ours\n\n```mermaid\nsequenceDiagram\nA->>B: x\n```\nA->>B: no\n");

        assertThat(arrows(diagram)).containsExactly("5 A>B x");
    }

    @Test
    void mermaid_blocks_haveBranches() throws Exception {
        OwnDiagram diagram = mermaid("""
                loop each
                A->>B: x
                end
                alt good
                A->>B: y
                else bad
                A->>B: z
                end
                opt maybe
                A->>B: o
                end
                par one
                A->>B: p
                and other
                A->>B: q
                end""");

        assertThat(arrows(diagram)).hasSize(6);
        assertThat(diagram.blocks()).extracting(OwnDiagram.Block::word).containsExactly("alt", "opt");
        assertThat(diagram.blocks().get(0).lines()).containsExactly(5, 7);
        assertThat(diagram.remarks())
                .singleElement()
                .extracting(OwnDiagram.Remark::line)
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello world | line 2: \"hello world\" is not understood; expected a participant",
                "A => B: x | an arrow is written ->>",
                "A<<->>B: x | line 2: \"A<<->>B: x\": an arrow with two heads",
                "A->>: x | an arrow needs a participant at both ends",
                "end | line 2: \"end\" without a block",
                "else | line 2: \"else\" outside of alt",
                "loop x | line 2: \"loop\" has no \"end\"",
                "Note over A: x | there is no arrow in it"
            })
    void mermaid_notUnderstood_saysWhereAndWhatIsAllowed(String line, String words) {
        assertThatThrownBy(() -> mermaid(line)).hasMessageContaining(words);
    }

    @Test
    void mermaid_severalMistakes_areAllSaid() {
        assertThatThrownBy(() -> mermaid("one\nA->>B: x\ntwo\n"))
                .isInstanceOfSatisfying(
                        UnreadableDiagramException.class,
                        e -> assertThat(e.problems()).hasSize(2));
        assertThatThrownBy(() -> MermaidParser.parse("graph TD\nA-->B\n"))
                .hasMessageContaining("begins with the line sequenceDiagram");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A -> B : x | 2 A>B x",
                "A->B: x | 2 A>B x",
                "A --> B : x | 2 A>B x",
                "A ->> B : x | 2 A>B x",
                "A -->> B : x | 2 A>B x",
                "A <- B : x | 2 B>A x",
                "A <-- B : x | 2 B>A x",
                "A ->x B : x | 2 A>B x",
                "A -\\ B : x | 2 A>B x",
                "A ->o B : x | 2 A>B x",
                "A -[#red]> B : x | 2 A>B x",
                "A -[#0000FF]-> B : x | 2 A>B x",
                "A -> B ++ : x | 2 A>B x",
                "A -> B -- #gold : x | 2 A>B x",
                "\"Team 1\" -> \"The broker\" : x | 2 Team 1>The broker x",
                "A->oliver : x | 2 A>oliver x",
                "A -> B | 2 A>B ''"
            })
    void plantUml_arrow_isRead(String line, String expected) throws Exception {
        assertThat(arrows(plantUml(line))).containsExactly(expected.replace("''", ""));
    }

    @Test
    void plantUml_whatIsNoArrow_isPassedOver() throws Exception {
        OwnDiagram diagram = plantUml("""
                ' a comment
                /' A -> B : no
                A -> B : no '/
                !theme plain
                skinparam {
                A -> B
                }
                title The chat
                legend
                A -> B : no
                end legend
                participant "Team 1a" as A #red
                actor Bob as B <<human>> order 2
                database C as "The broker"
                hide footbox
                == start ==
                ...
                ...5 minutes...
                |||
                ||20||
                note left: A -> B : no
                note over A, B
                A -> B : no
                end note
                ref over A : see there
                activate A
                A -> C : one
                deactivate A
                autonumber 5
                newpage""");

        assertThat(arrows(diagram)).containsExactly("28 A>C one");
        assertThat(diagram.participants())
                .extracting(one -> one.id() + "=" + one.name())
                .containsExactly("A=Team 1a", "B=Bob", "C=The broker");
    }

    @Test
    void plantUml_return_isAnArrowBack() throws Exception {
        assertThat(arrows(plantUml("A -> B ++ : connect\nreturn connack\nA -> B : x\nactivate B\nreturn y")))
                .containsExactly("2 A>B connect", "3 B>A connack", "4 A>B x", "6 B>A y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello | line 2: \"hello\" is not understood; expected participant, an arrow such as A -> B",
                "A => B : x | an arrow is written -> or -->",
                "A <-> B : x | an arrow with two heads",
                "A - B : x | a line without a head",
                "!include x.puml | preprocessor is not run",
                "return x | outside of an activation",
                "end | without a block",
                "alt x | line 2: \"alt\" has no \"end\""
            })
    void plantUml_notUnderstood_saysWhereAndWhatIsAllowed(String line, String words) {
        assertThatThrownBy(() -> plantUml(line)).hasMessageContaining(words);
    }

    @Test
    void language_isToldByTheTextThenByTheName() {
        assertThat(Language.of("sequenceDiagram\n", "x.puml")).contains(Language.MERMAID);
        assertThat(Language.of("@startuml\n", "")).contains(Language.PLANTUML);
        assertThat(Language.of("A -> B : x\n", "x.puml")).contains(Language.PLANTUML);
        assertThat(Language.of("A -> B : x\n", "x.txt")).isEmpty();
    }
}
