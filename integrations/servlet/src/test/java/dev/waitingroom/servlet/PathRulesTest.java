package dev.waitingroom.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {
    private final PathRules rules = new PathRules(List.of("/cart/*", "/pay"), List.of("/cart/help/*"));

    @ParameterizedTest
    @CsvSource({
        "/cart, true",
        "/cart/, true",
        "/cart/1, true",
        "/carts, false",
        "/pay, true",
        "/pay/, true",
        "/pay/1, false",
        "/, false",
        "/cart/help, false",
        "/cart/help/1, false",
        "/cart/helper, true"
    })
    void patternIsAPathOrAllBelowIt(String path, boolean isProtected) {
        assertThat(rules.isProtected(path)).isEqualTo(isProtected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/cart/help/../1", "/cart/help/..", "/cart/help/./1", "/cart/help//1", "/cart/help/..;/1",
                        "/cart/help\\..\\1",
                "/cart/help/%2e%2e/1", "/cart/help/\u0000", "//cart", "/free/../cart", "", "cart"
            })
    void pathThatMayMeanAnotherIsProtected(String path) {
        assertThat(rules.isProtected(path)).isTrue();
    }
}
