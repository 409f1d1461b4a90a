package labchat.protocol.codec;

/**
 * Limits that a decoder checks before it accepts a payload.
 *
 * @param maxTextLength the longest text of a message, in Unicode code points
 * @param maxDepth how deep objects and arrays may nest, the payload's own object counted
 */
public record ProtocolLimits(int maxTextLength, int maxDepth) {

    /** 4,096 characters, 16 levels. */
    public static final ProtocolLimits DEFAULT = new ProtocolLimits(4096, 16);

    public ProtocolLimits {
        if (maxTextLength < 1 || maxDepth < 1) {
            throw new IllegalArgumentException("limits must be positive: %d, %d".formatted(maxTextLength, maxDepth));
        }
    }
}
