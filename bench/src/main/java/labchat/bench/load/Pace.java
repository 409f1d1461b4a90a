package labchat.bench.load;

/**
 * When messages are due that are to leave at a rate.
 *
 * @param rate messages a second
 * @param risingSeconds so long the rate rises evenly, from nothing to its full value; 0 for the full rate at once
 */
record Pace(int rate, double risingSeconds) {

    /** How many messages are due so many seconds after the beginning. */
    long due(double seconds) {
        return (long)
                (seconds < risingSeconds
                        ? rate * seconds * seconds / (2 * risingSeconds)
                        : rate * (seconds - risingSeconds / 2));
    }

    /** How many seconds after the beginning a message is due; the first is number 0. */
    double seconds(long number) {
        double ofTheRise = rate * risingSeconds / 2;
        return number < ofTheRise
                ? Math.sqrt(2 * risingSeconds * number / rate)
                : risingSeconds / 2 + (double) number / rate;
    }
}
