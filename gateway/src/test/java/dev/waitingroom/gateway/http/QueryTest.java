package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {
    @ParameterizedTest
    @CsvSource({
        "token=a,a",
        "x=1&token=a,a",
        "token=a&token=b,a",
        "tokens=z&token=a&x,a",
        "token=a=b,a=b",
        "token=,''",
        "token=%41+b,A b",
        "token=%zz,%zz"
    })
    void findsTheFirstValue(String query, String value) {
        assertThat(Query.parameter(query, "token")).contains(value);
    }

    @ParameterizedTest
    @CsvSource({"''", "token", "tokens=a", "xtoken=a", "&&", "x=token=a"})
    void ignoresOtherParameters(String query) {
        assertThat(Query.parameter(query, "token")).isEmpty();
    }

    @Test
    void findsNothingWithoutAQuery() {
        assertThat(Query.parameter(null, "token")).isEqualTo(Optional.empty());
    }
}
