package labchat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonLineTest {

    @Test
    void fields_standInTheirOrder_andTextIsQuoted() {
        JsonLine line = new JsonLine()
                .put("text", "a \"b\"\n")
                .put("count", 3)
                .put("part", 0.12345)
                .put("large", 12345.6)
                .put("none", Double.NaN);

        assertThat(line)
                .hasToString(
                        "{\"text\":\"a \\\"b\\\"\\u000a\",\"count\":3,\"part\":0.123,\"large\":12346,\"none\":null}");
    }

    @Test
    void durations_ofNothing_areLeftOut() {
        Histogram one = new Histogram();
        one.record(1_000);

        assertThat(new JsonLine().put("ack", new Histogram())).hasToString("{}");
        assertThat(new JsonLine().put("ack", one).toString()).startsWith("{\"ack_p50_us\":1,\"ack_p99_us\":1,");
    }
}
