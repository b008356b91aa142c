package dev.waitingroom.queue.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColourTest {
    /** The ratios that contrast checkers name for these pairs. */
    @ParameterizedTest
    @CsvSource({
        "#000000, #ffffff, 21.00",
        "#777777, #ffffff, 4.48",
        "#767676, #ffffff, 4.54",
        "#ff0000, #ffffff, 4.00",
        "#0000ff, #ffffff, 8.59",
        "#ffff00, #ffffff, 1.07",
        "#abcdef, #abcdef, 1.00"
    })
    void contrastIsThatOfWcag(String one, String other, double ratio) {
        assertThat(Colour.parse(one).contrast(Colour.parse(other))).isCloseTo(ratio, within(0.005));
        assertThat(Colour.parse(other).contrast(Colour.parse(one))).isCloseTo(ratio, within(0.005));
    }

    @Test
    void shortFormDoublesEachDigit() {
        assertThat(Colour.parse("#0af")).isEqualTo(Colour.parse("#00AAFF"));
        assertThat(Colour.parse("#0AF").css()).isEqualTo("#00aaff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "red", "#12", "#12345", "#gggggg", "#000000;}", "rgb(0,0,0)", " #000000"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> Colour.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("#rrggbb")
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#000000", "#0b6b5d", "#001040", "#7a0019", "#ffffff", "#3a3a3a"})
    void lightenedColourIsReadableAndKeepsItsHue(String text) {
        Colour colour = Colour.parse(text);

        Colour light = colour.lightenedOn(Colour.BLACK, 7);

        assertThat(light.contrast(Colour.BLACK)).isGreaterThanOrEqualTo(7);
        assertThat(Integer.signum(light.red() - light.blue())).isEqualTo(Integer.signum(colour.red() - colour.blue()));
    }

    @Test
    void unreadableColourMovesTowardsAReadableOne() {
        Colour navy = Colour.parse("#001040");

        Colour readable = navy.readableOn(Colour.BLACK, Colour.WHITE, 4.5);

        assertThat(readable.contrast(Colour.BLACK)).isBetween(4.5, 5.0);
        assertThat(readable.blue()).isGreaterThan(readable.red());
        assertThat(Colour.WHITE.readableOn(Colour.BLACK, Colour.WHITE, 4.5)).isEqualTo(Colour.WHITE);
    }
}
