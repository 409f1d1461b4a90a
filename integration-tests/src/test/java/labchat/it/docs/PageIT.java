package labchat.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No block of a page escapes unnoticed. */
class PageIT {

    @Test
    void page_markBeforeABlock_isRead() {
        Page page = page("""
                <!-- test: a broker runs -->
                Text.

                <!-- test: background, until "a, b", as team1a -->
                ```sh
                echo
                ```

                  ```text
                  shown
                    indented
                  ```
                """);

        assertThat(page.broker()).isTrue();
        assertThat(page.blocks()).hasSize(2);
        Block first = page.blocks().get(0);
        assertThat(first.line()).isEqualTo(5);
        assertThat(first.isDone()).isTrue();
        assertThat(first.mark().background()).isTrue();
        assertThat(first.mark().until()).contains("a, b");
        assertThat(first.mark().user()).contains("team1a");
        Block second = page.blocks().get(1);
        assertThat(second.isDone()).isFalse();
        assertThat(second.lines()).containsExactly("shown", "  indented");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ```;echo;```                                        | the block says no language
                    ```shell;echo;```                                   | "shell" is no known language
                    ```sh;echo                                          | the block has no end
                    <!-- test: skip -->;```sh;echo;```                  | a block is skipped with one of the reasons
                    <!-- test: skip, no time -->;```sh;echo;```         | a block is skipped with one of the reasons
                    <!-- test: skip, needs docker -->;```sh;echo;```    | nothing in the block needs docker
                    <!-- test: sometimes -->;```sh;echo;```             | is nothing that a mark can say
                    <!-- test: until x -->;```sh;echo;```               | "until" is for what runs in the background
                    <!-- test: exit 2 -->;```text;echo;```              | takes no mark
                    <!-- test: exit 2 -->;Text;```sh;echo;```           | which is no block
                    <!-- test: exit 2 -->                               | stands before no block
                    <!-- test: file bot.py -->;```python;print();```    | no later block runs bot.py
                    ```java;public class Bot {};```                     | no later block runs Bot.java
                    """)
    void page_blockUnclassified_saysWhereAndWhy(String text, String reason) {
        assertThatThrownBy(() -> page(text.replace(';', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("page.md:")
                .hasMessageContaining(reason);
    }

    @Test
    void shownOutput_timesAndIdsDiffer_isFound() {
        List<String> printed = List.of("started", "14:28 team1a: Hei!  ✓ 5db9c5f7", "port 4711 is taken", "end");

        assertThat(ShownOutput.missing(List.of("09:00 team1a: Hei! ✓ 00000000", "…", "port … is taken"), printed))
                .isEmpty();
        assertThat(ShownOutput.missing(List.of("port … is taken", "09:00 team1a: Hei! ✓ 00000000"), printed))
                .contains("09:00 team1a: Hei! ✓ 00000000");
        assertThat(ShownOutput.missing(List.of("14:28 team2a: Hei!  ✓ 5db9c5f7"), printed))
                .isPresent();
    }

    private static Page page(String text) {
        return Page.of(Path.of("page.md"), List.of(text.split("\n", -1)));
    }
}
