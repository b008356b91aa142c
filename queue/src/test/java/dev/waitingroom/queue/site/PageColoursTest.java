package dev.waitingroom.queue.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageColoursTest {
    private static PageColours colours(String accent, String background, String text) {
        return new PageColours(Colour.parse(accent), Colour.parse(background), Colour.parse(text));
    }

    @Test
    void defaultColoursCanBeRead() {
        assertThat(PageColours.DEFAULT.problems()).isEmpty();
    }

    @Test
    void eachUnreadablePairIsNamedWithItsContrast() {
        assertThat(colours("#ffdd00", "#ffffff", "#999999").problems())
                .containsExactly(
                        "text #999999 on background #ffffff has a contrast of 2.8, and needs 4.5; make it darker or lighter",
                        "accent #ffdd00 on background #ffffff has a contrast of 1.3, and needs 4.5; buttons and links have this colour; make it darker or lighter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#000000", "#0b6b5d", "#ff0000", "#ffdd00", "#ffffff", "#777777", "#0000ff"})
    void buttonsAndDarkModeAreAlwaysReadable(String accent) {
        PageColours colours = colours(accent, "#ffffff", "#000000");

        assertThat(colours.onAccent().contrast(colours.accent())).isGreaterThanOrEqualTo(PageColours.MIN_CONTRAST);
        assertThat(colours.darkAccent().contrast(PageColours.DARK)).isGreaterThanOrEqualTo(PageColours.MIN_CONTRAST);
        assertThat(colours.onDarkAccent().contrast(colours.darkAccent()))
                .isGreaterThanOrEqualTo(PageColours.MIN_CONTRAST);
    }
}
