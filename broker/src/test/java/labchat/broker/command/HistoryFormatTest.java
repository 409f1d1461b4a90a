package labchat.broker.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryFormatTest {

    private static final Instant SENT = Instant.parse("2026-11-20T10:15:30.123Z");
    private static final ChatId TEAM2A = new ChatId("team2a");

    private static HistoryEntry direct(String text) {
        return new HistoryEntry(
                new ChatMessage(new ChatId("team1a"), TEAM2A, text, new MessageUuid("16fd2706")),
                SENT,
                false,
                Map.of(TEAM2A, SENT.plusSeconds(1)),
                Map.of());
    }

    private static HistoryEntry inRoom(String text) {
        return new HistoryEntry(
                new ChatMessage(new ChatId("team1a"), new ChatId("group_1"), text, new MessageUuid("-1")),
                SENT,
                true,
                Map.of(TEAM2A, SENT, new ChatId("x1"), SENT.plusSeconds(86_400)),
                Map.of());
    }

    private static String csv(String text) {
        return HistoryFormat.Name.csv.create().line(direct(text));
    }

    private static String md(String text) {
        String whole = HistoryFormat.Name.md.create().line(direct(text));
        return whole.substring(whole.indexOf("\n> ") + 1);
    }

    @Test
    void jsonl_message_isTheProtocolsObjectOnOneLine() {
        HistoryFormat jsonl = HistoryFormat.Name.jsonl.create();

        assertThat(jsonl.head()).isEmpty();
        assertThat(jsonl.line(direct("blå\n\u001b[31m\u009b31m"))).isEqualTo("""
                        {"sender":"team1a","receiver":"team2a","message":"blå\\n\\u001B[31m\\u009b31m","uuid":"16fd2706",\
                        "sent":"2026-11-20T10:15:30.123Z","delivered":"2026-11-20T10:15:31.123Z","read":null}
                        """);
    }

    @Test
    void csv_message_hasTheColumnsOfTheHead() {
        HistoryFormat csv = HistoryFormat.Name.csv.create();

        assertThat(csv.head()).isEqualTo("sent,sender,receiver,message,delivered,read,uuid\r\n");
        assertThat(csv.line(direct("Hei!")))
                .isEqualTo("2026-11-20T10:15:30.123Z,team1a,team2a,Hei!,2026-11-20T10:15:31.123Z,,16fd2706\r\n");
        assertThat(csv.line(inRoom("Hei!")))
                .isEqualTo("2026-11-20T10:15:30.123Z,team1a,group_1,Hei!,\"team2a 2026-11-20T10:15:30.123Z;"
                        + " x1 2026-11-21T10:15:30.123Z\",,'-1\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
                    plain|plain
                    a,b|"a,b"
                    a;b|"a;b"
                    say "hei"|"say ""hei\"""
                     space|" space"
                    =1+1|'=1+1
                    =HYPERLINK("x","y")|"'=HYPERLINK(""x"",""y"")"
                    +47 1|'+47 1
                    -1|'-1
                    @SUM(1)|'@SUM(1)
                    ＝1|'＝1
                    1=1|1=1
                    """)
    void csv_text_isQuotedAndNoFormula(String text, String cell) {
        assertThat(csv(text)).contains("team2a," + cell + ",2026");
    }

    @Test
    void csv_lineBreaksTabsAndControls_stayInTheCell() {
        assertThat(csv("a\nb")).contains(",\"a\nb\",");
        assertThat(csv("\t=1")).contains(",\"'\t=1\",");
        assertThat(csv("a\u001b[31m\u009b")).contains(",a\ufffd[31m\ufffd,");
    }

    @Test
    void md_messages_areUnderTheirDays() {
        HistoryFormat md = HistoryFormat.Name.md.create();

        assertThat(md.head() + md.line(direct("Hei!\nHå!")) + md.line(inRoom("?")))
                .isEqualTo("""
                        # Chat history

                        Times are UTC.

                        ## Friday, 20 November 2026

                        **10:15:30 team1a** to **team2a**, delivered 10:15:31

                        > Hei!\\
                        > Hå!

                        **10:15:30 team1a** in **group\\_1**, delivered by team2a 10:15:30, by x1 2026-11-21 10:15:30

                        > ?
                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    # no heading       | \\# no heading
                    - no list          | \\- no list
                    1. no list         | 1\\. no list
                    <b>no html</b>     | \\<b\\>no html\\</b\\>
                    *no* _emphasis_    | \\*no\\* \\_emphasis\\_
                    [no](link)         | \\[no\\](link)
                    `no code`          | \\`no code\\`
                    a - b = 1.5        | a - b = 1.5
                    """)
    void md_text_meansNothingToMarkdown(String text, String escaped) {
        assertThat(md(text)).isEqualTo("> " + escaped + "\n");
    }

    @Test
    void md_emptyLinesAndControls_areKeptHarmless() {
        assertThat(md("a\r\n\n    b\u001b")).isEqualTo("> a\n> \n> b\ufffd\n");
    }
}
