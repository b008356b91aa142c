package dev.waitingroom.dev.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectorTest {
    private static final ObjectNode OBJECT = new ObjectMapper().createObjectNode();

    static {
        OBJECT.putObject("metadata")
                .put("name", "n")
                .putObject("labels")
                .put("app", "x")
                .put("tier", "");
    }

    @Test
    void matchesEqualityAndExistence() {
        assertThat(labels("app=x").matches(OBJECT)).isTrue();
        assertThat(labels("app==x,tier").matches(OBJECT)).isTrue();
        assertThat(labels("app=y").matches(OBJECT)).isFalse();
        assertThat(labels("absent").matches(OBJECT)).isFalse();
        assertThat(labels("absent=").matches(OBJECT)).isFalse();
    }

    @Test
    void matchesAName() {
        assertThat(Selector.parse(Optional.empty(), Optional.of("metadata.name=n"))
                        .matches(OBJECT))
                .isTrue();
        assertThat(Selector.parse(Optional.empty(), Optional.of("metadata.name=m"))
                        .matches(OBJECT))
                .isFalse();
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> labels("app in (x, y)")).hasMessageContaining("not supported");
        assertThatThrownBy(() -> labels("app!=x")).hasMessageContaining("not supported");
        assertThatThrownBy(() -> Selector.parse(Optional.empty(), Optional.of("spec.x=1")))
                .hasMessageContaining("not supported");
    }

    private static Selector labels(String text) {
        return Selector.parse(Optional.of(text), Optional.empty());
    }
}
