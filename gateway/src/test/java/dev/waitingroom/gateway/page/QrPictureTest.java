package dev.waitingroom.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The picture as a camera reads it. */
final class QrPictureTest {
    private static final int PIXELS = 5;
    private static final Pattern PART = Pattern.compile("M(\\d+) (\\d+)\\.5|h(\\d+)|m(\\d+) 0");

    /** The text in a picture that is drawn as a browser draws it. */
    static String read(int size, String path) {
        int width = size * PIXELS;
        int[] pixels = new int[width * width];
        Arrays.fill(pixels, 0xffffff);
        Matcher part = PART.matcher(path);
        int end = 0;
        int x = 0;
        int y = 0;
        while (part.find()) {
            assertThat(part.start()).as("nothing else in the path").isEqualTo(end);
            end = part.end();
            if (part.group(1) != null) {
                x = Integer.parseInt(part.group(1));
                y = Integer.parseInt(part.group(2));
            } else if (part.group(3) != null) {
                int to = x + Integer.parseInt(part.group(3));
                for (int row = y * PIXELS; row < (y + 1) * PIXELS; row++) {
                    Arrays.fill(pixels, row * width + x * PIXELS, row * width + to * PIXELS, 0);
                }
                x = to;
            } else {
                x += Integer.parseInt(part.group(4));
            }
        }
        assertThat(end).isEqualTo(path.length());
        try {
            return new QRCodeReader()
                    .decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, width, pixels))))
                    .getText();
        } catch (ReaderException e) {
            throw new AssertionError("the picture cannot be read", e);
        }
    }

    @Test
    void pictureIsReadAsTheAddress() {
        String url = "https://shop.example/waiting/summer-nights?return=%2Fseats%3Fday%3D2&code=" + "aZ9_-".repeat(14);

        QrPicture picture = QrPicture.of(url);

        assertThat(read(picture.size(), picture.path())).isEqualTo(url);
    }
}
