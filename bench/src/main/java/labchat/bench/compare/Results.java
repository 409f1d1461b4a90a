package labchat.bench.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What all runs gave, and tables of it. */
final class Results {

    private static final Pattern NUMBER = Pattern.compile("\"([a-z0-9_]+)\":(-?[0-9.]+)");

    private record Run(String workload, String candidate, int round, Map<String, Double> fields) {}

    private final List<Run> runs = new ArrayList<>();

    /** @param json the load's line; empty if the run failed */
    void add(String workload, String candidate, int round, String json, double startMillis) {
        Map<String, Double> fields = new HashMap<>();
        Matcher matcher = NUMBER.matcher(json);
        while (matcher.find()) {
            fields.put(matcher.group(1), Double.valueOf(matcher.group(2)));
        }
        fields.put("start_ms", startMillis);
        runs.add(new Run(workload, candidate, round, fields));
    }

    private List<Run> of(Metric metric, String candidate) {
        return runs.stream()
                .filter(run -> run.candidate().equals(candidate))
                .filter(run -> metric.workload().equals("any") || run.workload().equals(metric.workload()))
                .filter(run -> run.fields().containsKey(metric.field()))
                .toList();
    }

    static OptionalDouble median(List<Double> values) {
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }

    /** The median, and in brackets the median of the ratios to the base's run of the same round. */
    private String cell(Metric metric, String candidate) {
        List<Run> own = of(metric, candidate);
        OptionalDouble median =
                median(own.stream().map(run -> run.fields().get(metric.field())).toList());
        if (median.isEmpty()) {
            return "–";
        }
        List<Double> ratios = new ArrayList<>();
        if (!metric.workload().equals("any")) {
            for (Run run : own) {
                of(metric, Candidate.BASE).stream()
                        .filter(base -> base.round() == run.round())
                        .map(base -> base.fields().get(metric.field()))
                        .filter(base -> base > 0)
                        .forEach(base -> ratios.add(run.fields().get(metric.field()) / base));
            }
        }
        boolean incomplete = own.stream().anyMatch(run -> run.fields().getOrDefault("lost", 0.0) > 0);
        String ratio = median(ratios).isPresent()
                ? String.format(Locale.ROOT, " (%.2f)", median(ratios).getAsDouble())
                : "";
        return number(median.getAsDouble() * metric.factor()) + ratio + (incomplete ? " *" : "");
    }

    private static String number(double value) {
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }

    /** Empty if nothing of it was measured. */
    String table(String head, List<Metric> metrics, List<Candidate> candidates) {
        List<Metric> measured = metrics.stream().filter(this::wasMeasured).toList();
        if (measured.isEmpty()) {
            return "";
        }
        StringBuilder table = new StringBuilder("| " + head + " |");
        candidates.forEach(
                candidate -> table.append(' ').append(candidate.title()).append(" |"));
        table.append("\n|---|").append("---|".repeat(candidates.size())).append('\n');
        for (Metric metric : measured) {
            table.append("| ").append(metric.title()).append(" |");
            candidates.forEach(candidate ->
                    table.append(' ').append(cell(metric, candidate.id())).append(" |"));
            table.append('\n');
        }
        return table.toString();
    }

    private boolean wasMeasured(Metric metric) {
        return runs.stream()
                .anyMatch(
                        run -> metric.workload().equals("any") || run.workload().equals(metric.workload()));
    }

    /** Sums over all runs. */
    String losses(List<Candidate> candidates) {
        StringBuilder table = new StringBuilder("| all runs together |");
        candidates.forEach(
                candidate -> table.append(' ').append(candidate.title()).append(" |"));
        table.append("\n|---|").append("---|".repeat(candidates.size())).append('\n');
        for (Metric metric : Metric.LOSSES) {
            table.append("| ").append(metric.title()).append(" |");
            for (Candidate candidate : candidates) {
                double sum = of(metric, candidate.id()).stream()
                        .mapToDouble(run -> run.fields().get(metric.field()))
                        .sum();
                table.append(String.format(Locale.ROOT, " %,.0f |", sum));
            }
            table.append('\n');
        }
        return table.toString();
    }
}
