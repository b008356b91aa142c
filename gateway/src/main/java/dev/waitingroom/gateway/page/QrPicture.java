package dev.waitingroom.gateway.page;

import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code as the path of an SVG.
 *
 * @param size of each side, with the border that cameras need
 * @param path of lines through the dark squares, as wide as they, row by row
 */
record QrPicture(int size, String path) {
    /** Light squares on each side (ISO/IEC 18004, 9.1). */
    private static final int BORDER = 4;

    /** No picture. */
    static final QrPicture NONE = new QrPicture(1, "");

    static QrPicture of(String text) {
        QrCode code = QrCode.encodeText(
                text, QrCode.Ecc.LOW); // a screen is not scratched, and large squares are read from afar
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            path.append('M').append(BORDER).append(' ').append(y + BORDER).append(".5");
            int x = 0;
            while (x < code.size) {
                boolean dark = code.getModule(x, y);
                int end = x + 1;
                while (end < code.size && code.getModule(end, y) == dark) {
                    end++;
                }
                path.append(dark ? "h" : "m").append(end - x).append(dark ? "" : " 0");
                x = end;
            }
        }
        return new QrPicture(code.size + 2 * BORDER, path.toString());
    }
}
