package labchat.protocol.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HexDumpTest {

    private static String parsed(String text) throws HexDump.NoHexException {
        return HexFormat.of().formatHex(HexDump.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "300500036162ab",
                "30 05 00 03 61 62 ab",
                "30:05:00:03:61:62:AB",
                "0x30, 0x05, 0x00, 0x03, 0x61, 0x62, 0xAB",
                "\\x30\\x05\\x00\\x03\\x61\\x62\\xab",
                "# a comment\n3005 0003\n\n6162 ab\n",
                "00000000: 3005 0003 6162 ab                        0...ab.",
                "00000000: 30 05 00 03 61 62 ab  0...ab.",
                "00000000  30 05 00 03 61 62 ab                              |0...ab.|\n00000007\n",
                "0000   30 05 00 03 61 62 ab                              0...ab.",
                "0000  30 05 00 03 61 62 ab   0...ab."
            })
    void bytes_asToolsWriteThem_areRead(String text) throws HexDump.NoHexException {
        assertThat(parsed(text)).isEqualTo("300500036162ab");
    }

    @Test
    void linesOfSixteen_asToolsWriteThem_areRead() throws HexDump.NoHexException {
        String expected = "101000044d5154540402003c00046162" + "6364";
        assertThat(parsed("00000000: 1010 0004 4d51 5454 0402 003c 0004 6162  ....MQTT...<..ab\n"
                        + "00000010: 6364                                     cd\n"))
                .isEqualTo(expected);
        assertThat(parsed("00000000  10 10 00 04 4d 51 54 54  04 02 00 3c 00 04 61 62  |....MQTT...<..ab|\n"
                        + "00000010  63 64                                             |cd|\n00000012\n"))
                .isEqualTo(expected);
        assertThat(parsed("0000   10 10 00 04 4d 51 54 54 04 02 00 3c 00 04 61 62   ....MQTT...<..ab\n"
                        + "0010   63 64                                             cd\n"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 0g | line 1, column 5: \"g\" is no hexadecimal digit",
                "30 0 05 | line 1, column 4: a byte has two digits",
                "30 0 | line 1: an odd number of digits",
                "hello | line 1, column 1: \"h\" is no hexadecimal digit"
            })
    void whatIsNoHex_isToldOf_withItsPlace(String text, String words) {
        assertThatThrownBy(() -> HexDump.parse(text.strip()))
                .isInstanceOf(HexDump.NoHexException.class)
                .hasMessageContaining(words.strip());
    }
}
