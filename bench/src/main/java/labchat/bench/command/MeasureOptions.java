package labchat.bench.command;

import labchat.bench.report.BenchException;
import picocli.CommandLine.Option;

/** What workloads ask for that run for a while. */
final class MeasureOptions {

    @Option(names = "--qos", defaultValue = "1", description = "0, 1 or 2; ${DEFAULT-VALUE} by default.")
    int qos;

    @Option(
            names = "--text-length",
            defaultValue = "32",
            description = "Characters of a message; ${DEFAULT-VALUE} by default.")
    int textLength;

    @Option(
            names = "--warm-up",
            defaultValue = "3",
            description = "Seconds before measuring begins; ${DEFAULT-VALUE} by default.")
    double warmUp;

    @Option(
            names = "--warm-up-messages",
            defaultValue = "0",
            description =
                    "Measuring begins no earlier than when so many messages have been delivered, in chat; but after a minute it does.")
    long warmUpMessages;

    @Option(names = "--seconds", defaultValue = "10", description = "Seconds measured; ${DEFAULT-VALUE} by default.")
    double seconds;

    @Option(
            names = "--drain",
            defaultValue = "5",
            description =
                    "After so many seconds in which nothing comes any more, what is missing is lost; ${DEFAULT-VALUE} by default.")
    int drain;

    @Option(
            names = "--late",
            defaultValue = "1000",
            description = "Milliseconds after which a message is late; ${DEFAULT-VALUE} by default.")
    int late;

    void check() {
        if (qos < 0 || qos > 2) {
            throw new BenchException("--qos %d: 0, 1 and 2 are possible".formatted(qos));
        }
        if (textLength < 1 || textLength > 60_000) {
            throw new BenchException("--text-length %d: 1 to 60000 are possible".formatted(textLength));
        }
        if (warmUp < 0 || seconds <= 0) {
            throw new BenchException("--warm-up is at least 0, --seconds is more than 0");
        }
    }
}
