package labchat.broker.classroom;

import io.nayuki.qrcodegen.QrCode.Ecc;

/** A QR code as a picture that stands in the page itself. */
final class QrCode {

    /** Light modules around the code, so that it is found: ISO/IEC 18004 asks for four. */
    private static final int QUIET = 4;

    private QrCode() {}

    /** The text as an SVG element, without a size of its own. */
    static String svg(String text) {
        io.nayuki.qrcodegen.QrCode code = io.nayuki.qrcodegen.QrCode.encodeText(text, Ecc.MEDIUM);
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append("M%d %dh1v1h-1z".formatted(x + QUIET, y + QUIET));
                }
            }
        }
        int size = code.size + 2 * QUIET;
        return "<svg class=\"qr\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"><path d=\"%s\"/></svg>"
                .formatted(size, size, path);
    }
}
