package dev.waitingroom.queue.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PageLogoTest {
    private static final byte[] PNG = HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452");
    private static final byte[] JPEG = HexFormat.of().parseHex("ffd8ffe000104a464946");

    @Test
    void typeIsReadFromTheContent() {
        assertThat(PageLogo.of(PNG).type().mediaType()).isEqualTo("image/png");
        assertThat(PageLogo.of(JPEG).type().mediaType()).isEqualTo("image/jpeg");
    }

    @Test
    void otherContentIsRefused() {
        for (String other : new String[] {"", "GIF89a", "<svg xmlns='http://www.w3.org/2000/svg'/>", "\u0089PNG"}) {
            assertThatThrownBy(() -> PageLogo.of(other.getBytes(StandardCharsets.ISO_8859_1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the logo is neither a PNG nor a JPEG; convert it to one of them");
        }
    }

    @Test
    void largeLogoIsRefused() {
        assertThat(PageLogo.of(Arrays.copyOf(PNG, PageLogo.MAX_BYTES)).bytes()).hasSize(65_536);
        assertThatThrownBy(() -> PageLogo.of(Arrays.copyOf(PNG, PageLogo.MAX_BYTES + 1)))
                .hasMessage("the logo has 65537 bytes; at most 65536 are allowed: make the image smaller");
    }

    @Test
    void equalContentIsEqual() {
        assertThat(PageLogo.of(PNG)).isEqualTo(PageLogo.of(PNG.clone())).hasSameHashCodeAs(PageLogo.of(PNG));
        assertThat(PageLogo.of(PNG)).isNotEqualTo(PageLogo.of(JPEG));
    }
}
