package dev.waitingroom.queue.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathRulesTest {
    private static final PathRules RULES = new PathRules(
            List.of(new PathRule.Prefix("/cart"), PathRule.Regex.of("^/items/[0-9]+$")),
            List.of(new PathRule.Prefix("/cart/help/")));

    @ParameterizedTest
    @CsvSource({
        "/cart, true",
        "/cart/items, true",
        "/cartoon, false",
        "/, false",
        "/items/12, true",
        "/items/x, false",
        "/cart/help/me, false",
        "/cart/help, true",
        "/c%61rt, true",
        "/b%C3%A4r, false"
    })
    void protectsThePathsThatAreIncluded(String path, boolean protects) {
        assertThat(RULES.protects(path)).isEqualTo(protects);
    }

    @ParameterizedTest
    @CsvSource({
        "/x/../cart",
        "/x/..",
        "/./x",
        "//x",
        "/x//y",
        "/x\\y",
        "/x%2Fy",
        "/x%5Cy",
        "/x%252Fy",
        "/x;a=b",
        "/x%00",
        "/x%",
        "/x%zz",
        "/x%ff",
        "*",
        "x"
    })
    void protectsAPathThatMayBeReadInTwoWays(String path) {
        assertThat(RULES.protects(path)).isTrue();
    }

    @Test
    void protectsAllPathsWithoutRules() {
        assertThat(PathRules.ALL.protects("/anything")).isTrue();
    }

    @Test
    void excludesFromAllPaths() {
        PathRules rules = new PathRules(List.of(), List.of(PathRule.Regex.of("[.](css|js)$")));

        assertThat(rules.protects("/a/b.css")).isFalse();
        assertThat(rules.protects("/a/b.cssx")).isTrue();
        assertThat(rules.protects("/a/..%2Fb.css")).isTrue();
    }

    @Test
    void noPatternHangs() {
        PathRules rules = new PathRules(List.of(PathRule.Regex.of("^/(a+)+$")), List.of());

        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(rules.protects("/" + "a".repeat(4_000) + "!")).isFalse());
    }

    @Test
    void refusesWhatRe2DoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathRule.Regex.of("(?=lookahead)"))
                .withMessageContaining("(?=lookahead)");
        assertThatIllegalArgumentException().isThrownBy(() -> new PathRule.Prefix("cart"));
    }
}
