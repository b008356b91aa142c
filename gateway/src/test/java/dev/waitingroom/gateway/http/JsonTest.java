package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void writesAnEmptyObject() {
        assertThat(new Json().end().toString()).isEqualTo("{}");
    }

    @Test
    void escapesSpecialCharacters() {
        String text = "a\"b\\c\n\u0000\u007f\u00e9\u20ac\ud83c\udfab\ud800";

        assertThat(new Json().field("t", text).end().toString())
                .isEqualTo("{\"t\":\"a\\\"b\\\\c\\u000a\\u0000\\u007f\u00e9\u20ac\ud83c\udfab\\ud800\"}");
    }

    @Test
    void writesLongText() {
        String text = "x".repeat(10_000);

        assertThat(new Json().field("t", text).field("n", Long.MIN_VALUE).end().toString())
                .isEqualTo("{\"t\":\"" + text + "\",\"n\":-9223372036854775808}");
    }
}
