package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.http.Preconditions.Outcome;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreconditionsTest {
    /** Fields are separated by |, an absent one is empty. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\0',
            value = {
                "true,  ,             ,        PROCEED",
                "true,  *,            ,        PROCEED",
                "true,  \"a\",        ,        FAILED",
                "true,  *|\"a\",      ,        FAILED",
                "true,  ,             *,       NOT_MODIFIED",
                "true,  ,             \"a\",   PROCEED",
                "true,  *,            *,       NOT_MODIFIED",
                "true,  \"a\",        *,       FAILED",
                "false, ,             ,        PROCEED",
                "false, *,            ,        FAILED",
                "false, \"a\",        ,        FAILED",
                "false, ,             *,       PROCEED",
                "false, ,             \"a\",   PROCEED",
            })
    void isEvaluatedAsForAResourceWithoutTags(
            boolean represented, String ifMatch, String ifNoneMatch, Outcome expected) {
        assertThat(Preconditions.evaluate(represented, values(ifMatch), values(ifNoneMatch)))
                .isEqualTo(expected);
    }

    private static List<String> values(String field) {
        return field == null || field.isEmpty() ? List.of() : List.of(field.split("\\|"));
    }
}
