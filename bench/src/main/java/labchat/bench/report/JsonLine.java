package labchat.bench.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One flat JSON object on one line, fields in the order in which they are put. */
public final class JsonLine {

    private final Map<String, String> fields = new LinkedHashMap<>();

    public JsonLine put(String name, String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        fields.put(name, quoted.append('"').toString());
        return this;
    }

    public JsonLine put(String name, long value) {
        fields.put(name, Long.toString(value));
        return this;
    }

    /** @param value NaN and infinities become null */
    public JsonLine put(String name, double value) {
        fields.put(name, Double.isFinite(value) ? format(value) : "null");
        return this;
    }

    private static String format(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%.0f" : "%.3f", value);
    }

    /** Percentiles in microseconds: {@code NAME_p50_us} and so on, nothing if there is nothing. */
    public JsonLine put(String name, Histogram histogram) {
        if (histogram.count() > 0) {
            put(name + "_p50_us", histogram.at(0.5) / 1e3);
            put(name + "_p99_us", histogram.at(0.99) / 1e3);
            put(name + "_p999_us", histogram.at(0.999) / 1e3);
            put(name + "_max_us", histogram.max() / 1e3);
        }
        return this;
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder("{");
        fields.forEach((name, value) -> line.append(line.length() > 1 ? "," : "")
                .append('"')
                .append(name)
                .append("\":")
                .append(value));
        return line.append('}').toString();
    }
}
