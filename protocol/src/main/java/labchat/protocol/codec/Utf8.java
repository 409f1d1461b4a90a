package labchat.protocol.codec;

/** UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
final class Utf8 {

    private Utf8() {}

    /** The offset of the first byte that is not UTF-8, or -1 if all are. Allocates nothing. */
    static int firstInvalid(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            int b = bytes[i];
            if (b >= 0) {
                i++;
                continue;
            }
            int size = sizeOf(b & 0xff);
            if (size == 0 || i + size > end || !isSecondByte(b & 0xff, bytes[i + 1] & 0xff)) {
                return i;
            }
            for (int k = 2; k < size; k++) {
                if ((bytes[i + k] & 0xc0) != 0x80) {
                    return i;
                }
            }
            i += size;
        }
        return -1;
    }

    private static int sizeOf(int lead) {
        if (lead >= 0xc2 && lead <= 0xdf) {
            return 2;
        }
        if (lead >= 0xe0 && lead <= 0xef) {
            return 3;
        }
        return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    }

    private static boolean isSecondByte(int lead, int second) {
        int low = switch (lead) {
            case 0xe0 -> 0xa0;
            case 0xf0 -> 0x90;
            default -> 0x80;
        };
        int high = switch (lead) {
            case 0xed -> 0x9f;
            case 0xf4 -> 0x8f;
            default -> 0xbf;
        };
        return second >= low && second <= high;
    }
}
