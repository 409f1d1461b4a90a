package labchat.bench.report;

/** Counts durations with an error of less than two in a hundred. Belongs to one thread. */
public final class Histogram {

    /** Of each power of two. */
    private static final int PARTS_BITS = 6;

    private static final int PARTS = 1 << PARTS_BITS;

    private final long[] counts = new long[64 * PARTS];
    private long total;
    private long max;

    /** @param nanos a duration; less than 0 counts as 0 */
    public void record(long nanos) {
        long value = Math.max(0, nanos);
        counts[index(value)]++;
        total++;
        max = Math.max(max, value);
    }

    private static int index(long value) {
        if (value < PARTS) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - PARTS_BITS;
        return (shift + 1) * PARTS + (int) (value >>> shift) - PARTS;
    }

    /** The middle of a bucket. */
    private static long value(int index) {
        if (index < PARTS) {
            return index;
        }
        int shift = index / PARTS - 1;
        long least = (long) (index % PARTS + PARTS) << shift;
        return least + (1L << shift) / 2;
    }

    public long count() {
        return total;
    }

    /** The longest, in nanoseconds. */
    public long max() {
        return max;
    }

    /**
     * The duration that this part of all did not exceed, in nanoseconds; 0 if nothing was recorded.
     *
     * @param part 0 to 1, such as 0.99
     */
    public long at(double part) {
        long wanted = Math.max(1, (long) Math.ceil(part * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (total > 0 && seen >= wanted) {
                return Math.min(max, value(i));
            }
        }
        return max;
    }
}
