package labchat.broker.sys;

/**
 * How much of something comes in a minute, averaged over the last minutes as Mosquitto and Unix do it: each new value moves
 * the average by a share that depends on how long it stands for. Not for several threads at once.
 */
final class LoadAverage {

    private static final double SECONDS_A_MINUTE = 60;

    private final double seconds;
    private double average;

    /** @param minutes over which it is averaged */
    LoadAverage(int minutes) {
        this.seconds = minutes * SECONDS_A_MINUTE;
    }

    /**
     * So many have come since the last call.
     *
     * @param elapsed seconds since then, more than 0
     */
    void add(long number, double elapsed) {
        double perMinute = number * SECONDS_A_MINUTE / elapsed;
        average = perMinute + Math.exp(-elapsed / seconds) * (average - perMinute);
    }

    /** A minute. */
    double value() {
        return average;
    }
}
