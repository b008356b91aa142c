package dev.waitingroom.queue.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void emptyVariableCountsAsNotSet() {
        var environment = new Environment(Map.of("PORT", " ", "NAME", ""));

        assertThat(environment.number("PORT", "Port.", 80, 0, 65_535)).isEqualTo(80);
        assertThat(environment.text("NAME", "Name.", "a name")).isEmpty();
    }

    @Test
    void spaceAroundAValueIsDropped() {
        var environment = new Environment(Map.of("PORT", " 81\n"));

        assertThat(environment.number("PORT", "Port.", 80, 0, 65_535)).isEqualTo(81);
    }

    @Test
    void remembersEveryVariableThatItWasAskedFor() {
        var environment = new Environment(Map.of("NAME", "a"));

        environment.required("NAME", "Name.", "a name", Function.identity());
        environment.bool("ON", "Whether.", true);
        environment.number("PORT", "Port.", 80, 0, 90);

        assertThat(environment.variables())
                .containsExactly(
                        new Variable("NAME", "Name.", "a name", true, Optional.empty()),
                        new Variable("ON", "Whether.", "true or false", false, Optional.of("true")),
                        new Variable("PORT", "Port.", "a whole number from 0 to 90", false, Optional.of("80")));
    }

    @Test
    void errorNamesTheVariableAndTheFix() {
        var environment = new Environment(Map.of("PORT", "91", "ON", "yes"));

        assertThatThrownBy(() -> environment.required("NAME", "Name.", "a name", Function.identity()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("NAME is not set. Set it to a name.");
        assertThatThrownBy(() -> environment.number("PORT", "Port.", 80, 0, 90))
                .hasMessage("PORT cannot be used: 91 is out of range. Set it to a whole number from 0 to 90.");
        assertThatThrownBy(() -> environment.bool("ON", "Whether.", true))
                .hasMessage("ON cannot be used: \"yes\" is neither true nor false. Set it to true or false.");
    }
}
