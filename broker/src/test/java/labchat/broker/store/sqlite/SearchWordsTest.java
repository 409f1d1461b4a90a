package labchat.broker.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    hei                | text : ("hei")
                    hei   du           | text : ("hei" AND "du")
                    say "hei"          | text : ("say" AND "hei")
                    well-known         | text : ("well known")
                    a OR b             | text : ("a" AND "OR" AND "b")
                    text:x             | text : ("text x")
                    NEAR(a b)          | text : ("NEAR a" AND "b")
                    lab*               | text : ("lab"*)
                    du lab*            | text : ("du" AND "lab"*)
                    lab* du            | text : ("lab" AND "du")
                    du du              | text : ("du")
                    la*                | text : ("la")
                    * l*b              | text : ("l b")
                    blåbær ÅÆØ         | text : ("blåbær" AND "ÅÆØ")
                    hei 😀 !!          | text : ("hei")
                    x^2                | text : ("x 2")
                    """)
    void query_whatIsTyped_isWordsAndNothingElse(String typed, String query) {
        assertThat(SearchWords.query(typed, List.of())).contains(query);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "!?", "\"", "*", "***", "😀", "-", "\u0301", "\u0000"})
    void query_noWord_isNone(String typed) {
        assertThat(SearchWords.query(typed, List.of("a b"))).isEmpty();
    }

    @Test
    void query_conversations_areAFirstSieve() {
        assertThat(SearchWords.query("hei", List.of("team1a", "group_1")))
                .contains("text : (\"hei\") AND conversation : (\"team1a\" OR \"group 1\")");
    }

    @Test
    void query_idOfPunctuationOnly_isNotSifted() {
        assertThat(SearchWords.query("hei", List.of("team1a", "-_-"))).contains("text : (\"hei\")");
    }
}
